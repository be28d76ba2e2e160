import type { KubeObject } from "../model/object.ts";
import { isManagedByUs, PART_OF_LABEL } from "../model/ownership-marks.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef, type Ref } from "../model/ref.ts";
import type { Place } from "../model/place.ts";

/** Whose a live object is, seen from one set. */
export type Claim =
  | { readonly kind: "ours" }
  | { readonly kind: "unowned" }
  /** Another app of the same environment holds it. */
  | { readonly kind: "sibling"; readonly target: string }
  | { readonly kind: "foreign"; readonly owner: string };

const MARKS: readonly { readonly owner: string; readonly label?: string; readonly annotation?: string }[] = [
  { owner: "Flux", label: "kustomize.toolkit.fluxcd.io/name" },
  { owner: "Flux", label: "helm.toolkit.fluxcd.io/name" },
  { owner: "Argo CD", annotation: "argocd.argoproj.io/tracking-id" },
  { owner: "Argo CD", label: "argocd.argoproj.io/instance" },
  { owner: "Helm", annotation: "meta.helm.sh/release-name" },
  { owner: "kapp", label: "kapp.k14s.io/app" },
  { owner: "kluctl", label: "kluctl.io/discriminator" },
  { owner: "cli-utils", annotation: "config.k8s.io/owning-inventory" },
  { owner: "Config Sync", annotation: "configsync.gke.io/resource-id" },
];

/** Who asks: a set, and the sets of the other apps of its environment with their targets' names. */
export interface Claimant {
  readonly setId: string;
  readonly siblings?: ReadonlyMap<string, string>;
}

/** An object is ours by our set's label together with an Apply entry of our field manager; labels alone are copied by controllers. */
export function claimOn(live: KubeObject, { setId, siblings }: Claimant): Claim {
  const managedByUs = isManagedByUs(live);
  const partOf = live.metadata.labels?.[PART_OF_LABEL];
  if (partOf === setId) return managedByUs ? { kind: "ours" } : { kind: "foreign", owner: "a copy of our label" };
  const sibling = partOf === undefined || !managedByUs ? undefined : siblings?.get(partOf);
  if (sibling !== undefined) return { kind: "sibling", target: sibling };
  if (partOf !== undefined) return { kind: "foreign", owner: `another target or ApplySet (${partOf})` };
  // Our Apply entry without our label: somebody took the label off.
  if (managedByUs) return { kind: "ours" };
  const mark = MARKS.find(({ label, annotation }) => hasMark(live, label, annotation));
  return mark === undefined ? { kind: "unowned" } : { kind: "foreign", owner: mark.owner };
}

function hasMark(live: KubeObject, label: string | undefined, annotation: string | undefined): boolean {
  const { labels, annotations } = live.metadata;
  return (
    (label !== undefined && labels?.[label] !== undefined) ||
    (annotation !== undefined && annotations?.[annotation] !== undefined)
  );
}

/** A target among the siblings that wants an object now. */
export interface Wanting {
  readonly target: string;
  /** It does not render, so all that is known is that it may want it. */
  readonly isUnknown: boolean;
}

export interface ClaimRules {
  readonly adopt: boolean;
  readonly wantedBy?: Wanting;
  readonly at?: Place;
}

/**
 * An object that already exists and is not ours may be written only with `adopt: true`; an unowned Namespace is joined, and
 * what another app of the environment lets go moves.
 */
export function claimProblem(claim: Claim, ref: Ref, { adopt, wantedBy, at }: ClaimRules): Problem | undefined {
  if (claim.kind === "ours") return undefined;
  if (claim.kind === "sibling") return wantedBy && stillWanted(ref, claim.target, { wantedBy, ...(at && { at }) });
  if (adopt || (claim.kind === "unowned" && ref.kind === "Namespace" && ref.group === "")) return undefined;
  const isForeign = claim.kind === "foreign";
  const owner = isForeign ? `belongs to ${claim.owner}` : "was not made by Plumbline";
  const first = isForeign ? "take it out of there and " : "";
  return {
    code: "owned-by-another",
    level: "blocker",
    message: `${formatRef(ref)} already exists and ${owner}; its content is not shown`,
    remedy: `${first}set \`adopt: true\` for this app, or give the object another name`,
    ...(at && { at }),
  };
}

function stillWanted(
  ref: Ref,
  owner: string,
  { wantedBy, at }: { readonly wantedBy: Wanting; readonly at?: Place },
): Problem {
  const { target, isUnknown } = wantedBy;
  const who = target === owner ? `${owner}, which` : `${owner}, and ${target}`;
  return {
    code: "owned-by-another",
    level: "blocker",
    message: `${formatRef(ref)} belongs to ${who} ${isUnknown ? "does not render and may want it" : "wants it too"}`,
    remedy: isUnknown ? `have ${target} render again` : ONE_ONLY,
    ...(at && { at }),
  };
}

const ONE_ONLY = "define it in one of the two apps only";

/** Two apps of an environment make the same new object: whichever is applied second would be refused. */
export function wantedTwice(ref: Ref, target: string, at: Place): Problem {
  return {
    code: "owned-by-another",
    level: "blocker",
    message: `${formatRef(ref)} is wanted by ${target} as well`,
    remedy: ONE_ONLY,
    at,
  };
}
