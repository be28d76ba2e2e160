import type { Clock, Repository } from "../ports.ts";
import type { Pulls } from "../forge-ports.ts";

/** History that was brought in at once is walked this far back. */
const MOST_STEPS = 50;
const RETRIES = 4;
const RETRY_AFTER = 2_000;

export interface PullSearch {
  readonly repository: Repository;
  readonly pulls: Pulls;
  readonly clock: Clock;
}

/** The pull requests that main's steps up to `head` belong to, newest first; `since` itself and what lies before it are left out. */
export async function appliedPulls(
  { repository, pulls, clock }: PullSearch,
  { head, since }: { readonly head: string; readonly since: readonly string[] },
  signal: AbortSignal,
): Promise<readonly number[]> {
  const numbers: number[] = [];
  let commit: string | undefined = head;
  for (let step = 0; step < MOST_STEPS && commit !== undefined && !since.includes(commit); step += 1) {
    // GitHub learns which pull request a merge commit belongs to some seconds after the merge.
    const found = await ofCommit({ pulls, clock }, commit, step === 0 ? RETRIES : 0, signal);
    numbers.push(...found.filter((number) => !numbers.includes(number)));
    if (since.length === 0) break;
    commit = (await repository.parents(commit, signal))[0];
  }
  return numbers;
}

async function ofCommit(
  { pulls, clock }: Pick<PullSearch, "pulls" | "clock">,
  commit: string,
  retries: number,
  signal: AbortSignal,
): Promise<readonly number[]> {
  for (let attempt = 0; ; attempt += 1) {
    const found = await pulls.ofCommit(commit, signal);
    const merged = found.filter((pull) => pull.merged).map(({ number }) => number);
    if (merged.length > 0 || attempt >= retries) return merged;
    await clock.sleep(RETRY_AFTER, signal);
  }
}
