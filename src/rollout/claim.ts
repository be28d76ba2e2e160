import type { KubeObject } from "../model/object.ts";
import { isManagedByUs, PART_OF_LABEL } from "../model/ownership-marks.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef, type Ref } from "../model/ref.ts";
import type { Place } from "../model/place.ts";

/** Whose a live object is, seen from one set. */
export type Claim =
  | { readonly kind: "ours" }
  | { readonly kind: "unowned" }
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

/** An object is ours by our set's label together with an Apply entry of our field manager; labels alone are copied by controllers. */
export function claimOn(live: KubeObject, setId: string): Claim {
  const managedByUs = isManagedByUs(live);
  const partOf = live.metadata.labels?.[PART_OF_LABEL];
  if (partOf === setId) return managedByUs ? { kind: "ours" } : { kind: "foreign", owner: "a copy of our label" };
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

/** An object that already exists and is not ours may be written only with `adopt: true`; an unowned Namespace is joined. */
export function claimProblem(claim: Claim, ref: Ref, adopt: boolean, at: Place | undefined): Problem | undefined {
  if (claim.kind === "ours" || adopt) return undefined;
  if (claim.kind === "unowned" && ref.kind === "Namespace" && ref.group === "") return undefined;
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
