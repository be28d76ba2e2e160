import { exitCodeOf, exitCodeOfProblems } from "../model/exit-code.ts";
import type { Problem } from "../model/problem.ts";
import type { Decision } from "../trigger/decision.ts";
import { onApply } from "./on-apply.ts";
import { onDrift } from "./on-drift.ts";
import { onMergeGroup, onPlan, onPlanOffline, publishingOf } from "./on-plan.ts";
import { onReport } from "./on-report.ts";
import { publishClosed } from "./publish-plan.ts";
import type { PerformPorts, Performance, PerformRequest } from "./performance.ts";
import { planRange } from "./plan-range.ts";
import { respond } from "./respond.ts";
import { toRunReport } from "./run-report.ts";
import { targetMatrix } from "./targets.ts";

/** Does what was decided. */
export async function perform(
  decision: Decision,
  request: PerformRequest,
  ports: PerformPorts,
  signal: AbortSignal,
): Promise<Performance> {
  switch (decision.kind) {
    case "targets":
      return onTargets(request, ports, signal);
    case "plan":
      return onPlan(decision, request, ports, signal);
    case "plan-offline":
      return onPlanOffline(decision, request, ports, signal);
    case "check-only":
      return onMergeGroup(decision, request, ports, signal);
    case "apply":
      return onApply(decision, request, ports, signal);
    case "drift":
      return onDrift(decision, request, ports, signal);
    case "report":
      return onReport(decision, request, ports, signal);
    case "closed": {
      const publishing = publishingOf(ports);
      const { number: pull, headSha: head } = decision.pull;
      const commentUrl = publishing && (await publishClosed({ pull, head }, publishing, signal));
      return { exitCode: 0, ...(commentUrl !== undefined && { commentUrl }) };
    }
    case "comment-command":
      return respond(decision, request, ports, signal);
    case "refused":
      return refused(decision.problem, request, ports);
    case "nothing":
      ports.run.log.info(`nothing to do: ${decision.why}`);
      return { exitCode: 0 };
  }
}

async function onTargets(request: PerformRequest, ports: PerformPorts, signal: AbortSignal): Promise<Performance> {
  const range = await planRange(ports.run.repository, { sha: request.sha }, signal);
  const authority = request.ref.startsWith("refs/pull/") ? (range.base ?? range.head) : range.head;
  const matrix = await targetMatrix({ ...request, head: range.head, authority }, ports.run, signal);
  if ("problems" in matrix) return broken(matrix.problems, request, ports);
  return { exitCode: 0, matrix: matrix.include };
}

function refused(problem: Problem, request: PerformRequest, ports: PerformPorts): Performance {
  const { report, exitCode } = broken([problem], request, ports);
  return { exitCode, ...(report && { report: { ...report, result: "refused" } }) };
}

/** A run that could not begin. */
export function broken(
  problems: readonly Problem[],
  request: PerformRequest,
  { run }: Pick<PerformPorts, "run">,
): Performance {
  const facts = { command: "plan" as const, targets: [], problems, notes: [], requests: 0 };
  const report = toRunReport(facts, request, run);
  return { report, exitCode: problems.length > 0 ? exitCodeOfProblems(problems) : exitCodeOf(report, "blockers") };
}
