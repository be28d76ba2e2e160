import type { AppliedRevision } from "../model/inventory.ts";
import type { TargetReport } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import { formatTarget, type Target } from "../model/target.ts";

const CODE = "conflict";

/**
 * Another run brought the target to another revision between the moment this one decided what to do and the moment it got the
 * lock: going on could bring the target back to an older commit.
 */
export function overtakenProblem(
  target: Target,
  { seen, found }: { readonly seen: AppliedRevision | undefined; readonly found: AppliedRevision | undefined },
): Problem | undefined {
  if (seen?.commit === found?.commit && seen?.time === found?.time) return undefined;
  const now = found === undefined ? "no revision" : found.commit.slice(0, 7);
  return {
    code: CODE,
    level: "error",
    message: `${formatTarget(target)}: another run brought it to ${now} while this one waited for the lock`,
    remedy: "nothing to do if that is the newer commit; otherwise run apply again",
  };
}

/** A report that ended with `overtakenProblem`: nothing was written. */
export function isOvertaken({ result, problems }: TargetReport): boolean {
  return result === "refused" && problems.some(({ code }) => code === CODE);
}
