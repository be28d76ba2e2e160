import { readCommit } from "./commits.ts";
import { githubSignature, mergedTree, writeCommit } from "./merge.ts";
import type { Pull, Repository, Store, TestMerge } from "./store.ts";

/** Makes `refs/pull/N/merge`. Where the branches conflict, the old one stays, as it does on GitHub. */
export async function testMerge(
  store: Store,
  { git }: Repository,
  { number, base, head }: { readonly number: number; readonly base: string; readonly head: string },
): Promise<TestMerge> {
  const tree = await mergedTree(git, base, head);
  if (tree === undefined) return { base, head, sha: undefined };
  const { author } = await readCommit(git, head);
  const committer = githubSignature(store.now());
  const message = `Merge ${head} into ${base}\n`;
  const sha = await writeCommit(git, {
    tree,
    parents: [base, head],
    message,
    author: { ...author, date: committer.date },
    committer,
  });
  await git.run(["update-ref", `refs/pull/${number}/merge`, sha]);
  return { base, head, sha };
}

/** Makes the commits of a fork's branch known to the repository. */
export async function bring(
  repository: Repository,
  head: Pick<Pull["head"], "repository">,
  sha: string,
): Promise<void> {
  if (head.repository === repository) return;
  await repository.git.run(["fetch", "--quiet", "--no-tags", head.repository.git.folder, sha]);
}
