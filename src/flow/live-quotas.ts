import type { Problem } from "../model/problem.ts";

/** Placeholder. */
export async function checkQuotas(_request: unknown, _signal: AbortSignal): Promise<readonly Problem[]> {
  return [];
}
