import { unprocessable } from "./answer.ts";
import { tipOf } from "./branch.ts";
import type { Signature } from "./commits.ts";
import { githubSignature, mergedTree, rebase, writeCommit } from "./merge.ts";
import { markMerged, refreshPulls } from "./pull-state.ts";
import type { Merged, Pull, Repository, Store } from "./store.ts";
import { issueOf, pullOf } from "./subject.ts";
import type { User } from "./users.ts";

export type MergeMethod = "merge" | "squash" | "rebase";

/** Merges as the button does. Refuses what conflicts or is not open. */
export async function mergePull(
  store: Store,
  repository: Repository,
  number: number,
  { method, by }: { readonly method: MergeMethod; readonly by: User },
): Promise<Merged> {
  const pull = pullOf(repository, number);
  const onto = await tipOf(repository, pull.base.branch);
  if (issueOf(repository, number).state !== "open" || onto === undefined)
    throw unprocessable("Pull Request is not mergeable");
  const sha = await mergeCommit(store, repository, { pull, onto, method, by });
  if (sha === undefined) throw unprocessable("Pull Request is not mergeable");
  await repository.git.run(["update-ref", `refs/heads/${pull.base.branch}`, sha, onto]);
  await markMerged(store, repository, pull, { by, sha, onto });
  await refreshPulls(store);
  return pullOf(repository, number).merged as Merged;
}

/** The commit that the base branch moves to; `undefined` where the branches conflict. */
async function mergeCommit(
  store: Store,
  repository: Repository,
  {
    pull,
    onto,
    method,
    by,
  }: { readonly pull: Pull; readonly onto: string; readonly method: MergeMethod; readonly by: User },
): Promise<string | undefined> {
  const { git } = repository;
  const committer = githubSignature(store.now());
  if (method === "rebase") return rebase(git, onto, pull.head.sha, committer);
  const tree = await mergedTree(git, onto, pull.head.sha);
  if (tree === undefined) return undefined;
  const { title, author } = issueOf(repository, pull.number);
  if (method === "squash") {
    const message = `${title} (#${pull.number})\n`;
    return writeCommit(git, { tree, parents: [onto], message, author: signatureOf(author, committer.date), committer });
  }
  const from = `${pull.head.repository.owner}/${pull.head.branch}`;
  const message = `Merge pull request #${pull.number} from ${from}\n\n${title}\n`;
  const parents = [onto, pull.head.sha];
  return writeCommit(git, { tree, parents, message, author: signatureOf(by, committer.date), committer });
}

function signatureOf({ login }: User, date: string): Signature {
  return { name: login, email: `${login}@users.noreply.github.com`, date };
}
