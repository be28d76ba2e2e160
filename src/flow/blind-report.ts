import type { AppliedRevision } from "../model/inventory.ts";
import type { TargetReport } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import { formatTarget, type Target } from "../model/target.ts";
import { shortSha } from "../report/short-sha.ts";
import { emptyReport } from "./failed-target.ts";

/** What is live may be anything between two revisions, and much of it ours: nothing can be said of drift. */
export function unfinishedApply(target: Target, applied: AppliedRevision): TargetReport {
  const problem: Problem = {
    code: "unfinished-apply",
    level: "error",
    message: `${formatTarget(target)}: the last apply did not come to its end`,
    remedy: "run apply again",
  };
  return {
    ...emptyReport(target, "incomplete", "the last apply did not come to its end"),
    problems: [problem],
    appliedRevision: applied,
  };
}

/** What it was brought to is no longer known. */
export function lostRevision(target: Target, applied: AppliedRevision): TargetReport {
  const problem: Problem = {
    code: "applied-revision-lost",
    level: "error",
    message: `${formatTarget(target)}: its applied revision ${shortSha(applied.commit)} cannot be read from the repository`,
    remedy: "run apply again; the history was probably rewritten",
  };
  return {
    ...emptyReport(target, "incomplete", "applied-revision-lost"),
    problems: [problem],
    appliedRevision: applied,
  };
}
