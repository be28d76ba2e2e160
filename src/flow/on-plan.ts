import { exitCodeOf } from "../model/exit-code.ts";
import type { PullReference } from "../trigger/trigger.ts";
import type { PerformPorts, Performance, PerformRequest } from "./performance.ts";
import { planRange, type PlanRange } from "./plan-range.ts";
import { runPlan, type PlanRequest, type PlanRun } from "./plan.ts";
import { publishChecks, publishPlanComment, type Publishing } from "./publish-plan.ts";

/** Plans a pull request (or a commit) and tells it: checks on the commit people see, and the one comment. */
export async function onPlan(
  { sha, pull }: { readonly sha: string; readonly pull?: PullReference },
  request: PerformRequest,
  ports: PerformPorts,
  signal: AbortSignal,
): Promise<Performance> {
  const range = await planRange(ports.run.repository, { sha, ...(pull && { baseSha: pull.baseSha }) }, signal);
  const run = await runPlan(toPlanRequest(range, request, pull), ports.run, signal);
  const publishing = publishingOf(ports);
  const commentUrl = publishing && (await tell(run, { sha, request, ...(pull && { pull }) }, publishing, signal));
  return { ...ended(run, request), ...(commentUrl !== undefined && { commentUrl }) };
}

/** Compares what two commits render, asks no cluster and writes nothing to GitHub: for runs that hold no credential. */
export async function onPlanOffline(
  { sha, pull, why }: { readonly sha: string; readonly pull: PullReference; readonly why: string },
  request: PerformRequest,
  ports: PerformPorts,
  signal: AbortSignal,
): Promise<Performance> {
  ports.run.log.info(`planning without a cluster: ${why}`);
  const range = await planRange(ports.run.repository, { sha, baseSha: pull.baseSha }, signal);
  const notes = [`no cluster was asked: ${why}`];
  const run = await runPlan({ ...toPlanRequest(range, request, pull), offline: true, notes }, ports.run, signal);
  return ended(run, request);
}

/** Plans a merge group; its check is all that is told. */
export async function onMergeGroup(
  { sha, baseSha }: { readonly sha: string; readonly baseSha: string },
  request: PerformRequest,
  ports: PerformPorts,
  signal: AbortSignal,
): Promise<Performance> {
  const run = await runPlan({ ...request, head: sha, base: baseSha }, ports.run, signal);
  const publishing = publishingOf(ports);
  if (publishing !== undefined) await publishChecks(run.report, { sha }, publishing, signal);
  return ended(run, request);
}

function toPlanRequest(range: PlanRange, request: PerformRequest, pull: PullReference | undefined): PlanRequest {
  return { ...request, ...range, ...(pull && { pull: pull.number }) };
}

interface Telling {
  readonly sha: string;
  readonly request: PerformRequest;
  readonly pull?: PullReference;
}

async function tell(
  { report, policy }: PlanRun,
  { sha, request, pull }: Telling,
  publishing: Publishing,
  signal: AbortSignal,
): Promise<string | undefined> {
  await publishChecks(report, { sha: pull?.headSha ?? sha }, publishing, signal);
  if (pull === undefined) return undefined;
  const comment = request.comment ?? policy?.comment ?? "auto";
  return publishPlanComment(report, { pull: pull.number, policy: comment }, publishing, signal);
}

export function publishingOf({ forge, guard, run }: PerformPorts): Publishing | undefined {
  return forge && { forge, guard, log: run.log };
}

function ended({ report, policy }: PlanRun, request: PerformRequest): Performance {
  return { report, exitCode: exitCodeOf(report, request.failOn ?? policy?.failOn ?? "blockers") };
}
