import { isMap, type Json, type JsonMap } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import { PART_OF_LABEL } from "../model/ownership-marks.ts";

const SERVER_OWNED = [
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "uid",
  "selfLink",
  "managedFields",
];

// `kubectl apply` keeps a whole copy of the object here, Secret values included (CVE-2023-40029 in Argo CD).
export const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * What of an object is compared: without the metadata that the server owns, without our own set label, and without
 * kubectl's copy of the object.
 */
export function comparable(object: KubeObject): JsonMap {
  return { ...object, metadata: comparableMetadata(object.metadata) };
}

/** The object as people declare it, where status is a subresource: what a manifest says of it the server ignores. */
export function withoutStatus(object: KubeObject): KubeObject {
  if (!Object.hasOwn(object, "status")) return object;
  const { status: _status, ...rest } = object;
  return rest;
}

function comparableMetadata(metadata: JsonMap): JsonMap {
  const kept = without(metadata, SERVER_OWNED);
  return { ...kept, ...trimmed(kept, "labels", PART_OF_LABEL), ...trimmed(kept, "annotations", LAST_APPLIED) };
}

function trimmed(metadata: JsonMap, field: "labels" | "annotations", key: string): JsonMap {
  const map = metadata[field];
  if (!isMap(map) || !Object.hasOwn(map, key)) return {};
  const rest = without(map, [key]);
  return { [field]: Object.keys(rest).length === 0 ? undefined : rest };
}

/** A copy of a map without some of its keys. */
export function without(map: JsonMap, keys: readonly string[]): JsonMap {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

/** The object with one more label; labels it already has are kept. */
export function withLabel(object: KubeObject, key: string, value: string): KubeObject {
  const labels = { ...object.metadata.labels, [key]: value };
  return { ...object, metadata: { ...object.metadata, labels } };
}

/** What Git declares of an object: everything but its identity. */
export function declared(object: KubeObject): JsonMap {
  const { apiVersion: _apiVersion, kind: _kind, ...rest } = comparable(object);
  const metadata: Json | undefined = rest["metadata"];
  return { ...rest, metadata: isMap(metadata) ? without(metadata, ["name", "namespace"]) : {} };
}
