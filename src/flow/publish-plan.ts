import { isFailure } from "../model/failure.ts";
import type { Marker } from "../model/github.ts";
import type { TargetReport } from "../model/plan.ts";
import type { RunReport } from "../model/run.ts";
import type { Log } from "../ports.ts";
import type { CheckText, Forge } from "../forge-ports.ts";
import { checkName, checkText, type CheckDraft } from "../report/check-text.ts";
import type { Guard } from "../report/guard.ts";
import { closedPlanComment } from "../report/plan-title.ts";
import { planComment } from "../report/plan-comment.ts";

export type CommentPolicy = "auto" | "always" | "on-change" | "never";

export interface Publishing {
  readonly forge: Forge;
  readonly guard: Guard;
  readonly log: Log;
}

const PLAN_COMMENT: Marker = { kind: "plan", key: "" };

/** The checks of a plan, one per target, on the commit that people see; reading is what they are for. */
export async function publishChecks(
  report: RunReport,
  { sha }: { readonly sha: string },
  { forge, guard, log }: Publishing,
  signal: AbortSignal,
): Promise<void> {
  const masked = guard.report(report);
  for (const { target } of masked.targets.filter(isTouched)) {
    const check = safeCheck(checkText(masked, target), guard);
    await cosmetic(log, () => forge.checks.publish(sha, checkName(masked, target), check, signal));
  }
}

/** A target that renders as before has nothing to be read; every write to GitHub costs a second. */
function isTouched({ objects, problems }: TargetReport): boolean {
  return objects > 0 || problems.length > 0;
}

export function safeCheck({ conclusion, title, summary, text }: CheckDraft, guard: Guard): CheckText {
  return { conclusion, title: guard.plain(title), summary: guard.markdown(summary), text: guard.markdown(text) };
}

/** The one comment of a pull request's plan, edited in place. Returns its address; `undefined` when there is none. */
export async function publishPlanComment(
  report: RunReport,
  { pull, policy }: { readonly pull: number; readonly policy: CommentPolicy },
  { forge, guard, log }: Publishing,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (policy === "never") return undefined;
  return cosmetic(log, async () => {
    if (policy !== "always" && isQuiet(report, policy)) {
      // Nothing to say is said only where something else was said before.
      const before = await forge.comments.find(pull, PLAN_COMMENT, signal);
      if (before === undefined) return undefined;
    }
    const body = guard.markdown(planComment(guard.report(report)));
    return (await forge.comments.upsert(pull, PLAN_COMMENT, body, signal)).url;
  });
}

/** Nothing changes and, unless only changes are asked for, nothing else is worth reading either. */
function isQuiet({ result, targets, notes }: RunReport, policy: CommentPolicy): boolean {
  if (result !== "no-changes" && result !== "skipped") return false;
  return policy === "on-change" || (notes.length === 0 && targets.every(isUneventful));
}

function isUneventful({ problems, drift }: TargetReport): boolean {
  return problems.length === 0 && drift.length === 0;
}

/** Says in the comment of a pull request that was closed unmerged that nothing was applied. */
export async function publishClosed(
  { pull, head }: { readonly pull: number; readonly head: string },
  { forge, guard, log }: Publishing,
  signal: AbortSignal,
): Promise<string | undefined> {
  return cosmetic(log, async () => {
    const before = await forge.comments.find(pull, PLAN_COMMENT, signal);
    if (before === undefined) return undefined;
    const body = guard.markdown(closedPlanComment(before.body, head));
    return (await forge.comments.upsert(pull, PLAN_COMMENT, body, signal)).url;
  });
}

/** A text that GitHub refuses must not turn a good run red: the job summary has the same. An interrupted run stays one. */
export async function cosmetic<T>(log: Log, publish: () => Promise<T>): Promise<T | undefined> {
  try {
    return await publish();
  } catch (error) {
    if (!isFailure(error) || error.code === "interrupted") throw error;
    log.warning(`${error.message}; ${error.remedy}`);
    return undefined;
  }
}
