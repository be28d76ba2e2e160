/** One per target; a run takes the worst. In order, worst first. */
export const RESULTS = [
  "failed",
  "refused",
  "incomplete",
  "blocked",
  "drifted",
  "changes",
  "applied",
  "pending",
  "in-sync",
  "no-changes",
  "skipped",
] as const;

export type Result = (typeof RESULTS)[number];

export function worstResult(results: readonly Result[]): Result {
  return RESULTS.find((result) => results.includes(result)) ?? "skipped";
}
