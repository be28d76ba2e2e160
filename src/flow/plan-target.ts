import type { Inventory, RepositoryId } from "../model/inventory.ts";
import type { Kinds } from "../model/kind.ts";
import type { KubeObject, SourceObject } from "../model/object.ts";
import { NOTHING_HIDDEN, type TargetReport } from "../model/plan.ts";
import { hasBlockers, hasErrors, type Problem } from "../model/problem.ts";
import { compareRefs, refKey } from "../model/ref.ts";
import type { Result } from "../model/result.ts";
import type { ClusterAccess, Rendered } from "../ports.ts";
import { formatTarget } from "../model/target.ts";
import type { ResolvedTarget } from "../config/settings.ts";
import { validateObjects } from "../manifest/validate.ts";
import { pruneLimit, type PrunePolicy } from "../rollout/prune.ts";
import { assess, type Assessment } from "./assess.ts";
import { planDigests } from "./plan-digests.ts";
import { countMasked } from "./masked-count.ts";
import { subjectsOf, type Gathered } from "./subjects.ts";
import { identityProblems, lookAround, type World } from "./world.ts";
import { comingWith, type Coming } from "./coming.ts";
import { desire, type Desired } from "./desired.ts";
import type { WantedElsewhere } from "./wanted.ts";
import { observe, type Observed } from "./observe.ts";
import { predict, type Predictions } from "./predict.ts";
import { claimOn, claimProblem } from "../rollout/claim.ts";

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
  /** Teaches the masker every secret value met, before anything is reported. */
  readonly learn: (object: KubeObject) => void;
}

/** A plan of one target, with what an apply needs to carry it out. */
export interface TargetPlan {
  readonly report: TargetReport;
  readonly desired: readonly Desired[];
  readonly live: ReadonlyMap<string, KubeObject>;
  readonly inventory?: Inventory;
  readonly kinds: Kinds;
  readonly setId: string;
}

const NO_KINDS: Kinds = { served: [], unavailable: [] };

/** Says for one target what bringing it from its live state to `head` does, and what of that `base` already asked for. */
export async function planTarget(request: PlanTargetRequest, signal: AbortSignal): Promise<TargetPlan> {
  const world = await lookAround(request.access, request.settings.target, signal);
  for (const { object } of [...(request.base?.objects ?? []), ...request.head.objects]) request.learn(object);
  const { namespace } = request.settings.settings;
  const base = desireAll(request.base?.objects ?? [], request.baseNamespace ?? namespace, request, world);
  const head = desireAll(request.head.objects, namespace, request, world);
  const problems = [
    ...request.head.problems,
    ...validateObjects(request.head.objects),
    ...head.problems,
    ...identityProblems(request, world),
    ...emptyRender(request, world),
  ];
  if (request.access === undefined || hasErrors(problems))
    return finish(request, world, { base: base.desired, head: head.desired, problems, ...NOT_LOOKED });
  const seen = await look(request.access, { base: base.desired, head: head.desired, problems, world, request }, signal);
  return finish(request, world, { base: base.desired, head: head.desired, problems, ...seen });
}

interface Seen {
  readonly observed: Observed;
  readonly predictions: Predictions;
}

const NOT_LOOKED: Seen = {
  observed: { live: new Map(), unread: new Set(), complete: true, problems: [] },
  predictions: { base: new Map(), head: new Map(), liveAsBase: new Map() },
};

interface LookRequest {
  readonly base: readonly Desired[];
  readonly head: readonly Desired[];
  /** Those that are known without asking for live objects. */
  readonly problems: readonly Problem[];
  readonly world: World;
  readonly request: PlanTargetRequest;
}

async function look(
  access: ClusterAccess,
  { base, head, problems, world, request }: LookRequest,
  signal: AbortSignal,
): Promise<Seen> {
  const { cluster } = access;
  const { setId, inventory, kinds = NO_KINDS } = world;
  const wanted = { cluster, kinds, setId, desired: [...head, ...base], ...(inventory && { inventory }) };
  const observed = await observe(wanted, signal);
  for (const object of observed.live.values()) request.learn(object);
  const predictions = await predict(
    {
      cluster,
      base,
      head,
      live: new Set(observed.live.keys()),
      skip: new Set([
        ...observed.unread,
        ...foreignKeys(head, observed, setId, request.settings.settings.adopt),
        ...(hasBlockers(problems) ? refusedKeys(request.head.objects, head) : []),
      ]),
      comingNamespaces: comingNamespaces(request, observed),
    },
    signal,
  );
  return { observed, predictions };
}

function foreignKeys(head: readonly Desired[], { live }: Observed, setId: string, adopt: boolean): readonly string[] {
  return head
    .map(({ ref }) => ({ ref, key: refKey(ref) }))
    .flatMap(({ ref, key }) => {
      const object = live.get(key);
      if (object === undefined) return [];
      return claimProblem(claimOn(object, setId), ref, adopt, undefined) === undefined ? [] : [key];
    });
}

/** Objects with a blocker of our own: the server would only say the same again in other words. */
function refusedKeys(sources: readonly SourceObject[], head: readonly Desired[]): readonly string[] {
  const refused = sources.filter((source) => hasBlockers(validateObjects([source])));
  const isRefused = ({ ref, at }: Desired): boolean =>
    refused.some(
      ({ object: { kind, metadata }, at: place }) => place === at && kind === ref.kind && metadata.name === ref.name,
    );
  return head.filter(isRefused).map(({ ref }) => refKey(ref));
}

/** Own namespaces that are there already are no news; of those of other apps, the server's answer tells. */
function comingNamespaces(request: PlanTargetRequest, { live }: Observed): ReadonlySet<string> {
  const own = comingWith(request.head.objects).namespaces;
  const absent = own.filter((name) => !live.has(refKey({ group: "", kind: "Namespace", name })));
  return new Set([...absent, ...(request.coming?.namespaces ?? [])]);
}

interface Judged extends Gathered {
  readonly problems: readonly Problem[];
}

function desireAll(
  sources: readonly SourceObject[],
  namespace: string,
  { settings: { settings }, head, coming }: PlanTargetRequest,
  { kinds, setId }: World,
): ReturnType<typeof desire> {
  const own = comingWith(head.objects);
  const all = { kinds: [...own.kinds, ...(coming?.kinds ?? [])], namespaces: own.namespaces };
  const rules = { namespace, allowedNamespaces: settings.namespaces, setId, coming: all };
  return desire(sources, kinds === undefined ? rules : { ...rules, kinds });
}

function finish(request: PlanTargetRequest, world: World, gathered: Judged): TargetPlan {
  const assessments = hasErrors(gathered.problems) ? [] : assessAll(request, world, gathered);
  const changes = assessments.flatMap(({ change }) => change ?? []).toSorted((a, b) => compareRefs(a.ref, b.ref));
  const limit = pruneLimit(changes, ownedCount(gathered.observed, world.setId), request.policy);
  const problems = [
    ...gathered.problems,
    ...gathered.observed.problems,
    ...assessments.flatMap((assessment) => assessment.problems),
    ...(limit ? [limit] : []),
  ];
  const drift = assessments.flatMap((assessment) => assessment.drift);
  const unread = gathered.observed.unread.size;
  const report: TargetReport = {
    target: request.settings.target,
    result: resultOf(
      problems,
      gathered.observed,
      changes.some(({ op }) => op !== "keep"),
    ),
    ...planDigests(request, world, { ...gathered, assessments }),
    keyId: world.key?.id ?? "none",
    ...(world.cluster && { cluster: world.cluster }),
    renderer: request.head.renderer,
    ...(world.inventory?.applied && { appliedRevision: world.inventory.applied }),
    changes,
    outcomes: [],
    drift,
    problems,
    hidden: { ...NOTHING_HIDDEN, masked: countMasked(changes, drift), unread },
    objects: gathered.head.length,
  };
  const { live } = gathered.observed;
  const { inventory, kinds = NO_KINDS, setId } = world;
  return { report, desired: gathered.head, live, ...(inventory && { inventory }), kinds, setId };
}

function assessAll(request: PlanTargetRequest, world: World, gathered: Judged): readonly Assessment[] {
  const { settings } = request.settings;
  const rules = {
    offline: request.access === undefined,
    setId: world.setId,
    ...(world.inventory && { inventory: world.inventory }),
    adopt: settings.adopt,
    elsewhere: request.elsewhere ?? { by: new Map() },
    prune: settings.prune,
    policy: request.policy,
  };
  return subjectsOf(gathered).map((subject) => assess(subject, rules));
}

function ownedCount({ live }: Observed, setId: string): number {
  return [...live.values()].filter((object) => claimOn(object, setId).kind === "ours").length;
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

function resultOf(problems: readonly Problem[], observed: Observed, changes: boolean): Result {
  if (hasErrors(problems)) return "failed";
  if (observed.unread.size > 0 || !observed.complete) return "incomplete";
  if (hasBlockers(problems)) return "blocked";
  return changes ? "changes" : "no-changes";
}
