import { mkdir } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../model/failure.ts";
import type { Checkout, Repository } from "../ports.ts";
import { createGit, type Git, type GitOptions } from "./git.ts";
import { mergeBase } from "./merge-base.ts";
import { type ObjectStore, openObjectStore } from "./object-store.ts";
import { shareCheckouts } from "./shared-checkouts.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { workingTree } from "./working-tree.ts";

export interface RepositoryOptions extends GitOptions {
  /** A folder in the checkout; nothing is written there. */
  readonly cwd: string;
  /** Where temporary folders go (RUNNER_TEMP); the system's choice unless given. */
  readonly temporaryParent?: string;
}

/** The checkout's repository over real Git. Nothing is read or started before the first call; disposal removes what was fetched. */
export function createRepository(options: RepositoryOptions): Repository & AsyncDisposable {
  const git = createGit(options);
  const places = { cwd: options.cwd, temporaryParent: options.temporaryParent };
  let opened: Promise<ObjectStore> | undefined;
  const open = (signal: AbortSignal): Promise<ObjectStore> => {
    opened ??= openObjectStore(git, places, signal).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  const withCommits = async (shas: readonly string[], signal: AbortSignal): Promise<ObjectStore> => {
    for (const sha of shas) requireSha(sha);
    const store = await open(signal);
    await Promise.all(shas.map((sha) => store.ensure(sha, signal)));
    return store;
  };
  return {
    resolve: async (revision, signal) =>
      resolve({ git, cwd: options.cwd, store: await open(signal) }, revision, signal),
    parents: async (sha, signal) => parents(await withCommits([sha], signal), sha, signal),
    mergeBase: async (a, b, signal) => mergeBase(await withCommits([a, b], signal), [a, b], signal),
    checkout: shareCheckouts(async (sha, signal) =>
      checkout(await withCommits([sha], signal), sha, options.temporaryParent, signal),
    ),
    changedFiles: async (from, to, signal) => changedFiles(await withCommits([from, to], signal), [from, to], signal),
    tracks: (file, signal) => tracks(git, { file, cwd: options.cwd }, signal),
    name: async (signal) => (await open(signal)).repository ?? path.basename(options.cwd),
    [Symbol.asyncDispose]: async () => (await opened)?.[Symbol.asyncDispose](),
  };
}

const FULL_SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
// What may be asked of a remote: no leading `-` or `+`, no `:`, `*`, `^`, `~` and no white space, which mean something to Git.
const REMOTE_NAME = /^[A-Za-z0-9_][^\s:*^~?[\\]*$/;

interface Revisions {
  readonly git: Git;
  readonly cwd: string;
  readonly store: ObjectStore;
}

async function resolve({ git, cwd, store }: Revisions, revision: string, signal: AbortSignal): Promise<string> {
  if (FULL_SHA.test(revision)) return store.ensure(revision, signal);
  if (revision === "HEAD" && store.head !== undefined) return store.head;
  if (revision === "" || revision.startsWith("-") || revision.includes("\0")) throw notARevision(revision);
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
  const here = await git.ask({ args, cwd, env: { GIT_ALLOW_PROTOCOL: "" } }, signal);
  if (here.code === 0) return here.stdout.trim();
  if (!REMOTE_NAME.test(revision)) throw notARevision(revision);
  return store.fetchName(revision, signal);
}

/** Read from the commit itself: `git log` takes the last commit of a cut history for one without parents. */
async function parents(store: ObjectStore, sha: string, signal: AbortSignal): Promise<readonly string[]> {
  const commit = await store.run(["cat-file", "commit", sha], signal);
  const header = commit.slice(0, commit.indexOf("\n\n"));
  return header.split("\n").flatMap((line) => (line.startsWith("parent ") ? [line.slice("parent ".length)] : []));
}

async function checkout(
  store: ObjectStore,
  sha: string,
  temporaryParent: string | undefined,
  signal: AbortSignal,
): Promise<Checkout> {
  const folder = await temporaryFolder("plumbline-tree-", temporaryParent);
  const root = path.join(folder.path, "tree");
  try {
    await mkdir(root);
    const env = { GIT_WORK_TREE: root, GIT_INDEX_FILE: path.join(folder.path, "index") };
    await store.run(["read-tree", "--reset", "-u", sha], signal, env);
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
  return { sha, root, ...workingTree(root), [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

async function tracks(
  git: Git,
  { file, cwd }: { readonly file: string; readonly cwd: string },
  signal: AbortSignal,
): Promise<boolean> {
  const { code } = await git.ask({ args: ["ls-files", "--error-unmatch", "--", file], cwd }, signal);
  return code === 0;
}

async function changedFiles(
  store: ObjectStore,
  [from, to]: readonly [string, string],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const args = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", from, to];
  const names = await store.run(args, signal);
  return names.split("\0").filter((name) => name !== "");
}

function requireSha(sha: string): void {
  if (!FULL_SHA.test(sha)) throw notARevision(sha);
}

function notARevision(revision: string): Failure {
  return new Failure("git-failed", `${JSON.stringify(revision)}: not a commit of this repository`, {
    remedy: "name a commit, a branch or a tag that exists",
  });
}
