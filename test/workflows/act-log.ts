import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";

/** How a workflow went, job by job; each job by its name. */
export interface WorkflowRun {
  /** How each job ended. One that was skipped is not there; of a matrix, act fails all jobs when one does. */
  readonly jobs: Readonly<Record<string, "success" | "failure">>;
  /** What its steps set as outputs. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What its steps wrote to the job summary. */
  readonly summaries: Readonly<Record<string, string>>;
  /** Everything that was printed, as a person would read it. */
  readonly log: string;
}

/** Reads what `act --json` printed. */
export function parseActLog(stdout: string): WorkflowRun {
  const lines = stdout.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as LogLine] : []));
  const byJob = Object.entries(Object.groupBy(lines, nameOf)).map(([name, own = []]) => ({ name, own }));
  return {
    jobs: Object.fromEntries(
      byJob.flatMap(({ name, own }) => own.flatMap(({ jobResult }) => (jobResult ? [[name, jobResult]] : []))),
    ),
    outputs: Object.fromEntries(byJob.map(({ name, own }) => [name, outputsOf(own)])),
    summaries: Object.fromEntries(byJob.map(({ name, own }) => [name, summaryOf(own)])),
    log: lines.map(({ msg = "" }) => msg).join("\n"),
  };
}

/** Asserts how every job ended; where one ended otherwise, the whole log is printed. */
export function expectJobs({ jobs, log }: WorkflowRun, expected: WorkflowRun["jobs"]): void {
  if (!isDeepStrictEqual(jobs, expected)) process.stderr.write(`${log}\n`);
  expect(jobs).toEqual(expected);
}

/** A line of the log, as far as it matters. */
interface LogLine {
  readonly job?: string;
  readonly matrix?: Readonly<Record<string, unknown>>;
  readonly msg?: string;
  readonly jobResult?: "success" | "failure";
  readonly command?: string;
  readonly name?: string;
  readonly arg?: string;
  readonly content?: string;
}

/** act writes `workflow/job`, padded, and numbers the jobs of a matrix at the end. */
function nameOf({ job = "", matrix = {} }: LogLine): string {
  const name = job.slice(job.indexOf("/") + 1).trim();
  return Object.keys(matrix).length === 0 ? name : name.replace(/-\d+$/, "");
}

function outputsOf(lines: readonly LogLine[]): Readonly<Record<string, string>> {
  const set = lines.filter(({ command }) => command === "set-output");
  return Object.fromEntries(set.map(({ name = "", arg = "" }) => [name, arg]));
}

function summaryOf(lines: readonly LogLine[]): string {
  return lines.flatMap(({ command, content }) => (command === "summary" ? [content] : [])).join("");
}
