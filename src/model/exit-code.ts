import type { Problem, ProblemCode } from "./problem.ts";
import type { RunReport } from "./run.ts";

/**
 * 0 no difference or success, 1 differences, 2 usage or configuration, 3 render, validation or blockers, 4 cluster
 * unreachable or unauthorised (GitHub and Git too), 5 incomplete, 6 refused, 7 apply failed, 70 crash, 130 interrupted.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 70 | 130;

export const FAIL_ON = ["error", "blockers", "changes", "never"] as const;
/** The least that fails a run: errors, blockers as well, differences as well; or nothing. An apply that did not do its work fails whatever this says. */
export type FailOn = (typeof FAIL_ON)[number];

export function exitCodeOf(
  report: Pick<RunReport, "command" | "result" | "targets" | "problems">,
  failOn: FailOn,
): ExitCode {
  if (failOn === "never" && report.command !== "apply") return 0;
  const problems = [...report.problems, ...report.targets.flatMap((target) => target.problems)];
  switch (report.result) {
    case "failed":
      return failureCode(report, problems);
    case "refused":
      return 6;
    case "incomplete":
      return 5;
    case "blocked":
      return failOn === "error" && report.command !== "apply" ? 0 : 3;
    case "drifted":
    case "changes":
      return failOn === "changes" ? 1 : 0;
    case "applied":
    case "pending":
    case "in-sync":
    case "no-changes":
    case "skipped":
      return 0;
  }
}

function failureCode(report: Pick<RunReport, "command" | "targets">, problems: readonly Problem[]): ExitCode {
  if (problems.some(({ code }) => code === "interrupted")) return 130;
  if (report.command === "apply" && report.targets.some(({ outcomes }) => outcomes.length > 0)) return 7;
  return exitCodeOfProblems(problems);
}

/** The exit code of a run that ends with these problems alone: the gravest cause counts. */
export function exitCodeOfProblems(problems: readonly Pick<Problem, "code" | "level">[]): ExitCode {
  const codes = problems.filter(({ level }) => level !== "caution").map(({ code }) => code);
  const group = GROUPS.find(([, members]) => codes.some((code) => members.includes(code)));
  return group === undefined ? 3 : group[0];
}

const GROUPS: readonly (readonly [ExitCode, readonly ProblemCode[]])[] = [
  [130, ["interrupted"]],
  [
    2,
    [
      "config-invalid",
      "unknown-key",
      "not-supported-yet",
      "nothing-to-deploy",
      "unknown-target",
      "input-invalid",
      "kubeconfig-missing",
      "kubeconfig-invalid",
    ],
  ],
  [6, ["event-refused", "lock-held", "owned-by-another-repository", "wrong-cluster"]],
  [4, ["cluster-unavailable", "cluster-unauthorized", "forbidden", "github-unavailable", "git-failed"]],
  [7, ["apply-failed", "lock-lost"]],
];
