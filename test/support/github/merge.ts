import { type Commit, readCommit, readCommits, type Signature } from "./commits.ts";
import type { Git } from "./git.ts";

/** GitHub signs what it makes itself. */
export function githubSignature(date: string): Signature {
  return { name: "GitHub", email: "noreply@github.com", date };
}

/** The tree of two commits merged, or `undefined` where they conflict. */
export function mergedTree(git: Git, ours: string, theirs: string): Promise<string | undefined> {
  return git.attempt(["merge-tree", "--write-tree", "--allow-unrelated-histories", ours, theirs]);
}

export interface RawCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Signature;
  readonly committer: Signature;
}

/** Writes a commit object and returns its SHA; no ref moves. */
export function writeCommit(git: Git, { tree, parents, message, author, committer }: RawCommit): Promise<string> {
  const env = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: author.date,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
    GIT_COMMITTER_DATE: committer.date,
  };
  const args = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent])];
  return git.run(args, { env, input: message });
}

/** Replays the commits of `head` that `base` does not have, one by one; `undefined` where one conflicts. */
export async function rebase(git: Git, base: string, head: string, committer: Signature): Promise<string | undefined> {
  const commits = await readCommits(git, ["--no-merges", "--topo-order", `${base}..${head}`]);
  let tip = base;
  for (const commit of commits.toReversed()) {
    const next = await replay(git, commit, tip, committer);
    if (next === undefined) return undefined;
    tip = next;
  }
  return tip;
}

/**
 * A cherry-pick without a working tree. `merge-tree` finds its own merge base, so both sides get one that holds the
 * picked commit's parent: `--merge-base` needs Git 2.40.
 */
async function replay(git: Git, commit: Commit, onto: string, committer: Signature): Promise<string | undefined> {
  const before = await readCommit(git, commit.parents[0] ?? onto);
  const target = await readCommit(git, onto);
  const step = { message: "step", author: committer, committer };
  const common = await writeCommit(git, { ...step, tree: before.tree, parents: [] });
  const ours = await writeCommit(git, { ...step, tree: target.tree, parents: [common] });
  const theirs = await writeCommit(git, { ...step, tree: commit.tree, parents: [common] });
  const tree = await mergedTree(git, ours, theirs);
  if (tree === undefined) return undefined;
  return writeCommit(git, { ...commit, tree, parents: [onto], committer });
}
