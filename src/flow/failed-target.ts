import { isFailure, type FailureCode } from "../model/failure.ts";
import { NOTHING_HIDDEN, type TargetReport } from "../model/plan.ts";
import type { Problem, ProblemCode } from "../model/problem.ts";
import type { Target } from "../model/target.ts";

/** A report with nothing in it yet. */
export function emptyReport(target: Target, result: TargetReport["result"], reason: string): TargetReport {
  return {
    target,
    result,
    reason,
    keyId: "none",
    changes: [],
    outcomes: [],
    drift: [],
    problems: [],
    hidden: NOTHING_HIDDEN,
    objects: 0,
  };
}

/** One target's report when the world broke under it. Anything that is no Failure is a bug and is thrown on. */
export function failedTarget(target: Target, error: unknown): TargetReport {
  const problem = problemOfFailure(error);
  const result = isFailure(error) && error.code === "lock-held" ? "refused" : "failed";
  return { ...emptyReport(target, result, problem.message), problems: [problem] };
}

/** One target's report when nothing may be written to it. */
export function refusedTarget(target: Target, problems: readonly Problem[]): TargetReport {
  return { ...emptyReport(target, "refused", "nothing was written"), problems };
}

/** A broken world in the words in which problems are told. Throws anything that is no Failure: that is a bug. */
export function problemOfFailure(error: unknown): Problem {
  if (!isFailure(error)) throw error;
  const { message, remedy } = error;
  return { code: PROBLEM_CODES[error.code] ?? "cluster-unavailable", level: "error", message, remedy };
}

const PROBLEM_CODES: Partial<Record<FailureCode, ProblemCode>> = {
  "kubeconfig-missing": "kubeconfig-missing",
  "kubeconfig-invalid": "kubeconfig-invalid",
  "cluster-unauthorized": "cluster-unauthorized",
  "cluster-forbidden": "forbidden",
  "render-failed": "render-failed",
  "tool-missing": "render-failed",
  "git-failed": "git-failed",
  "lock-held": "lock-held",
  "lock-lost": "lock-lost",
  "github-unreachable": "github-unavailable",
  "github-forbidden": "github-unavailable",
  "github-error": "github-unavailable",
  timeout: "timeout",
  interrupted: "interrupted",
  "file-system": "file-unreadable",
};
