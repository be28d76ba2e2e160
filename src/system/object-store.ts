import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../model/failure.ts";
import type { ExecAnswer } from "../ports.ts";
import { gitFailure } from "./git-failure.ts";
import type { Git } from "./git.ts";
import { type Origin, readOrigin } from "./origin.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/**
 * A bare repository of our own in a temporary folder that borrows the objects of a checkout. Nothing of the checkout's
 * configuration, hooks or attributes is in force here, and nothing is written to the checkout: its `shallow` file included.
 */
export interface ObjectStore extends AsyncDisposable {
  /** Standard output of a Git command in this store. */
  run(args: readonly string[], signal: AbortSignal, env?: Environment): Promise<string>;
  /** The same for a command whose exit code is an answer. */
  ask(args: readonly string[], signal: AbortSignal, env?: Environment): Promise<ExecAnswer>;
  /** The commit of a SHA, which may be that of an annotated tag; fetched from the checkout's origin unless it is here. */
  ensure(sha: string, signal: AbortSignal): Promise<string>;
  /** The commit a name (branch, tag, ref) stands for at the origin. */
  fetchName(name: string, signal: AbortSignal): Promise<string>;
  /** Fetches the history of commits, `depth` commits deep. */
  deepen(shas: readonly string[], depth: number, signal: AbortSignal): Promise<void>;
  /** The commit that is checked out; `undefined` where there is none yet. */
  readonly head: string | undefined;
  /** `owner/name` of the origin, or whatever stands in their place; `undefined` without one. */
  readonly repository: string | undefined;
  /** Commits whose parents are not here: history ends there without having ended. */
  boundary(): Promise<ReadonlySet<string>>;
}

type Environment = Readonly<Record<string, string>>;

export interface StorePlaces {
  /** A folder in the checkout. */
  readonly cwd: string;
  readonly temporaryParent: string | undefined;
}

const FETCH_MILLISECONDS = 600_000;
const FETCH_FLAGS = [
  "--quiet",
  "--no-tags",
  "--no-write-fetch-head",
  "--no-recurse-submodules",
  "--no-auto-maintenance",
];
const REFS = "refs/plumbline";
const FULL_SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

// In force over every .gitattributes of the tree: files are written as they are stored. LFS pointers stay pointers, line
// ends and $Id$ stay what was committed. Git dies on `-working-tree-encoding`, so that one is unset with `!`.
const ATTRIBUTES = "* -text -eol -crlf -ident -filter -export-ignore -export-subst !working-tree-encoding\n";

export async function openObjectStore(git: Git, places: StorePlaces, signal: AbortSignal): Promise<ObjectStore> {
  const source = await locate(git, places.cwd, signal);
  const folder = await temporaryFolder("plumbline-git-", places.temporaryParent);
  try {
    const gitDir = path.join(folder.path, "store");
    await prepare(gitDir, source);
    return { ...storeAt(git, gitDir, source), [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
}

interface Source {
  readonly objects: string;
  readonly shallow: string;
  readonly objectFormat: string;
  readonly head: string | undefined;
  readonly origin: Origin;
}

async function locate(git: Git, cwd: string, signal: AbortSignal): Promise<Source> {
  const places = ["--git-path", "objects", "--git-path", "shallow", "--show-object-format"];
  const args = ["rev-parse", "--path-format=absolute", ...places, "HEAD^{commit}"];
  // A repository without a commit has no HEAD: said by an exit code, after the answers to the rest.
  const [answer, origin] = await Promise.all([git.ask({ args, cwd }, signal), readOrigin(git, cwd, signal)]);
  const [objects = "", shallow, objectFormat, head = ""] = answer.stdout.split("\n");
  if (objects === "") throw gitFailure("git rev-parse", answer);
  if (shallow === undefined || objectFormat === undefined) {
    throw new Failure("git-failed", "git rev-parse: its answer is not understood", { remedy: "use Git 2.31 or newer" });
  }
  return { objects, shallow, objectFormat, head: FULL_SHA.test(head) ? head : undefined, origin };
}

// Written by hand because `git init` takes 20 ms for what are four short files.
async function prepare(gitDir: string, source: Source): Promise<void> {
  const folders = ["info", path.join("objects", "info"), REFS];
  for (const folder of folders) await mkdir(path.join(gitDir, folder), { recursive: true });
  const files = {
    HEAD: "ref: refs/heads/main\n",
    config: configurationOf(source),
    [path.join("info", "attributes")]: ATTRIBUTES,
    [path.join("objects", "info", "alternates")]: `${source.objects}\n`,
    // What we have is told to the server by refs: without one every fetch would bring everything again.
    ...(source.head !== undefined && { [path.join(REFS, "head")]: `${source.head}\n` }),
  };
  await Promise.all([
    ...Object.entries(files).map(([name, text]) => writeFile(path.join(gitDir, name), text)),
    copyFile(source.shallow, path.join(gitDir, "shallow")).catch(ignoreMissing),
  ]);
}

function configurationOf({ objectFormat, origin }: Source): string {
  const form =
    objectFormat === "sha1"
      ? "[core]\n\trepositoryFormatVersion = 0\n\tbare = true\n"
      : `[core]\n\trepositoryFormatVersion = 1\n\tbare = true\n[extensions]\n\tobjectFormat = ${objectFormat}\n`;
  return `${form}${origin.configuration}`;
}

function storeAt(git: Git, gitDir: string, source: Source): Omit<ObjectStore, keyof AsyncDisposable> {
  const { origin } = source;
  const commands = commandsAt(git, gitDir, origin);
  return { ...commands, ...fetchesAt(commands, { gitDir, source }), head: source.head, repository: origin.repository };
}

type Commands = Pick<ObjectStore, "run" | "ask"> & {
  readonly slow: (args: readonly string[], signal: AbortSignal) => Promise<string>;
  readonly find: (sha: string, signal: AbortSignal) => Promise<string | undefined>;
};

function commandsAt(git: Git, gitDir: string, origin: Origin): Commands {
  const command = (args: readonly string[], env: Environment = {}) => ({
    args: [`--git-dir=${gitDir}`, ...args],
    cwd: gitDir,
    env: { GIT_ALLOW_PROTOCOL: origin.protocol ?? "", ...env },
  });
  const ask: ObjectStore["ask"] = (args, signal, env) => git.ask(command(args, env), signal);
  return {
    ask,
    run: (args, signal, env) => git.run(command(args, env), signal),
    slow: (args, signal) => git.run({ ...command(args), timeoutMilliseconds: FETCH_MILLISECONDS }, signal),
    // A partial clone would fetch to answer, one commit with all its history.
    find: async (sha, signal) => {
      const args = ["rev-parse", "--verify", "--quiet", `${sha}^{commit}`];
      const { code, stdout } = await ask(args, signal, { GIT_NO_LAZY_FETCH: "1" });
      return code === 0 ? stdout.trim() : undefined;
    },
  };
}

interface StorePlace {
  readonly gitDir: string;
  readonly source: Source;
}

type Fetches = Pick<ObjectStore, "ensure" | "fetchName" | "deepen" | "boundary">;

function fetchesAt({ run, find, slow }: Commands, { gitDir, source }: StorePlace): Fetches {
  const { origin, head } = source;
  const inTurn = turns();
  const boundary: ObjectStore["boundary"] = async () => {
    const text = await readFile(path.join(gitDir, "shallow"), "utf8").catch(ignoreMissing);
    return new Set(text?.split("\n").filter((line) => line !== ""));
  };
  const fetch = async (refspecs: readonly string[], depth: readonly string[], signal: AbortSignal): Promise<void> => {
    await slow(["fetch", ...FETCH_FLAGS, ...depth, "--end-of-options", origin.url(), ...refspecs], signal);
  };
  // A complete history stays complete; where it is cut already, one commit is enough.
  const shallowest = async (): Promise<readonly string[]> => ((await boundary()).size === 0 ? [] : ["--depth=1"]);
  const want = (sha: string): string => `+${sha}:${REFS}/${sha}`;
  const found = new Map(head === undefined ? [] : [[head, head]]);
  return {
    boundary,
    ensure: async (sha, signal) => {
      const commit =
        found.get(sha) ??
        (await find(sha, signal)) ??
        (await inTurn(async () => {
          const meanwhile = await find(sha, signal);
          if (meanwhile !== undefined) return meanwhile;
          await fetch([want(sha)], await shallowest(), signal);
          return (await run(["rev-parse", "--verify", `${sha}^{commit}`], signal)).trim();
        }));
      found.set(sha, commit);
      return commit;
    },
    fetchName: (name, signal) =>
      inTurn(async () => {
        await fetch([`+${name}:${REFS}/named`], await shallowest(), signal);
        return (await run(["rev-parse", "--verify", `${REFS}/named^{commit}`], signal)).trim();
      }),
    // Without a local side: a ref that is up to date already would be left out of the request, and not deepened.
    deepen: (shas, depth, signal) => inTurn(() => fetch(shas, [`--depth=${depth}`], signal)),
  };
}

/** Two fetches at once would fight over the `shallow` file. */
function turns(): <T>(job: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (job) => {
    const next = last.then(job, job);
    last = next.catch(() => undefined);
    return next;
  };
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
  return undefined;
}
