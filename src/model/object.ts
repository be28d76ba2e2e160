import type { JsonMap } from "./json.ts";
import type { Place } from "./place.ts";
import type { Ref } from "./ref.ts";

/** A Kubernetes object as JSON, every field kept, known or not. */
export interface KubeObject extends JsonMap {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
}

export interface Metadata extends JsonMap {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: StringMap;
  readonly annotations?: StringMap;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly ManagedFields[];
}

export interface StringMap extends JsonMap {
  readonly [key: string]: string;
}

export interface OwnerReference extends JsonMap {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

/** One manager's claim on fields (`metadata.managedFields[]`). `time` has a resolution of one second and may be absent. */
export interface ManagedFields extends JsonMap {
  readonly manager?: string;
  readonly operation: string;
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fieldsV1?: JsonMap;
}

/** A desired object and where it was written. */
export interface SourceObject {
  readonly object: KubeObject;
  readonly at: Place;
}

export function refOf(object: KubeObject): Ref {
  const { name, namespace } = object.metadata;
  const kind = { group: groupOf(object.apiVersion), kind: object.kind };
  return namespace === undefined ? { ...kind, name } : { ...kind, namespace, name };
}

/** The group of an apiVersion; the core group is the empty string. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

export function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf("/") + 1);
}
