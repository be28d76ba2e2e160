import { invalid, unprocessable } from "./answer.ts";
import { addIssue, changeState, type NewIssue } from "./issues.ts";
import { githubSignature, mergedTree, rebase, writeCommit } from "./merge.ts";
import { readCommit, type Signature } from "./commits.ts";
import type { Merged, Pull, Repository, Store, TestMerge } from "./store.ts";
import { issueOf, pullOf } from "./subject.ts";
import type { User } from "./users.ts";

export interface NewPull extends NewIssue {
  readonly head: { readonly repository: Repository; readonly branch: string };
  readonly base: string;
  readonly draft: boolean;
}

export type MergeMethod = "merge" | "squash" | "rebase";

/** Opens a pull request. Refuses one without commits, and a second one for the same branches. */
export async function openPull(store: Store, repository: Repository, request: NewPull): Promise<Pull> {
  const { head, base, draft } = request;
  const headSha = await tipOf(head.repository, head.branch);
  if (headSha === undefined) throw invalid({ resource: "PullRequest", field: "head", code: "invalid" });
  const baseSha = await tipOf(repository, base);
  if (baseSha === undefined) throw invalid({ resource: "PullRequest", field: "base", code: "invalid" });
  refuseSecond(repository, request);
  await bring(repository, head, headSha);
  if (await isAncestor(repository, headSha, baseSha)) {
    throw custom(`No commits between ${base} and ${head.branch}`);
  }
  const { number } = addIssue(store, repository, request);
  const pull: Pull = {
    number,
    draft,
    head: { ...head, sha: headSha },
    base: { branch: base, sha: baseSha },
    testMerge: await testMerge(store, repository, number, baseSha, headSha),
    merged: undefined,
  };
  await repository.git.run(["update-ref", `refs/pull/${number}/head`, headSha]);
  repository.pulls.set(number, pull);
  return pull;
}

/** Brings every open pull request up to date with its branches. Call it whenever a ref moved. */
export async function refreshPulls(store: Store): Promise<void> {
  for (const repository of store.repositories.values()) {
    const open = [...repository.pulls.values()].filter((pull) => issueOf(repository, pull.number).state === "open");
    for (const pull of open) await refresh(store, repository, pull);
  }
}

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

/** Points a pull request at another base branch. */
export async function retarget(store: Store, repository: Repository, pull: Pull, branch: string): Promise<void> {
  const sha = await tipOf(repository, branch);
  if (sha === undefined) throw invalid({ resource: "PullRequest", field: "base", code: "invalid" });
  repository.pulls.set(pull.number, { ...pull, base: { branch, sha } });
  await refreshPulls(store);
}

/** Opens again or closes without a merge. A closed pull request has no test merge. */
export async function changePullState(
  store: Store,
  repository: Repository,
  number: number,
  state: "open" | "closed",
): Promise<void> {
  const issue = issueOf(repository, number);
  if (issue.state === state) return;
  repository.issues.set(number, { ...changeState(store, issue, state, undefined), updatedAt: store.now() });
  if (state === "closed") await repository.git.attempt(["update-ref", "-d", `refs/pull/${number}/merge`]);
  if (state === "open") {
    const pull = pullOf(repository, number);
    repository.pulls.set(number, { ...pull, testMerge: { ...pull.testMerge, base: "" } });
    await refreshPulls(store);
  }
}

/** The tip of the base branch now, or before the merge: what the pull request is compared with. */
export async function comparedWith(repository: Repository, pull: Pull): Promise<string> {
  return pull.merged?.onto ?? (await tipOf(repository, pull.base.branch)) ?? pull.base.sha;
}

/** SHAs of the commits that a pull request brings, oldest first. */
export async function pullCommits(repository: Repository, pull: Pull): Promise<readonly string[]> {
  return range(repository, await comparedWith(repository, pull), pull.head.sha);
}

async function refresh(store: Store, repository: Repository, pull: Pull): Promise<void> {
  const head = await tipOf(pull.head.repository, pull.head.branch);
  const base = await tipOf(repository, pull.base.branch);
  if (head === undefined || base === undefined) return changePullState(store, repository, pull.number, "closed");
  if (head === pull.testMerge.head && base === pull.testMerge.base) return;
  await bring(repository, pull.head, head);
  await repository.git.run(["update-ref", `refs/pull/${pull.number}/head`, head]);
  const moved = head !== pull.head.sha;
  const current: Pull = {
    ...pull,
    head: { ...pull.head, sha: head },
    base: moved ? { ...pull.base, sha: base } : pull.base,
  };
  if (await isAncestor(repository, head, base)) return markPushed(store, repository, current, base);
  const merge = await testMerge(store, repository, pull.number, base, head);
  repository.pulls.set(pull.number, { ...current, testMerge: merge });
  if (moved) {
    const issue = issueOf(repository, pull.number);
    repository.issues.set(pull.number, { ...issue, updatedAt: store.now() });
  }
}

/** Somebody merged on another machine and pushed the base branch. */
async function markPushed(store: Store, repository: Repository, pull: Pull, base: string): Promise<void> {
  const path = await repository.git.run(["rev-list", "--ancestry-path", "--first-parent", `${pull.head.sha}..${base}`]);
  const sha = path.split("\n").findLast((line) => line !== "") ?? pull.head.sha;
  const by = issueOf(repository, pull.number).author;
  await markMerged(store, repository, pull, { by, sha, onto: pull.testMerge.base });
}

async function markMerged(
  store: Store,
  repository: Repository,
  pull: Pull,
  { by, sha, onto }: Pick<Merged, "by" | "sha" | "onto">,
): Promise<void> {
  const merged: Merged = { at: store.now(), by, sha, onto, commits: await range(repository, onto, sha) };
  repository.pulls.set(pull.number, { ...pull, merged });
  await changePullState(store, repository, pull.number, "closed");
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
  const { title } = issueOf(repository, pull.number);
  const author: Signature = { name: by.login, email: `${by.login}@users.noreply.github.com`, date: store.now() };
  const from = `${pull.head.repository.owner}/${pull.head.branch}`;
  return method === "squash"
    ? writeCommit(git, { tree, parents: [onto], message: `${title} (#${pull.number})\n`, author, committer })
    : writeCommit(git, {
        tree,
        parents: [onto, pull.head.sha],
        message: `Merge pull request #${pull.number} from ${from}\n\n${title}\n`,
        author,
        committer,
      });
}

/** Makes `refs/pull/N/merge`. Where the branches conflict, the old one stays, as it does on GitHub. */
async function testMerge(
  store: Store,
  { git }: Repository,
  number: number,
  base: string,
  head: string,
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
async function bring(repository: Repository, head: NewPull["head"], sha: string): Promise<void> {
  if (head.repository === repository) return;
  await repository.git.run(["fetch", "--quiet", "--no-tags", head.repository.git.folder, sha]);
}

function refuseSecond(repository: Repository, { head, base }: NewPull): void {
  const same = [...repository.pulls.values()].some(
    (pull) =>
      pull.base.branch === base &&
      pull.head.branch === head.branch &&
      pull.head.repository === head.repository &&
      issueOf(repository, pull.number).state === "open",
  );
  if (same) throw custom(`A pull request already exists for ${head.repository.owner}:${head.branch}.`);
}

function custom(message: string): ReturnType<typeof invalid> {
  return invalid({ resource: "PullRequest", code: "custom", message });
}

function tipOf({ git }: Repository, branch: string): Promise<string | undefined> {
  return git.attempt(["rev-parse", "--verify", "--quiet", `refs/heads/${branch}^{commit}`]);
}

async function isAncestor({ git }: Repository, older: string, newer: string): Promise<boolean> {
  return (await git.attempt(["merge-base", "--is-ancestor", older, newer])) !== undefined;
}

async function range({ git }: Repository, from: string, to: string): Promise<readonly string[]> {
  const shas = await git.run(["rev-list", "--reverse", "--topo-order", `${from}..${to}`]);
  return shas.split("\n").filter((line) => line !== "");
}
