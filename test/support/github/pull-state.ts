import { invalid } from "./answer.ts";
import { commitsBetween, isAncestor, tipOf } from "./branch.ts";
import { addIssue, changeState, type NewIssue } from "./issue-state.ts";
import type { Issue, Merged, Pull, Repository, Store } from "./store.ts";
import { issueOf, pullOf } from "./subject.ts";
import { bring, testMerge } from "./test-merge.ts";

export interface NewPull extends NewIssue {
  readonly head: { readonly repository: Repository; readonly branch: string };
  readonly base: string;
  readonly draft: boolean;
}

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
    testMerge: await testMerge(store, repository, { number, base: baseSha, head: headSha }),
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

/** Points a pull request at another base branch. */
export async function retarget(store: Store, repository: Repository, pull: Pull, branch: string): Promise<void> {
  const sha = await tipOf(repository, branch);
  if (sha === undefined) throw invalid({ resource: "PullRequest", field: "base", code: "invalid" });
  repository.pulls.set(pull.number, { ...pull, base: { branch, sha } });
  await refreshPulls(store);
}

/** Opens again or closes an issue or a pull request, the latter without a merge. */
export async function changeStateOf(
  store: Store,
  repository: Repository,
  number: number,
  { state, reason }: { readonly state: Issue["state"]; readonly reason?: Issue["stateReason"] | undefined },
): Promise<void> {
  if (repository.pulls.has(number)) return changePullState(store, repository, number, state);
  const changed = changeState(store, issueOf(repository, number), state, reason);
  repository.issues.set(number, { ...changed, updatedAt: store.now() });
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
  if (pullOf(repository, number).merged !== undefined && state === "open") {
    throw invalid({ resource: "PullRequest", code: "invalid", field: "state" });
  }
  repository.issues.set(number, { ...changeState(store, issue, state, undefined), updatedAt: store.now() });
  if (state === "closed") await repository.git.attempt(["update-ref", "-d", `refs/pull/${number}/merge`]);
  if (state === "open") {
    const pull = pullOf(repository, number);
    // Without a head, the test merge counts as out of date and is made again.
    repository.pulls.set(number, { ...pull, testMerge: { ...pull.testMerge, head: "" } });
    await refreshPulls(store);
  }
}

/** The tip of the base branch now, or before the merge: what the pull request is compared with. */
export async function comparedWith(repository: Repository, pull: Pull): Promise<string> {
  return pull.merged?.onto ?? (await tipOf(repository, pull.base.branch)) ?? pull.base.sha;
}

/** SHAs of the commits that a pull request brings, oldest first. */
export async function pullCommits(repository: Repository, pull: Pull): Promise<readonly string[]> {
  return commitsBetween(repository, await comparedWith(repository, pull), pull.head.sha);
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
  if (await isAncestor(repository, head, base)) return end(store, repository, current, base);
  const merge = await testMerge(store, repository, { number: pull.number, base, head });
  repository.pulls.set(pull.number, { ...current, testMerge: merge });
  if (moved) {
    const issue = issueOf(repository, pull.number);
    repository.issues.set(pull.number, { ...issue, updatedAt: store.now() });
  }
}

/** Nothing is left to merge: somebody pushed it to the base branch, or took it away from the head. */
async function end(store: Store, repository: Repository, pull: Pull, base: string): Promise<void> {
  if (base === pull.testMerge.base) {
    repository.pulls.set(pull.number, pull);
    return changePullState(store, repository, pull.number, "closed");
  }
  const path = await repository.git.run(["rev-list", "--ancestry-path", "--first-parent", `${pull.head.sha}..${base}`]);
  const sha = path.split("\n").findLast((line) => line !== "") ?? pull.head.sha;
  const by = issueOf(repository, pull.number).author;
  await markMerged(store, repository, pull, { by, sha, onto: pull.testMerge.base });
}

/** Ends a pull request whose commits are in its base branch now. */
export async function markMerged(
  store: Store,
  repository: Repository,
  pull: Pull,
  { by, sha, onto }: Pick<Merged, "by" | "sha" | "onto">,
): Promise<void> {
  const merged: Merged = { at: store.now(), by, sha, onto, commits: await commitsBetween(repository, onto, sha) };
  repository.pulls.set(pull.number, { ...pull, merged });
  await changePullState(store, repository, pull.number, "closed");
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
