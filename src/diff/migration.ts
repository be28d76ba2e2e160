import { sameJson, type Json } from "../model/json.ts";
import { jsonPointer, type PatchOperation } from "../model/json-patch.ts";
import type { KubeObject, ManagedFields } from "../model/object.ts";
import { isOurs } from "../model/ownership-marks.ts";
import { mergedEntry } from "./absorbed.ts";

/**
 * Makes `entries` of a live object ours, its content untouched. Refused by the server when the object is no longer the one that
 * was looked at. The apply that follows takes away what Git does not have.
 */
export function ownershipPatch(live: KubeObject, entries: readonly ManagedFields[]): readonly PatchOperation[] {
  const merged = mergedEntry(live, entries);
  const rest = (live.metadata.managedFields ?? []).filter((entry) => !isOurs(entry) && !entries.includes(entry));
  const managedFields = merged === undefined ? rest : [merged, ...rest];
  return [{ op: "replace", path: "/metadata/managedFields", value: managedFields }, ...versionGuard(live)];
}

/**
 * Turns the live object into `wanted`, in its top-level parts, for a dry-run: the server refills defaults and validates, and
 * the right to patch is enough. Refused when the object is no longer the one that was looked at.
 */
export function predictionPatch(live: KubeObject, wanted: KubeObject): readonly PatchOperation[] {
  const names = namesOf(live, wanted).filter((name) => !IDENTITY.includes(name));
  const metadataNames = namesOf(live.metadata, wanted.metadata).filter((name) => !SERVER_OWNED.includes(name));
  return [
    ...names.flatMap((name) => partPatch([name], live[name], wanted[name])),
    ...metadataNames.flatMap((name) => partPatch(["metadata", name], live.metadata[name], wanted.metadata[name])),
    ...versionGuard(live),
  ];
}

const IDENTITY = ["apiVersion", "kind", "metadata"];
const SERVER_OWNED = [
  "name",
  "namespace",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "selfLink",
  "managedFields",
];

function namesOf(a: object, b: object): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

function partPatch(
  keys: readonly string[],
  before: Json | undefined,
  after: Json | undefined,
): readonly PatchOperation[] {
  const path = jsonPointer(keys);
  if (sameJson(before, after)) return [];
  if (after === undefined) return [{ op: "remove", path }];
  return [{ op: before === undefined ? "add" : "replace", path, value: after }];
}

function versionGuard({ metadata }: KubeObject): readonly PatchOperation[] {
  const { resourceVersion } = metadata;
  if (resourceVersion === undefined) return [];
  return [{ op: "replace", path: "/metadata/resourceVersion", value: resourceVersion }];
}
