import type { KubeObject, ManagedFields } from "./object.ts";

/** Our field manager. Never `kubectl`: the API server treats that name specially. */
export const FIELD_MANAGER = "plumbline";

/** The label by which members of our set are found; its value is the set's id (KEP-3659). */
export const PART_OF_LABEL = "applyset.kubernetes.io/part-of";

/** We have applied this object: our manager holds an Apply entry. */
export function isManagedByUs(live: KubeObject): boolean {
  return (live.metadata.managedFields ?? []).some(isOurs);
}

export function isOurs(entry: ManagedFields): boolean {
  return entry.manager === FIELD_MANAGER && entry.operation === "Apply" && entry.subresource === undefined;
}
