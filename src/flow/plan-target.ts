import type { AdmissionMarks, Inventory, RepositoryId } from "../model/inventory.ts";
import type { Kinds } from "../model/kind.ts";
import type { KubeObject, SourceObject } from "../model/object.ts";
import type { TargetReport } from "../model/plan.ts";
import { hasErrors, type Problem } from "../model/problem.ts";
import type { Mode } from "../model/mode.ts";
import { refKey } from "../model/ref.ts";
import { formatTarget, type Target } from "../model/target.ts";
import type { ClusterAccess, Rendered } from "../ports.ts";
import type { ResolvedTarget } from "../config/settings.ts";
import { unstableCaution, unstablePaths, type UnstablePath } from "../diff/unstable.ts";
import { validateObjects } from "../manifest/validate.ts";
import type { PrunePolicy } from "../rollout/prune.ts";
import { comingWith, type Coming } from "./coming.ts";
import { desire, type Desired, type DesireResult } from "./desired.ts";
import { look, NOT_LOOKED } from "./look.ts";

import type { Sending } from "./sending.ts";
import { judgePlan } from "./judged-plan.ts";
import { gitDigests } from "./plan-digests.ts";
import { withMoved, type Moved } from "./subjects.ts";
import type { Arrival, WantedElsewhere } from "./wanted.ts";
import { identityProblems, lookAround, type World } from "./world.ts";

export interface PlanTargetRequest {
  readonly settings: ResolvedTarget;
  /** Absent: there is no earlier state to compare with, everything is this change's. */
  readonly base?: Rendered;
  /** Where base's objects go that name no namespace, if elsewhere than head's. */
  readonly baseNamespace?: string;
  readonly head: Rendered;
  /** Absent: no cluster is asked, every change is certain `offline` only. */
  readonly access?: ClusterAccess;
  readonly repository: RepositoryId;
  readonly policy: PrunePolicy;
  /** What else the same run brings to the same environment. */
  readonly coming?: Coming;
  /** What the other apps of the environment want; without it, every other app is taken to want nothing. */
  readonly elsewhere?: WantedElsewhere;
  /** What may have moved here from other apps, as base has it. */
  readonly arriving?: readonly Arrival[];
  /** The other apps of the configuration: what one of them lets go may move here. */
  readonly siblings?: readonly Target[];
  /** What may be asked of the cluster; `auto` unless given. */
  readonly mode?: Mode;
  /** `look`: nobody thinks of writing; what only matters to a write is not asked. */
  readonly purpose?: "write" | "look";
  /** Every object is dry-run; nothing is proven from what is live. */
  readonly exact?: boolean;
  /** Per cent of the proven objects that are dry-run as well. */
  readonly shadow?: number;
  /** What is told must not tell whoever wrote the change that a value of a Secret was guessed right. Nothing is written by such a plan. */
  readonly guarded?: boolean;
  /** Teaches the masker every secret value met, before anything is reported. */
  readonly learn: (object: KubeObject) => void;
}

/** A plan of one target, with what an apply needs to carry it out. */
export interface TargetPlan {
  readonly report: TargetReport;
  readonly desired: readonly Desired[];
  readonly live: ReadonlyMap<string, KubeObject>;
  /** What is sent for each desired object that could be looked at, by ref key. */
  readonly sendings: ReadonlyMap<string, Sending>;
  /** How the cluster changes what is written to it, as it was when this plan was made. */
  readonly marks?: AdmissionMarks;
  readonly inventory?: Inventory;
  readonly kinds: Kinds;
  readonly setId: string;
}

/** Says for one target what bringing it from its live state to `head` does, and what of that `base` already asked for. */
export async function planTarget(request: PlanTargetRequest, signal: AbortSignal): Promise<TargetPlan> {
  const world = await lookAround(request.access, request.settings.target, signal);
  const arriving = (request.arriving ?? []).map(({ source }) => source);
  const wanted = [...(request.base?.objects ?? []), ...arriving, ...request.head.objects];
  // What the two commits share is one object, and teaches once.
  for (const object of new Set(wanted.map((source) => source.object))) request.learn(object);
  const { namespace } = request.settings.settings;
  const desired = desires(request, world);
  const base = desired(request.base?.objects ?? [], request.baseNamespace ?? namespace);
  const head = desired(request.head.objects, namespace);
  const again = request.head.again && desired(request.head.again, namespace);
  const unstable = again === undefined ? [] : unstablePaths(objectsOf(head.desired), objectsOf(again.desired));
  const moved = arrived(request, world, { desired, base: base.desired, head: head.desired });
  const states = { base: base.desired, head: head.desired, unstable };
  const git = reckonOnce(() => gitDigests(request.head, world, states));
  const sides = { ...states, moved, git };
  const problems = [
    ...request.head.problems,
    ...validateObjects(request.head.objects),
    ...head.problems,
    ...identityProblems(request, world),
    ...emptyRender(request, world),
    ...unstableProblems(request, unstable),
  ];
  if (request.access === undefined || hasErrors(problems))
    return judgePlan(request, world, { ...sides, ...NOT_LOOKED, problems }, signal);
  // The first moment at which nothing is left to do but wait for the cluster.
  setImmediate(git);
  const seen = await look(request.access, { ...sides, base: withMoved(sides), problems, world, request }, signal);
  return judgePlan(request, world, { ...sides, ...seen, problems: [...problems, ...seen.problems] }, signal);
}

function reckonOnce<Result>(reckon: () => Result): () => Result {
  let known: Result | undefined;
  return () => (known ??= reckon());
}

/** Makes desired objects of sources; a source that both commits share makes one for both. */
function desires(
  { settings: { settings }, head, coming }: PlanTargetRequest,
  { kinds, setId }: World,
): (sources: readonly SourceObject[], namespace: string) => ReturnType<typeof desire> {
  const own = comingWith(head.objects);
  const all = { kinds: [...own.kinds, ...(coming?.kinds ?? [])] };
  const made = new Map<string, Map<KubeObject, DesireResult>>();
  return (sources, namespace) => {
    const known = made.get(namespace) ?? new Map<KubeObject, DesireResult>();
    made.set(namespace, known);
    const rules = { namespace, allowedNamespaces: settings.namespaces, setId, coming: all, made: known };
    return desire(sources, kinds === undefined ? rules : { ...rules, kinds });
  };
}

interface Sides {
  readonly desired: ReturnType<typeof desires>;
  readonly base: readonly Desired[];
  readonly head: readonly Desired[];
}

/** Of what may have moved here, what head has and base has not. */
function arrived(
  { arriving = [], settings: { settings } }: PlanTargetRequest,
  { kinds }: World,
  { desired, base, head }: Sides,
): readonly Moved[] {
  if (arriving.length === 0) return [];
  const known = new Set(base.map(({ ref }) => refKey(ref)));
  const fresh = new Set(head.map(({ ref }) => refKey(ref)).filter((key) => !known.has(key)));
  return arriving.flatMap(({ from, source, namespace }) => {
    const [one] = desired([source], namespace).desired;
    if (one === undefined || !fresh.has(refKey(one.ref))) return [];
    // Without a cluster nobody fills in the namespace, and two objects of one name may be meant for two places.
    const isElsewhere = kinds === undefined && one.ref.namespace === undefined && namespace !== settings.namespace;
    return isElsewhere ? [] : [{ desired: one, from: formatTarget(from) }];
  });
}

function objectsOf(desired: readonly Desired[]): readonly KubeObject[] {
  return desired.map(({ object }) => object);
}

function unstableProblems({ settings }: PlanTargetRequest, unstable: readonly UnstablePath[]): readonly Problem[] {
  const caution = unstableCaution(formatTarget(settings.target), unstable);
  return caution === undefined ? [] : [caution];
}

/** An empty render of a target that owns something is a lost path or a broken generator, not a wish to delete all. */
function emptyRender({ head, settings }: PlanTargetRequest, { inventory }: World): readonly Problem[] {
  if (head.objects.length > 0 || hasErrors(head.problems) || (inventory?.kinds.length ?? 0) === 0) return [];
  return [
    {
      code: "empty-render",
      level: "error",
      message: `${settings.path ?? settings.target.app} renders to nothing, but target ${formatTarget(settings.target)} owns objects`,
      remedy: "check the path and the generator; remove the app from the configuration to retire it",
    },
  ];
}
