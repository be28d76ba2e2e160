import type { Repository } from "../ports.ts";

export interface PlanRange {
  readonly head: string;
  readonly base?: string;
}

/**
 * What a plan compares: a test merge with its first parent; any other commit with where it left the base branch.
 */
export async function planRange(
  repository: Repository,
  { sha, baseSha }: { readonly sha: string; readonly baseSha?: string },
  signal: AbortSignal,
): Promise<PlanRange> {
  const [first, second] = await repository.parents(sha, signal);
  if (first !== undefined && second !== undefined) return { head: sha, base: first };
  const base = baseSha === undefined ? first : await repository.mergeBase(baseSha, sha, signal);
  return base === undefined ? { head: sha } : { head: sha, base };
}
