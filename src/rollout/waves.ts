import type { Change } from "../model/change.ts";
import { compareRefs, type Ref } from "../model/ref.ts";

// What must be there before the next line makes sense. Kinds that no line names (workloads of every sort, custom
// resources) go where REST stands. Webhooks come last: their backends must answer before they judge anything.
const ORDER: readonly (readonly string[])[] = [
  ["CustomResourceDefinition", "Namespace"],
  [
    "ClusterRole",
    "ClusterRoleBinding",
    "PriorityClass",
    "StorageClass",
    "IngressClass",
    "RuntimeClass",
    "GatewayClass",
    "ResourceQuota",
    "LimitRange",
    "ServiceAccount",
    "Role",
    "RoleBinding",
  ],
  ["ConfigMap", "Secret", "PersistentVolume", "PersistentVolumeClaim", "Service", "NetworkPolicy"],
  [],
  ["HorizontalPodAutoscaler", "PodDisruptionBudget", "Ingress", "HTTPRoute", "APIService"],
  [
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "MutatingWebhookConfiguration",
  ],
];

const REST = ORDER.findIndex((kinds) => kinds.length === 0);

/** The place of a kind in the order of writing, counted from 0. */
export function waveOf(ref: Pick<Ref, "kind">): number {
  const wave = ORDER.findIndex((kinds) => kinds.includes(ref.kind));
  return wave < 0 ? REST : wave;
}

/** Changes that write, in waves; each wave is settled before the next begins. Empty waves are left out. */
export function toWaves(changes: readonly Change[]): readonly (readonly Change[])[] {
  const writing = changes.filter(({ op }) => op !== "delete" && op !== "keep");
  const waves = ORDER.map((_, wave) => writing.filter(({ ref }) => waveOf(ref) === wave).toSorted(byRef));
  return waves.filter((wave) => wave.length > 0);
}

/** Deletions in the opposite order: what stands on others goes first. */
export function toRemovals(changes: readonly Change[]): readonly (readonly Change[])[] {
  const removals = changes.filter(({ op }) => op === "delete");
  const waves = ORDER.map((_, wave) => removals.filter(({ ref }) => waveOf(ref) === wave).toSorted(byRef));
  return waves.toReversed().filter((wave) => wave.length > 0);
}

function byRef(a: Change, b: Change): number {
  return compareRefs(a.ref, b.ref);
}
