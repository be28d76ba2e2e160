import { isMap, type Json } from "../model/json.ts";
import { groupOf, type KubeObject } from "../model/object.ts";
import type { Refusal } from "../model/refusal.ts";
import { isImmutableRefusal, isRemakeable } from "./immutable-field.ts";
import { relevantCauses } from "./refusal-text.ts";

/** By this annotation an author asks for an object to be deleted and made anew where the server will not change it. */
export const REPLACE_ANNOTATION = "plumbline.dev/replace";

/** Whether a change that the server refuses may be had by deleting the object, by its uid, and creating it anew. */
export type Replacement =
  | { readonly kind: "replaceable" }
  /** It would work, but the author has not asked for it. */
  | { readonly kind: "not-asked" }
  /** Its deletion loses data, or takes others along. */
  | { readonly kind: "never"; readonly because: string };

/**
 * `undefined`: something else is wrong with the object as well, or nobody knows what its deletion would mean (custom kinds).
 * `object` is what Git wants; only there is the author's consent looked for.
 */
export function replaceableBy(refusal: Refusal, object: KubeObject, live: KubeObject): Replacement | undefined {
  if (!isImmutableRefusal(refusal)) return undefined;
  const because = lossOf(live);
  if (because !== undefined) return { kind: "never", because };
  if (!isRemakeable(object, relevantCauses(refusal))) return undefined;
  return { kind: isAsked(object) ? "replaceable" : "not-asked" };
}

const LOSSES: ReadonlyMap<string, string> = new Map([
  ["/Namespace", "deleting it deletes everything in it"],
  ["/PersistentVolumeClaim", "deleting it can delete its volume and the data on it"],
  ["/PersistentVolume", "deleting it can delete the data on it"],
  ["apiextensions.k8s.io/CustomResourceDefinition", "deleting it deletes every object of its kind"],
]);

/** What is lost with a live object, in words; `undefined`: nothing that a new object does not bring back. */
function lossOf(live: KubeObject): string | undefined {
  const loss = LOSSES.get(`${groupOf(live.apiVersion)}/${live.kind}`);
  if (loss !== undefined || live.kind !== "StatefulSet") return loss;
  const retention = member(member(live["spec"], "persistentVolumeClaimRetentionPolicy"), "whenDeleted");
  return retention === "Delete" ? "deleting it deletes its volumes (persistentVolumeClaimRetentionPolicy)" : undefined;
}

function member(value: Json | undefined, key: string): Json | undefined {
  return isMap(value) ? value[key] : undefined;
}

/** The author's consent, in our own words or in those of Flux and Argo CD. */
function isAsked({ metadata: { annotations = {} } }: KubeObject): boolean {
  if (annotations[REPLACE_ANNOTATION] === "true") return true;
  if (/^(?:enabled|Enabled)$/.test(annotations["kustomize.toolkit.fluxcd.io/force"] ?? "")) return true;
  const options = (annotations["argocd.argoproj.io/sync-options"] ?? "").split(",").map((option) => option.trim());
  return options.includes("Replace=true") || options.includes("Force=true");
}
