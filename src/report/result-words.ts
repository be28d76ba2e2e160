import type { Result } from "../model/result.ts";

/** The colour of a result, for titles and tables. */
export const RESULT_ICONS: Readonly<Record<Result, string>> = {
  failed: "🔴",
  refused: "🔴",
  incomplete: "🟠",
  blocked: "🔴",
  drifted: "🟠",
  changes: "🟡",
  applied: "🟢",
  pending: "🔵",
  "in-sync": "🟢",
  "no-changes": "⚪",
  skipped: "⚪",
};

/** A result as people read it. */
export function resultText(result: Result): string {
  return result.replace("-", " ");
}
