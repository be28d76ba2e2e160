import { exitCodeOf } from "../model/exit-code.ts";
import type { TargetReport } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import { worstResult } from "../model/result.ts";
import type { RunReport } from "../model/run.ts";
import { formatTarget } from "../model/target.ts";
import { runDigest } from "../diff/digest.ts";
import { parsePlanJson } from "../report/plan-json.ts";
import type { PullReference } from "../trigger/trigger.ts";
import { emptyReport } from "./failed-target.ts";
import { publishingOf } from "./on-plan.ts";
import type { PerformPorts, Performance, PerformRequest } from "./performance.ts";
import { planRange, type PlanRange } from "./plan-range.ts";
import { publishApplyComments } from "./publish-apply.ts";
import { publishPlanComment } from "./publish-plan.ts";
import { targetMatrix } from "./targets.ts";

/** Joins the plan files of the jobs before it into one report, names each target that has none, and writes the one comment. */
export async function onReport(
  { pull }: { readonly pull?: PullReference },
  request: PerformRequest,
  ports: PerformPorts,
  signal: AbortSignal,
): Promise<Performance> {
  // Never the checkout: a file of the repository would be taken for what a job found.
  const files = request.plans === undefined ? [] : await ports.readFolder(request.plans, ".json");
  const parsed = files.map(({ text }) => fitting(parsePlanJson(text), pull));
  const reports = parsed.flatMap((entry) => (isProblems(entry) ? [] : [entry]));
  const broken = [
    ...(request.plans === undefined ? [NO_FOLDER] : []),
    ...parsed.flatMap((entry) => (isProblems(entry) ? entry : [])),
    ...toldTwice(reports),
  ];
  const range = await planRange(ports.run.repository, { sha: request.sha }, signal);
  const authority = pull === undefined ? range.head : (range.base ?? range.head);
  const expected = await targetMatrix({ ...request, head: range.head, authority }, ports.run, signal);
  const report = join({ reports, broken, expected, range }, request, pull);
  const policy = "problems" in expected ? undefined : expected.policy;
  const exitCode = exitCodeOf(report, request.failOn ?? policy?.failOn ?? "blockers");
  const publishing = publishingOf(ports);
  if (publishing === undefined) return { report, exitCode };
  const comment = request.comment ?? policy?.comment ?? "auto";
  const commentUrl =
    report.command === "apply"
      ? await publishApplyComments(report, publishing, signal)
      : pull && (await publishPlanComment(report, { pull: pull.number, policy: comment }, publishing, signal));
  return { report, exitCode, ...(commentUrl !== undefined && { commentUrl }) };
}

const NO_FOLDER: Problem = {
  code: "input-invalid",
  level: "error",
  message: "command report needs the folder of the plan files",
  remedy: "give it as the input plans",
};

function toldTwice(reports: readonly RunReport[]): readonly Problem[] {
  const names = reports.flatMap(({ targets }) => targets.map(({ target }) => formatTarget(target)));
  const twice = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  return twice.map((name) => ({
    code: "input-invalid",
    level: "error",
    message: `${name}: two plan files tell of it`,
    remedy: "give a folder that holds the plan files of this workflow run, and nothing else",
  }));
}

/** A pull request is told plans only: a file of an apply names the pull requests to write to, and anybody may have written it. */
function fitting(
  entry: RunReport | readonly Problem[],
  pull: PullReference | undefined,
): RunReport | readonly Problem[] {
  if (pull === undefined || isProblems(entry) || entry.command === "plan") return entry;
  const message = `a plan file tells of a run of ${entry.command}, which is not what a pull request starts`;
  const remedy = "give a folder that holds the plan files of this workflow run, and nothing else";
  return [{ code: "input-invalid", level: "error", message, remedy }];
}

function isProblems(entry: RunReport | readonly Problem[]): entry is readonly Problem[] {
  return Array.isArray(entry);
}

interface Joining {
  readonly reports: readonly RunReport[];
  readonly broken: readonly Problem[];
  readonly expected: Awaited<ReturnType<typeof targetMatrix>>;
  readonly range: PlanRange;
}

function join(
  { reports, broken, expected, range }: Joining,
  request: PerformRequest,
  pull: PullReference | undefined,
): RunReport {
  const targets = reports.flatMap((report) => report.targets);
  const names = new Set(targets.map(({ target }) => formatTarget(target)));
  const absent = namesIn(expected)
    .filter((name) => !names.has(name))
    .map(notPlanned);
  const all = [...targets, ...absent].toSorted((a, b) => (formatTarget(a.target) < formatTarget(b.target) ? -1 : 1));
  const problems = [
    ...reports.flatMap((report) => report.problems),
    ...broken,
    ...("problems" in expected ? expected.problems : []),
  ];
  const first = reports[0];
  // An apply has no base: what it started from is each target's own applied revision.
  const base = first === undefined ? range.base : first.base;
  const digest = runDigest(all.filter(({ result }) => result !== "skipped").map(digestOf));
  return {
    command: first?.command ?? "plan",
    repository: request.repository.name,
    ...(pull && { pull: pull.number }),
    pulls: [...new Set(reports.flatMap(({ pulls }) => pulls))],
    ...(base !== undefined && { base }),
    head: first?.head ?? range.head,
    ...(digest !== undefined && { digest }),
    result: problems.some(({ level }) => level === "error") ? "failed" : worstResult(all.map(({ result }) => result)),
    targets: all,
    problems,
    notes: [...new Set(reports.flatMap(({ notes }) => notes))],
    requests: reports.reduce((sum, { requests }) => sum + requests, 0),
    milliseconds: Math.max(0, ...reports.map(({ milliseconds }) => milliseconds)),
    time: first?.time ?? request.startedAt.toISOString(),
    ...(request.link !== undefined && { link: request.link }),
  };
}

function namesIn(expected: Joining["expected"]): readonly string[] {
  return "problems" in expected ? [] : expected.include.flatMap(({ targets }) => targets.split("\n"));
}

function digestOf({ target, digest }: TargetReport): Parameters<typeof runDigest>[0][number] {
  return { target, ...(digest !== undefined && { digest }) };
}

function notPlanned(name: string): TargetReport {
  const [environment = "", app = ""] = name.split("/");
  const problem: Problem = {
    code: "not-planned",
    level: "error",
    message: `${name}: no plan file`,
    remedy: "look at the job of this environment; it failed or did not run",
  };
  return { ...emptyReport({ environment, app }, "incomplete", "not planned"), problems: [problem] };
}
