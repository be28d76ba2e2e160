import type { Op } from "../model/change.ts";
import type { RunReport } from "../model/run.ts";
import { htmlPage } from "../report/html.ts";
import { formatPlanJson } from "../report/plan-json.ts";
import { summary } from "../report/summary.ts";
import type { Outputs } from "../ports.ts";
import type { Guard } from "../report/guard.ts";
import type { Performance } from "./performance.ts";

/** Leaves a run's results for the steps after it and for people: files, job summary, outputs. */
export async function deliver(
  { report, matrix, commentUrl, issueUrl }: Performance,
  { outputs, guard }: { readonly outputs: Outputs; readonly guard: Guard },
): Promise<void> {
  const set = (name: string, value: string | undefined): Promise<void> =>
    value === undefined ? Promise.resolve() : outputs.setOutput(name, guard.plain(value));
  if (matrix !== undefined) await outputs.setOutput("targets", guard.json(JSON.stringify({ include: matrix })));
  await set("comment-url", commentUrl);
  await set("issue-url", issueUrl);
  if (report === undefined) return set("result", "skipped");
  const masked = guard.report(report);
  const json = await outputs.writeFile("plan.json", guard.json(formatPlanJson(masked)));
  const html = await outputs.writeFile("plan.html", guard.html(htmlPage(masked)));
  await outputs.appendSummary(guard.markdown(summary(masked)));
  for (const [name, value] of Object.entries(valuesOf(report))) await set(name, value);
  await set("json-path", json);
  await set("html-path", html);
}

function valuesOf(report: RunReport): Readonly<Record<string, string | undefined>> {
  const outcomes = report.targets.flatMap((target) => target.outcomes);
  const failed = outcomes.filter(({ outcome }) => outcome === "failed").length;
  // An apply counts what it did, anything else what it found.
  const counted =
    report.command === "apply"
      ? outcomes.filter(({ outcome }) => outcome === "applied")
      : report.targets.flatMap((target) => target.changes);
  const count = (wanted: Op): string => String(counted.filter(({ op }) => op === wanted).length);
  const changes = report.targets.flatMap((target) => target.changes).filter(({ op }) => op !== "keep");
  return {
    result: report.result,
    reason: report.problems[0]?.message ?? report.targets.find(({ result }) => result === report.result)?.reason,
    "has-changes": String(changes.length > 0),
    created: count("create"),
    updated: count("update"),
    replaced: count("replace"),
    deleted: count("delete"),
    failed: String(failed),
    "plan-digest": report.digest,
  };
}
