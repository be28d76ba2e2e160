import type { AdmissionMarks } from "../model/inventory.ts";
import { apiVersionOf, type KubeKind, type Kinds } from "../model/kind.ts";
import type { SourceObject } from "../model/object.ts";
import { hasBlockers, type Problem } from "../model/problem.ts";
import { refKey } from "../model/ref.ts";
import type { ClusterAccess } from "../ports.ts";
import { validateObjects } from "../manifest/validate.ts";
import { claimOn, claimProblem, type Claimant } from "../rollout/claim.ts";
import { isTrusted, marksFor, readAdmission, type Admission } from "./admission.ts";
import { withoutGuesses } from "../diff/guess.ts";
import { watchAutoscalers } from "./autoscaled.ts";
import { comingWith, type ComingObjects } from "./coming.ts";
import type { Desired } from "./desired.ts";
import { leftAlone, NOTHING_LEFT_ALONE, type LeftAlone } from "./left-alone.ts";
import { chooseMode, type ModeChoice } from "./mode.ts";
import { askOnce, type Once } from "./once.ts";
import { observe, type Observed } from "./observe.ts";
import type { PlanTargetRequest } from "./plan-target.ts";
import { predict, type Predictions } from "./predict.ts";
import { wantedBy } from "./wanted.ts";
import type { World } from "./world.ts";

/** What a look at the cluster told. */
export interface Seen {
  /** Head as the cluster was asked about it; absent: as it is. */
  readonly asked?: readonly Desired[];
  readonly observed: Observed;
  readonly predictions: Predictions;
  readonly leftAlone: LeftAlone;
  /** How the cluster changes what is written to it; absent: could not be read. */
  readonly marks?: AdmissionMarks;
  readonly problems: readonly Problem[];
}

export const NOT_LOOKED: Seen = {
  observed: { live: new Map(), unread: new Set(), complete: true, problems: [] },
  predictions: { base: new Map(), head: new Map(), sendings: new Map(), fresher: new Map(), liveAsBase: new Map() },
  leftAlone: NOTHING_LEFT_ALONE,
  problems: [],
};

export interface LookRequest {
  readonly base: readonly Desired[];
  readonly head: readonly Desired[];
  /** Those that are known without asking for live objects. */
  readonly problems: readonly Problem[];
  readonly world: World;
  readonly request: PlanTargetRequest;
}

/** Lists what is live, and predicts what would become of it. */
export async function look(access: ClusterAccess, lookRequest: LookRequest, signal: AbortSignal): Promise<Seen> {
  const { cluster } = access;
  const { base, head, world, request } = lookRequest;
  const { setId, inventory, kinds = NO_KINDS } = world;
  const desired = [...head, ...base];
  const compared = uniqueKinds(desired);
  const versions = versionsByKind(kinds);
  const mode = askOnce(() => chooseMode(request.mode ?? "auto", desired, cluster, signal));
  const [observed, admission] = await Promise.all([
    observe({ cluster, kinds, setId, desired, ...(inventory && { inventory }) }, signal),
    readAdmission({ cluster, kinds, version: world.cluster?.version ?? "", compared }, signal),
  ]);
  for (const object of observed.live.values()) request.learn(object);
  const autoscalers = watchAutoscalers({ cluster, kinds, head, setId }, signal);
  const alone = leftAlone({ base, head }, observed.live, request.settings.settings.ignore);
  const asked = request.guarded === true ? unguessed(base, head, observed.live) : head;
  const predictions = await predict(
    {
      cluster,
      base,
      head: asked,
      live: observed.live,
      skip: new Set([
        ...observed.unread,
        ...alone.untouched,
        ...foreignKeys(lookRequest, observed),
        ...refusedKeys(lookRequest),
      ]),
      coming: comingObjects(lookRequest, observed),
      mayProve: (kind) => request.exact !== true && isTrusted(kind, admission, inventory?.admission),
      versionsOf: ({ group, kind }) => versions.get(`${group}/${kind}`) ?? [],
      shadow: request.shadow ?? 0,
      readOnly: async (kind, namespace) => (await mode.answer()).readOnly(kind, namespace),
      ignoring: alone.asked,
      autoscaled: autoscalers.fieldsOf,
      adopt: request.settings.settings.adopt,
    },
    signal,
  );
  return {
    asked,
    observed: { ...observed, live: withFresher(observed, predictions) },
    predictions,
    leftAlone: alone,
    ...toMarks(compared, admission),
    problems: [...alone.problems, ...autoscalers.problems(), ...(await modeProblems(mode))],
  };
}

function unguessed(base: readonly Desired[], head: readonly Desired[], live: Observed["live"]): readonly Desired[] {
  const before = new Map(base.map(({ ref, object }) => [refKey(ref), object]));
  return head.map((desired) => {
    const key = refKey(desired.ref);
    const [baseObject, liveObject] = [before.get(key), live.get(key)];
    if (liveObject === undefined) return desired;
    const object = withoutGuesses({ head: desired.object, live: liveObject, ...(baseObject && { base: baseObject }) });
    return object === desired.object ? desired : { ...desired, object };
  });
}

/** Nobody asks what our identity may do before a dry-run is needed. */
async function modeProblems(mode: Once<ModeChoice>): Promise<readonly Problem[]> {
  const note = mode.wasAsked() ? (await mode.answer()).note : undefined;
  if (note === undefined) return [];
  return [
    {
      code: "read-only",
      level: "caution",
      message: `${note}; defaults, admission and validation were not asked, so the server may say otherwise`,
      remedy: "allow our identity to patch and create these kinds",
    },
  ];
}

const NO_KINDS: Kinds = { served: [], unavailable: [] };

/** The apiVersions in which each kind is served, by `group/Kind`. */
function versionsByKind({ served }: Kinds): ReadonlyMap<string, readonly string[]> {
  const byKind = Map.groupBy(served, ({ group, kind }) => `${group}/${kind}`);
  return new Map([...byKind].map(([name, same]) => [name, same.map(apiVersionOf)]));
}

function uniqueKinds(desired: readonly Desired[]): readonly KubeKind[] {
  return [...new Set(desired.flatMap(({ address }) => address?.kind ?? []))];
}

function toMarks(compared: readonly KubeKind[], admission: Admission): Pick<Seen, "marks"> {
  const marks = marksFor(compared, admission);
  return Object.keys(marks).length === 0 ? {} : { marks };
}

function withFresher({ live }: Observed, { fresher }: Predictions): Observed["live"] {
  if (fresher.size === 0) return live;
  const all = [...new Map([...live, ...fresher])];
  return new Map(all.flatMap(([key, object]) => (object === undefined ? [] : [[key, object] as const])));
}

/** Who asks for a target: its set, and those of the other apps of its environment. */
export function claimantOf({ access, settings, siblings = [] }: PlanTargetRequest, { setId }: World): Claimant {
  if (access === undefined) return { setId };
  const others = siblings.filter(({ environment }) => environment === settings.target.environment);
  return {
    setId,
    siblings: new Map(others.map((target) => [access.setId(target), `${target.environment}/${target.app}`])),
  };
}

function foreignKeys({ head, world, request }: LookRequest, { live }: Observed): readonly string[] {
  const claimant = claimantOf(request, world);
  const { adopt } = request.settings.settings;
  return head.flatMap(({ ref }) => {
    const object = live.get(refKey(ref));
    if (object === undefined) return [];
    const wanted = wantedBy(ref, request.elsewhere);
    const rules = { adopt, ...(wanted !== undefined && { wantedBy: wanted }) };
    return claimProblem(claimOn(object, claimant), ref, rules) === undefined ? [] : [refKey(ref)];
  });
}

/** Objects with a blocker of our own: the server would only say the same again in other words. */
function refusedKeys({ head, problems, request }: LookRequest): readonly string[] {
  if (!hasBlockers(problems)) return [];
  const refused = request.head.objects.filter((source: SourceObject) => hasBlockers(validateObjects([source])));
  const isRefused = ({ ref, at }: Desired): boolean =>
    refused.some(
      ({ object: { kind, metadata }, at: place }) => place === at && kind === ref.kind && metadata.name === ref.name,
    );
  return head.filter(isRefused).map(({ ref }) => refKey(ref));
}

/** Own namespaces that are there already are no news; of those of other apps, the server's answer tells. */
function comingObjects({ head, request }: LookRequest, { live }: Observed): ComingObjects {
  const own = comingWith(request.head.objects);
  const absent = own.namespaces.filter((name) => !live.has(refKey({ group: "", kind: "Namespace", name })));
  const mine = head.map(({ ref }) => refKey(ref)).filter((key) => !live.has(key));
  return {
    namespaces: new Set([...absent, ...(request.coming?.namespaces ?? [])]),
    refs: new Set([...mine, ...(request.elsewhere?.by.keys() ?? [])]),
    definitions: [...own.definitions, ...(request.coming?.definitions ?? [])],
  };
}
