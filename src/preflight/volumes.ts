import type { KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef, refKey, type Ref } from "../model/ref.ts";
import { cautionOf, isDeleted, writtenState, type Planned } from "./planned.ts";
import { mapsAt, numberAt, textAt, told } from "./reading.ts";

/** What was read of the volumes behind a plan's claims. What is in neither map nor `unread` is not there. */
export interface LiveVolumes {
  /** By ref key: claims that are no part of the plan. */
  readonly claims: ReadonlyMap<string, KubeObject>;
  /** PersistentVolumes by name. */
  readonly volumes: ReadonlyMap<string, KubeObject>;
  /** Ref keys of claims and volumes that could not be read. */
  readonly unread: ReadonlySet<string>;
}

export const NO_VOLUMES: LiveVolumes = { claims: new Map(), volumes: new Map(), unread: new Set() };

/** Claims that go with a StatefulSet of the plan, which have to be read first. */
export function claimsToRead(plan: readonly Planned[]): readonly Ref[] {
  const known = new Set(plan.map(({ ref }) => refKey(ref)));
  return plan.flatMap(claimsOfSet).filter((ref) => !known.has(refKey(ref)));
}

/** The PersistentVolumes that lose their claim. */
export function volumesToRead(plan: readonly Planned[], claims: LiveVolumes["claims"]): readonly Ref[] {
  const names = lostClaims(plan).flatMap(({ claim }) => volumeOf(liveClaim(claim, plan, claims)) ?? []);
  return [...new Set(names)].map(volumeRef);
}

/** Volumes whose content is gone when this change is applied, or may be. */
export function deletedVolumes(plan: readonly Planned[], read: LiveVolumes): readonly Problem[] {
  return [...lostClaims(plan).flatMap((lost) => claimProblems(lost, plan, read)), ...plan.flatMap(volumeItself)];
}

/** A claim that goes, and what of the plan takes it along. */
interface LostClaim {
  readonly claim: Ref;
  readonly by: Planned;
}

function lostClaims(plan: readonly Planned[]): readonly LostClaim[] {
  return plan.flatMap((planned) => {
    if (isClaim(planned.ref)) return isDeleted(planned) ? [{ claim: planned.ref, by: planned }] : [];
    return claimsOfSet(planned).map((claim) => ({ claim, by: planned }));
  });
}

function isClaim({ group, kind }: Ref): boolean {
  return group === "" && kind === "PersistentVolumeClaim";
}

/** A StatefulSet may take the claims of its pods along: all of them when it goes, some when it shrinks. */
function claimsOfSet(planned: Planned): readonly Ref[] {
  const { ref, live, op } = planned;
  if (ref.group !== "apps" || ref.kind !== "StatefulSet" || live === undefined) return [];
  const policy = (when: string): boolean =>
    textAt(live, "spec", "persistentVolumeClaimRetentionPolicy", when) === "Delete";
  const replicas = numberAt(live, "spec", "replicas") ?? 1;
  if (isDeleted(planned)) return policy("whenDeleted") ? claimRefs(live, 0, replicas) : [];
  const left = numberAt(writtenState(planned), "spec", "replicas") ?? replicas;
  return op === "update" && policy("whenScaled") ? claimRefs(live, left, replicas) : [];
}

// The pods of one set; the server allows more, a reader does not need more.
const MOST = 100;

function claimRefs(live: KubeObject, from: number, to: number): readonly Ref[] {
  const start = numberAt(live, "spec", "ordinals", "start") ?? 0;
  const ordinals = Array.from({ length: Math.max(0, Math.min(MOST, to - from)) }, (_, index) => start + from + index);
  const { name, namespace } = live.metadata;
  return mapsAt(live, "spec", "volumeClaimTemplates").flatMap((template) =>
    ordinals.map((ordinal) => ({
      group: "",
      kind: "PersistentVolumeClaim",
      ...(namespace !== undefined && { namespace }),
      name: `${textAt(template, "metadata", "name") ?? ""}-${name}-${ordinal}`,
    })),
  );
}

function liveClaim(claim: Ref, plan: readonly Planned[], claims: LiveVolumes["claims"]): KubeObject | undefined {
  const key = refKey(claim);
  return claims.get(key) ?? plan.find(({ ref }) => refKey(ref) === key)?.live;
}

function volumeOf(claim: KubeObject | undefined): string | undefined {
  const name = textAt(claim, "spec", "volumeName");
  return name === "" ? undefined : name;
}

function volumeRef(name: string): Ref {
  return { group: "", kind: "PersistentVolume", name };
}

function claimProblems({ claim, by }: LostClaim, plan: readonly Planned[], read: LiveVolumes): readonly Problem[] {
  const whose = refKey(claim) === refKey(by.ref) ? "" : `with it goes ${formatRef(claim)}, which `;
  if (read.unread.has(refKey(claim)))
    return [lossOf(by, `${formatRef(claim)} goes with it, and nobody could read its volume`)];
  const name = volumeOf(liveClaim(claim, plan, read.claims));
  if (name === undefined) return [];
  if (read.unread.has(refKey(volumeRef(name))))
    return [lossOf(by, `${whose}may delete volume ${told(name)}: its reclaim policy could not be read`)];
  const own = plan.find(({ ref }) => refKey(ref) === refKey(volumeRef(name)));
  const volume = (own && writtenState(own)) ?? own?.live ?? read.volumes.get(name);
  if (!isReclaimed(volume)) return [];
  return [lossOf(by, `${whose}deletes volume ${told(name)} with its content (reclaim policy Delete)`)];
}

/** A PersistentVolume that is removed itself takes its storage along, too. */
function volumeItself(planned: Planned): readonly Problem[] {
  const { ref, live } = planned;
  if (ref.group !== "" || ref.kind !== "PersistentVolume" || !isDeleted(planned) || live === undefined) return [];
  return isReclaimed(live) ? [lossOf(planned, "deletes the volume with its content (reclaim policy Delete)")] : [];
}

function isReclaimed(volume: KubeObject | undefined): boolean {
  return textAt(volume, "spec", "persistentVolumeReclaimPolicy") === "Delete";
}

function lossOf(by: Planned, what: string): Problem {
  const remedy = "back up what it holds, or set the volume's reclaim policy to Retain before";
  return cautionOf(by, { code: "volume-deleted", what, remedy });
}
