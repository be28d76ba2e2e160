import type { Marker } from "../model/github.ts";
import type { RunReport } from "../model/run.ts";
import { applyComment } from "../report/apply-comment.ts";
import { cosmetic, type Publishing } from "./publish-plan.ts";

/** One report for each commit on each pull request that an apply brought in; a re-run of the commit edits it. */
export async function publishApplyComments(
  report: RunReport,
  { forge, guard, log }: Publishing,
  signal: AbortSignal,
): Promise<string | undefined> {
  const marker: Marker = { kind: "apply", key: report.head ?? "" };
  const body = guard.markdown(applyComment(guard.report(report)));
  let url: string | undefined;
  for (const pull of report.pulls) {
    const posted = await cosmetic(log, () => forge.comments.upsert(pull, marker, body, signal));
    url ??= posted?.url;
  }
  return url;
}
