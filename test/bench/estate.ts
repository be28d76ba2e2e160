import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { manifestText } from "./manifest-text.ts";
import { objectsOf } from "./mix.ts";

/** One contender's objects: what is in the cluster, and the files that say what should be. */
export interface Estate {
  readonly prefix: string;
  readonly size: number;
  /** The version that the cluster has; whoever applied another one says so. */
  live: number;
  /** A file with all objects of a version. */
  file(version: number): Promise<string>;
  /** A folder with a file for each object. */
  folder(version: number): Promise<string>;
  /** The Git repository that holds the objects, a file for each namespace. */
  readonly repository: string;
  /** The commit of a version, upon the one before. */
  commit(version: number): Promise<string>;
}

export interface EstateOptions {
  readonly prefix: string;
  readonly size: number;
  /** Folder that the files are written below. */
  readonly parent: string;
}

const CONFIG = ".github/plumbline.yaml";

/** An estate of which nothing is written or applied yet. */
export function newEstate({ prefix, size, parent }: EstateOptions): Estate {
  const home = join(parent, prefix);
  const repository = join(home, "repository");
  const files = new Map<number, Promise<string>>();
  const folders = new Map<number, Promise<string>>();
  const commits: Promise<string>[] = [];
  const texts = (version: number) => objectTexts({ prefix, size, version });
  return {
    prefix,
    size,
    live: 0,
    repository,
    file: (version) => kept(files, version, () => writeFileOf(join(home, `${version}.yaml`), texts(version))),
    folder: (version) => kept(folders, version, () => writeFolder(join(home, `${version}`), texts(version))),
    async commit(version) {
      while (commits.length <= version) {
        const next = commits.length;
        await commits.at(-1);
        commits.push(commit({ repository, prefix, version: next, texts: texts(next) }));
      }
      return commits[version]!;
    },
  };
}

interface ObjectText {
  readonly namespace: string;
  readonly text: string;
}

function objectTexts(mix: Parameters<typeof objectsOf>[0]): readonly ObjectText[] {
  return objectsOf(mix).map((object) => ({
    namespace: object.metadata.namespace ?? "",
    text: manifestText(object),
  }));
}

function kept<Value>(values: Map<number, Promise<Value>>, key: number, make: () => Promise<Value>): Promise<Value> {
  const value = values.get(key) ?? make();
  values.set(key, value);
  return value;
}

async function writeFileOf(file: string, objects: readonly ObjectText[]): Promise<string> {
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, objects.map(({ text }) => text).join("---\n"));
  return file;
}

async function writeFolder(folder: string, objects: readonly ObjectText[]): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [index, { text }] of objects.entries()) await writeFile(join(folder, `${index}.yaml`), text);
  return folder;
}

interface Commit {
  readonly repository: string;
  readonly prefix: string;
  readonly version: number;
  readonly texts: readonly ObjectText[];
}

async function commit({ repository, prefix, version, texts }: Commit): Promise<string> {
  const app = join(repository, "app");
  if (version === 0) {
    await mkdir(join(repository, ".github"), { recursive: true });
    await git(repository, ["init", "--quiet", "--initial-branch=main"]);
    await writeFile(join(repository, CONFIG), configText(prefix));
  }
  await rm(app, { recursive: true, force: true });
  await mkdir(app);
  for (const [namespace, objects] of Map.groupBy(texts, (one) => one.namespace))
    await writeFile(join(app, `${namespace}.yaml`), objects.map(({ text }) => text).join("---\n"));
  await git(repository, ["add", "--all"]);
  await git(repository, ["commit", "--quiet", "--message", `Version ${version}`]);
  return (await git(repository, ["rev-parse", "HEAD"])).trim();
}

function configText(prefix: string): string {
  return `version: 1
defaults: {wait: false}
environments: {bench: {}}
apps: {${prefix}: {path: app}}
system: {namespace: ${prefix}-system}
`;
}

async function git(cwd: string, args: readonly string[]): Promise<string> {
  const person = ["-c", "user.name=Bench", "-c", "user.email=bench@example.com", "-c", "commit.gpgSign=false"];
  const env = { PATH: process.env["PATH"], HOME: cwd, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const { stdout } = await promisify(execFile)("git", [...person, ...args], { cwd, env });
  return stdout;
}
