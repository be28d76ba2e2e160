import { canonicalJson } from "../model/json.ts";
import type { Kinds } from "../model/kind.ts";
import { NOTHING_HIDDEN, type TargetReport } from "../model/plan.ts";
import { hasBlockers, hasErrors, type Problem } from "../model/problem.ts";
import { compareRefs, type Ref } from "../model/ref.ts";
import type { Result } from "../model/result.ts";
import { claimOn } from "../rollout/claim.ts";
import { pruneLimit } from "../rollout/prune.ts";
import { assess, type Assessment } from "./assess.ts";
import { claimantOf, type Seen } from "./look.ts";
import { countMasked } from "./masked-count.ts";
import type { Observed } from "./observe.ts";
import { planDigests, type GitDigests, type GitStates } from "./plan-digests.ts";
import type { PlanTargetRequest, TargetPlan } from "./plan-target.ts";
import { checkPlan } from "./plan-checks.ts";
import { subjectsOf, type Moved, type Subject } from "./subjects.ts";
import type { World } from "./world.ts";

/** All that was gathered of a target. */
export interface Gathered extends Seen, GitStates {
  readonly moved: readonly Moved[];
  /** The digests that Git alone decides. */
  readonly git: () => GitDigests;
}

const NO_KINDS: Kinds = { served: [], unavailable: [] };

/** Judges object by object, then the plan as a whole. */
export async function judgePlan(
  request: PlanTargetRequest,
  world: World,
  gathered: Gathered,
  signal: AbortSignal,
): Promise<TargetPlan> {
  const subjects = hasErrors(gathered.problems)
    ? []
    : subjectsOf({ ...gathered, head: gathered.asked ?? gathered.head });
  const assessments = assessAll(subjects, request, world);
  const judged = { request, world, gathered, subjects, assessments };
  const checked = await checkPlan(judged, signal);
  const changes = checked.changes.toSorted((a, b) => compareRefs(a.ref, b.ref));
  const limit = pruneLimit(changes, ownedCount(request, world, gathered.observed), request.policy);
  const problems = withoutRepeats([
    ...gathered.problems,
    ...gathered.observed.problems,
    ...assessments.flatMap((assessment) => assessment.problems),
    ...checked.problems,
    ...(limit ? [limit] : []),
  ]);
  const drift = assessments.flatMap((assessment) => assessment.drift);
  const hidden = {
    ...NOTHING_HIDDEN,
    masked: countMasked(changes, drift),
    ignored: assessments.reduce((sum, { ignored }) => sum + ignored, 0),
    unread: gathered.observed.unread.size,
  };
  const { result, digests } = conclusion({ ...judged, problems });
  const report: TargetReport = {
    target: request.settings.target,
    result,
    ...digests,
    keyId: world.key?.id ?? "none",
    ...(world.cluster && { cluster: world.cluster }),
    renderer: request.head.renderer,
    ...(world.inventory?.applied && { appliedRevision: world.inventory.applied }),
    changes,
    outcomes: [],
    drift,
    problems,
    hidden,
    objects: gathered.head.length,
  };
  return toPlan(report, world, gathered);
}

/** A fault of an object may be found by its dry-run and by its definition. */
function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((one) => [canonicalJson([one.level, one.code, one.message]), one])).values()];
}

function toPlan(report: TargetReport, world: World, gathered: Gathered): TargetPlan {
  const { inventory, kinds = NO_KINDS, setId } = world;
  const { observed, predictions, marks, head } = gathered;
  const known = { ...(inventory && { inventory }), ...(marks && { marks }) };
  const { sendings } = predictions;
  return { report, desired: head, live: observed.live, sendings, ...known, kinds, setId };
}

/** Everything a plan is concluded from. */
export interface Judged {
  readonly request: PlanTargetRequest;
  readonly world: World;
  readonly gathered: Gathered;
  readonly subjects: readonly Subject[];
  /** One for each subject. */
  readonly assessments: readonly Assessment[];
}

function conclusion({ world, gathered, assessments, problems }: Judged & { problems: readonly Problem[] }): {
  readonly result: Result;
  readonly digests: Pick<TargetReport, "digest" | "rendered" | "intent">;
} {
  const hasChanges = assessments.some(({ change }) => change !== undefined && change.op !== "keep");
  return {
    result: resultOf(problems, gathered.observed, hasChanges),
    digests: planDigests(world, { ...gathered, assessments }),
  };
}

function assessAll(subjects: readonly Subject[], request: PlanTargetRequest, world: World): readonly Assessment[] {
  const { settings } = request.settings;
  const rules = {
    offline: request.access === undefined,
    setId: world.setId,
    claimant: claimantOf(request, world),
    namespace: settings.namespace,
    ...(world.inventory && { inventory: world.inventory }),
    adopt: settings.adopt,
    elsewhere: request.elsewhere ?? { by: new Map() },
    prune: settings.prune,
    policy: request.policy,
    likeIt: ({ group, kind }: Ref) =>
      subjects.flatMap(({ ref, live }) =>
        live !== undefined && ref.group === group && ref.kind === kind ? [live] : [],
      ),
  };
  return subjects.map((subject) => assess(subject, rules));
}

function ownedCount(request: PlanTargetRequest, world: World, { live }: Observed): number {
  const claimant = claimantOf(request, world);
  return [...live.values()].filter((object) => claimOn(object, claimant).kind === "ours").length;
}

function resultOf(problems: readonly Problem[], observed: Observed, changes: boolean): Result {
  if (hasErrors(problems)) return "failed";
  if (observed.unread.size > 0 || !observed.complete) return "incomplete";
  if (hasBlockers(problems)) return "blocked";
  return changes ? "changes" : "no-changes";
}
