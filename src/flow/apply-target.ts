import type { Change } from "../model/change.ts";
import { unfinished, type AppliedRevision, type Inventory } from "../model/inventory.ts";
import { refOf } from "../model/object.ts";
import { valueAt } from "../model/path.ts";
import type { Outcome } from "../model/outcome.ts";
import type { TargetReport } from "../model/plan.ts";
import { hasBlockers, hasErrors, type Problem } from "../model/problem.ts";
import { formatRef, refKey } from "../model/ref.ts";
import { formatTarget } from "../model/target.ts";
import type { Clock, ClusterAccess, Log, LockRequest } from "../ports.ts";
import { toRemovals, toWaves } from "../rollout/waves.ts";
import { count } from "../report/count.ts";
import { removeAll } from "./prune.ts";
import { refusedTarget } from "./failed-target.ts";
import { overtakenProblem } from "./overtaken.ts";
import { planTarget, type PlanTargetRequest, type TargetPlan } from "./plan-target.ts";
import { settle, type Settled } from "./settle.ts";
import { askIdentity } from "./world.ts";
import { writeWave } from "./write.ts";

export interface ApplyTargetRequest extends PlanTargetRequest {
  readonly access: ClusterAccess;
  readonly commit: string;
  /** What was applied when this run decided what to do; absent: it decides only now. */
  readonly seen?: Pick<Inventory, "applied">;
  readonly lock: LockRequest;
  readonly clock: Clock;
  readonly log: Log;
}

/** Brings one target to a commit: lock, plan again, write in waves, wait, prune, remember. Nothing is written when the plan has a blocker. */
export async function applyTarget(request: ApplyTargetRequest, signal: AbortSignal): Promise<TargetReport> {
  const { access, settings } = request;
  const strange = await askIdentity(access, request, signal);
  if (strange.length > 0) return refusedTarget(settings.target, strange);
  await using lock = await access.locks.acquire(settings.target, request.lock, signal);
  const held = AbortSignal.any([signal, lock.lost]);
  try {
    return await applyLocked(request, held);
  } catch (error) {
    // Whatever a lost lock interrupted, the lock is what people have to know of.
    throw lock.lost.aborted && !signal.aborted ? lock.lost.reason : error;
  }
}

async function applyLocked(request: ApplyTargetRequest, held: AbortSignal): Promise<TargetReport> {
  const { access, settings, log } = request;
  await access.keys.ensure(settings.target, held);
  const plan = await planTarget(request, held);
  const overtaken =
    request.seen && overtakenProblem(settings.target, { seen: request.seen.applied, found: plan.inventory?.applied });
  if (overtaken !== undefined) return refusedTarget(settings.target, [overtaken]);
  if (hasErrors(plan.report.problems) || hasBlockers(plan.report.problems)) return notWritten(plan);
  await access.inventories.write(settings.target, toInventory(request, plan, "superset"), held);
  const written = await writeWaves(plan, request, held);
  const removals = toRemovals(plan.report.changes);
  if (written.problems.length > 0)
    return finished(plan, { ...written, outcomes: [...written.outcomes, ...skipped(removals)] }, "failed");
  const removed = await removeAll(removals, { cluster: access.cluster, plan }, held);
  const outcomes = [...written.outcomes, ...removed.outcomes];
  if (removed.problems.length > 0) return finished(plan, { outcomes, problems: removed.problems }, "failed");
  const inventory = toInventory(request, plan, "exact");
  await access.inventories.write(settings.target, inventory, held);
  const done =
    outcomes.length === 0 ? "nothing had to be written" : `${count(outcomes.length, "object")} written or removed`;
  log.info(`${formatTarget(settings.target)}: ${done}`);
  const report = finished(plan, { outcomes, problems: [] }, outcomes.length === 0 ? "no-changes" : "applied");
  const previousRevision = plan.inventory?.applied;
  return {
    ...report,
    ...(inventory.applied && { appliedRevision: inventory.applied }),
    ...(previousRevision && { previousRevision }),
  };
}

interface Progress {
  readonly outcomes: readonly Outcome[];
  readonly problems: readonly Problem[];
}

/** Each wave is written and settled before the next; the first problem ends it, and what was not reached is `skipped`. */
async function writeWaves(plan: TargetPlan, request: ApplyTargetRequest, signal: AbortSignal): Promise<Progress> {
  const { access, clock, log, settings } = request;
  const timeout = Math.max(settings.settings.timeoutMilliseconds, longestDeadline(plan));
  const deadline = clock.now().getTime() + timeout;
  const waves = toWaves(plan.report.changes);
  const outcomes: Outcome[] = [];
  for (const [index, wave] of waves.entries()) {
    log.info(`${formatTarget(settings.target)}: wave ${index + 1} of ${waves.length}, ${count(wave.length, "object")}`);
    const written = await writeWave(wave, { cluster: access.cluster, clock, plan }, signal);
    const settled =
      settings.settings.wait && written.problems.length === 0
        ? await settle(written.written, { cluster: access.cluster, clock, log, deadline }, signal)
        : [];
    outcomes.push(...written.outcomes.map((outcome) => withSettling(outcome, settled)));
    const problems = [...written.problems, ...settled.flatMap((entry) => settleProblem(entry, timeout))];
    if (problems.length > 0) return { outcomes: [...outcomes, ...skipped(waves.slice(index + 1))], problems };
  }
  return { outcomes, problems: [] };
}

/** What Git itself allows a rollout to take: a workload's own `progressDeadlineSeconds`. */
function longestDeadline({ desired }: TargetPlan): number {
  const seconds = desired.map(({ object }) => valueAt(object, ["spec", "progressDeadlineSeconds"]));
  return Math.max(0, ...seconds.map((value) => (typeof value === "number" ? value * 1000 : 0)));
}

function withSettling(outcome: Outcome, settled: readonly Settled[]): Outcome {
  const entry = settled.find(({ written }) => refKey(written.ref) === refKey(outcome.ref));
  if (entry === undefined) return outcome;
  if (entry.verdict.kind === "settled") return { ...outcome, settledAfterMilliseconds: entry.afterMilliseconds };
  if (entry.verdict.kind === "failed") return { ...outcome, outcome: "failed", message: entry.verdict.reason };
  return { ...outcome, outcome: "unsettled", message: `waiting for ${entry.verdict.waitingFor}` };
}

function settleProblem({ written, verdict }: Settled, timeout: number): readonly Problem[] {
  const subject = formatRef(written.ref);
  if (verdict.kind === "settled") return [];
  if (verdict.kind === "failed")
    return [
      {
        code: "settle-failed",
        level: "error",
        message: `${subject} was written but failed: ${verdict.reason}`,
        remedy: "mend the object in Git and merge again; what was written stays",
      },
    ];
  return [
    {
      code: "unsettled",
      level: "error",
      message: `${subject} has not settled within ${Math.round(timeout / 1000)} s: waiting for ${verdict.waitingFor}`,
      remedy: "look at its pods and events; run apply again when it has settled, or raise `timeout`",
    },
  ];
}

function skipped(waves: readonly (readonly Change[])[]): readonly Outcome[] {
  return waves
    .flat()
    .map(({ ref, op }) => ({ ref, op, outcome: "skipped" as const, message: "an earlier wave failed" }));
}

function notWritten({ report }: TargetPlan): TargetReport {
  const unclear = report.result === "incomplete" ? "incomplete" : "blocked";
  const result = hasErrors(report.problems) ? "failed" : unclear;
  return { ...report, result, reason: "nothing was written" };
}

function finished(
  { report }: TargetPlan,
  { outcomes, problems }: Progress,
  result: TargetReport["result"],
): TargetReport {
  const reason =
    result === "failed"
      ? { reason: `${outcomes.filter(isWritten).length} of ${outcomes.length} objects were written` }
      : {};
  return { ...report, ...reason, result, outcomes, problems: [...report.problems, ...problems] };
}

/** Also what failed after it was written: it has a version then. */
function isWritten({ outcome, after }: Outcome): boolean {
  return outcome === "applied" || after !== undefined;
}

/**
 * What the target owns. Before the first write it holds the old members and the new ones, so that nothing written is
 * ever unaccounted for; afterwards the new ones alone, with the revision they came from.
 */
function toInventory(request: ApplyTargetRequest, plan: TargetPlan, form: "superset" | "exact"): Inventory {
  const { inventory, setId, desired, live, report } = plan;
  const kept = report.changes.filter(({ op }) => op === "keep").flatMap(({ ref }) => live.get(refKey(ref)) ?? []);
  const refs = [...desired.map(({ ref }) => ref), ...kept.map(refOf)];
  const kinds = [
    ...(form === "superset" ? (inventory?.kinds ?? []) : []),
    ...refs.map(({ group, kind }) => ({ group, kind })),
  ];
  const namespaces = [
    ...(form === "superset" ? (inventory?.namespaces ?? []) : []),
    ...refs.flatMap(({ namespace }) => namespace ?? []),
  ];
  // Between the first write and the last a target is at no revision: if the run ends there, the next one must not believe
  // that going back to the old commit has nothing to write.
  const applied = form === "exact" ? toRevision(request, plan) : inventory?.applied && unfinished(inventory.applied);
  return {
    id: setId,
    kinds: uniqueBy(kinds, ({ group, kind }) => `${group}/${kind}`),
    namespaces: [...new Set(namespaces)].toSorted(),
    // The command line knows no id; what the Action wrote stays.
    repository: { ...inventory?.repository, ...request.repository },
    ...(applied && { applied }),
    // Every object is now as it was proven or dry-run to be under these, so a later run may trust its proofs.
    ...(form === "exact" && plan.marks && { admission: plan.marks }),
  };
}

function toRevision({ commit, clock }: ApplyTargetRequest, { report }: TargetPlan): AppliedRevision {
  return { commit, digest: report.rendered ?? "", time: clock.now().toISOString() };
}

function uniqueBy<Item>(items: readonly Item[], key: (item: Item) => string): readonly Item[] {
  const unique = new Map(items.map((item) => [key(item), item]));
  return [...unique].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
