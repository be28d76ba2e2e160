import { appendFile, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../model/failure.ts";
import type { ExecAnswer } from "../ports.ts";
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
  has(sha: string, signal: AbortSignal): Promise<boolean>;
  /** Fetches a commit by SHA from the checkout's origin unless it is here. */
  ensure(sha: string, signal: AbortSignal): Promise<void>;
  /** The commit a name (branch, tag, ref) stands for at the origin. */
  fetchName(name: string, signal: AbortSignal): Promise<string>;
  /** Fetches the history of commits, `depth` commits deep. */
  deepen(shas: readonly string[], depth: number, signal: AbortSignal): Promise<void>;
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

// In force over every .gitattributes of the tree: files are written as they are stored. LFS pointers stay pointers, line
// ends and $Id$ stay what was committed. Git dies on `-working-tree-encoding`, so that one is unset with `!`.
const ATTRIBUTES = "* -text -eol -crlf -ident -filter -export-ignore -export-subst !working-tree-encoding\n";

export async function openObjectStore(git: Git, places: StorePlaces, signal: AbortSignal): Promise<ObjectStore> {
  const source = await locate(git, places.cwd, signal);
  const folder = await temporaryFolder("plumbline-git-", places.temporaryParent);
  try {
    const gitDir = path.join(folder.path, "store");
    await prepare(git, gitDir, source, signal);
    return { ...storeAt(git, gitDir, source.origin), [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
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
  const paths = ["--git-common-dir", "--git-path", "objects", "--git-path", "shallow", "--show-object-format"];
  const printed = await git.run({ args: ["rev-parse", "--path-format=absolute", ...paths], cwd }, signal);
  const [common, objects, shallow, objectFormat] = printed.split("\n");
  if (common === undefined || objects === undefined || shallow === undefined || objectFormat === undefined) {
    throw new Failure("git-failed", "git rev-parse: its answer is not understood", { remedy: "use Git 2.31 or newer" });
  }
  const head = await git.ask({ args: ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], cwd }, signal);
  const origin = await readOrigin(git, { config: path.join(common, "config"), cwd }, signal);
  return { objects, shallow, objectFormat, head: head.code === 0 ? head.stdout.trim() : undefined, origin };
}

async function prepare(git: Git, gitDir: string, source: Source, signal: AbortSignal): Promise<void> {
  const options = [
    "--bare",
    "--quiet",
    "--template=",
    "--initial-branch=main",
    `--object-format=${source.objectFormat}`,
  ];
  await git.run({ args: ["init", ...options, "--", gitDir], cwd: path.dirname(gitDir) }, signal);
  await mkdir(path.join(gitDir, "info"), { recursive: true });
  await mkdir(path.join(gitDir, "objects", "info"), { recursive: true });
  await writeFile(path.join(gitDir, "info", "attributes"), ATTRIBUTES);
  await writeFile(path.join(gitDir, "objects", "info", "alternates"), `${source.objects}\n`);
  await copyFile(source.shallow, path.join(gitDir, "shallow")).catch(ignoreMissing);
  if (source.origin.configuration !== "") await appendFile(path.join(gitDir, "config"), source.origin.configuration);
  // What we have is told to the server by refs: without one every fetch would bring everything again.
  const { head } = source;
  if (head === undefined) return;
  await git.run({ args: [`--git-dir=${gitDir}`, "update-ref", `${REFS}/head`, head], cwd: gitDir }, signal);
}

function storeAt(git: Git, gitDir: string, origin: Origin): Omit<ObjectStore, keyof AsyncDisposable> {
  const commands = commandsAt(git, gitDir, origin);
  return { ...commands, ...fetchesAt(commands, gitDir, origin) };
}

type Commands = Pick<ObjectStore, "run" | "ask" | "has"> & {
  readonly slow: (args: readonly string[], signal: AbortSignal) => Promise<string>;
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
    has: async (sha, signal) =>
      (await ask(["cat-file", "-e", `${sha}^{commit}`], signal, { GIT_NO_LAZY_FETCH: "1" })).code === 0,
  };
}

type Fetches = Pick<ObjectStore, "ensure" | "fetchName" | "deepen" | "boundary">;

function fetchesAt({ run, has, slow }: Commands, gitDir: string, origin: Origin): Fetches {
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
  return {
    boundary,
    ensure: async (sha, signal) => {
      if (await has(sha, signal)) return;
      await inTurn(async () => {
        if (!(await has(sha, signal))) await fetch([want(sha)], await shallowest(), signal);
      });
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
