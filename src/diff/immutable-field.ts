import { groupOf, type KubeObject } from "../model/object.ts";
import { isDeniedByAdmission, type Refusal, type RefusalCause } from "../model/refusal.ts";
import { relevantCauses, withoutValue } from "./refusal-text.ts";

/** The words in which the API server refuses to change a field that exists. Custom kinds choose their own. */
export const IMMUTABLE =
  /\bimmutable\b|may not be changed|may not change (?:once set|fields other than)|cannot change roleRef|updates to \S+ spec for fields other than/i;

/** A kind whose objects can be made anew without losing what they stand for, and the fields that demand it. */
interface RemakeableKind {
  readonly group: string;
  readonly kind: string;
  /** Fields as the server names them; what lies below them counts as well. */
  readonly fields: readonly string[];
}

const REMAKEABLE: readonly RemakeableKind[] = [
  { group: "apps", kind: "Deployment", fields: ["spec.selector"] },
  { group: "apps", kind: "DaemonSet", fields: ["spec.selector"] },
  { group: "apps", kind: "ReplicaSet", fields: ["spec.selector"] },
  // The server names no field of a StatefulSet but the whole spec.
  { group: "apps", kind: "StatefulSet", fields: ["spec"] },
  {
    group: "batch",
    kind: "Job",
    fields: [
      "spec.template",
      "spec.selector",
      "spec.completions",
      "spec.completionMode",
      "spec.podFailurePolicy",
      "spec.backoffLimitPerIndex",
      "spec.managedBy",
      "spec.successPolicy",
    ],
  },
  { group: "", kind: "Pod", fields: ["spec"] },
  {
    group: "",
    kind: "Service",
    fields: ["spec.clusterIP", "spec.clusterIPs", "spec.ipFamilies", "spec.loadBalancerClass"],
  },
  { group: "", kind: "ConfigMap", fields: ["data", "binaryData", "immutable"] },
  { group: "", kind: "Secret", fields: ["data", "immutable", "type"] },
  {
    group: "storage.k8s.io",
    kind: "StorageClass",
    fields: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
  },
  { group: "storage.k8s.io", kind: "CSIDriver", fields: ["spec"] },
  { group: "rbac.authorization.k8s.io", kind: "RoleBinding", fields: ["roleRef"] },
  { group: "rbac.authorization.k8s.io", kind: "ClusterRoleBinding", fields: ["roleRef"] },
  { group: "scheduling.k8s.io", kind: "PriorityClass", fields: ["value", "preemptionPolicy"] },
  { group: "node.k8s.io", kind: "RuntimeClass", fields: ["handler"] },
  { group: "networking.k8s.io", kind: "IngressClass", fields: ["spec.controller"] },
  { group: "discovery.k8s.io", kind: "EndpointSlice", fields: ["addressType"] },
];

/** The fields that the server will not change are the only thing wrong with the object. */
export function isImmutableRefusal(refusal: Refusal): boolean {
  if (refusal.httpStatus !== 422 || isDeniedByAdmission(refusal)) return false;
  const causes = relevantCauses(refusal);
  return (
    causes.length > 0 && causes.every(({ field, message }) => isPlace(field) && IMMUTABLE.test(withoutValue(message)))
  );
}

/** Making the object anew is known to be the way around every one of these causes. */
export function isRemakeable({ apiVersion, kind }: KubeObject, causes: readonly RefusalCause[]): boolean {
  const group = groupOf(apiVersion);
  const known = REMAKEABLE.find((candidate) => candidate.group === group && candidate.kind === kind);
  return known !== undefined && causes.every(({ field }) => known.fields.some((name) => isWithin(field, name)));
}

function isPlace(field: string): boolean {
  return field !== "" && field !== "<nil>" && field !== "[]";
}

function isWithin(field: string, name: string): boolean {
  return field.startsWith(name) && /^(?:$|[.[])/.test(field.slice(name.length));
}
