import type { Repository } from "./store.ts";

/** The SHA that a branch is at; `undefined` when there is no such branch. */
export function tipOf({ git }: Repository, branch: string): Promise<string | undefined> {
  return git.attempt(["rev-parse", "--verify", "--quiet", `refs/heads/${branch}^{commit}`]);
}

/** Is the older commit part of the newer one's history? */
export async function isAncestor({ git }: Repository, older: string, newer: string): Promise<boolean> {
  return (await git.attempt(["merge-base", "--is-ancestor", older, newer])) !== undefined;
}

/** SHAs of the commits that `to` has and `from` has not, oldest first. */
export async function commitsBetween({ git }: Repository, from: string, to: string): Promise<readonly string[]> {
  const shas = await git.run(["rev-list", "--reverse", "--topo-order", `${from}..${to}`]);
  return shas.split("\n").filter((line) => line !== "");
}
