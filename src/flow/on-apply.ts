import { exitCodeOf } from "../model/exit-code.ts";
import type { Problem } from "../model/problem.ts";
import type { TargetReport } from "../model/plan.ts";
import type { Pulls } from "../forge-ports.ts";
import { appliedPulls } from "./applied-pulls.ts";
import { runApply } from "./apply.ts";
import { cosmetic } from "./publish-plan.ts";
import { publishApplyComments } from "./publish-apply.ts";
import { publishChecks } from "./publish-plan.ts";
import { publishingOf } from "./on-plan.ts";
import type { PerformPorts, Performance, PerformRequest } from "./performance.ts";
import { toRunReport } from "./run-report.ts";

/** Brings the selected targets to the branch's head, and tells it on the pull requests that this brought in. */
export async function onApply(
  { sha, full }: { readonly sha: string; readonly full: boolean },
  request: PerformRequest,
  ports: PerformPorts,
  signal: AbortSignal,
): Promise<Performance> {
  const { run, forge } = ports;
  const head = forge === undefined ? sha : await branchHead(forge.pulls, request.ref, sha, signal);
  if (head !== sha && (await run.repository.mergeBase(sha, head, signal)) !== sha)
    return overtaken(sha, head, request, ports);
  const applied = await runApply({ ...request, head, byHand: full, pulls: [] }, run, signal);
  const publishing = publishingOf(ports);
  if (publishing === undefined) return { report: applied, exitCode: exitCodeOf(applied, request.failOn ?? "blockers") };
  const search = { repository: run.repository, pulls: publishing.forge.pulls, clock: run.clock };
  const range = { head, since: earlierRevisions(applied.targets, head) };
  const pulls = (await cosmetic(run.log, () => appliedPulls(search, range, signal))) ?? [];
  const report = { ...applied, pulls };
  await publishChecks(report, { sha: head }, publishing, signal);
  const commentUrl = request.comment === "never" ? undefined : await publishApplyComments(report, publishing, signal);
  const exitCode = exitCodeOf(report, request.failOn ?? "blockers");
  return { report, exitCode, ...(commentUrl !== undefined && { commentUrl }) };
}

const BRANCH = "refs/heads/";

/** An older run converges forward: it takes the head as it is now, not the commit that started it. */
async function branchHead(pulls: Pulls, ref: string, sha: string, signal: AbortSignal): Promise<string> {
  return ref.startsWith(BRANCH) ? pulls.branchHead(ref.slice(BRANCH.length), signal) : sha;
}

function earlierRevisions(targets: readonly TargetReport[], head: string): readonly string[] {
  const commits = targets.flatMap(({ previousRevision }) => previousRevision?.commit ?? []);
  return [...new Set(commits.filter((commit) => commit !== head))];
}

function overtaken(sha: string, head: string, request: PerformRequest, { run }: PerformPorts): Performance {
  const problem: Problem = {
    code: "event-refused",
    level: "error",
    message: `commit ${sha.slice(0, 7)} is no longer part of the branch, whose head is ${head.slice(0, 7)}`,
    remedy: "nothing to do: the run of the branch's head applies it",
  };
  const facts = { command: "apply" as const, head: sha, targets: [], problems: [problem], notes: [], requests: 0 };
  return { report: { ...toRunReport(facts, request, run), result: "refused" }, exitCode: 6 };
}
