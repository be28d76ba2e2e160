import type { Change } from "../model/change.ts";
import type { Inventory } from "../model/inventory.ts";
import type { KubeObject } from "../model/object.ts";
import { PART_OF_LABEL } from "../model/ownership-marks.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef, type Ref } from "../model/ref.ts";

/** Limits of deletion, from the configuration's base. */
export interface PrunePolicy {
  readonly max: number;
  readonly ratio: number;
  readonly protect: readonly string[];
}

// Ways in which an object asks to be left alone, in the words of the tools that people come from.
const OPT_OUTS: readonly (readonly [annotation: string, pattern: RegExp])[] = [
  ["plumbline.dev/prune", /^(?:false|disabled|never)$/],
  ["kustomize.toolkit.fluxcd.io/prune", /^disabled$/],
  ["argocd.argoproj.io/sync-options", /\b(?:Prune|Delete)=(?:false|confirm)\b/],
  ["helm.sh/resource-policy", /^keep$/],
  ["kapp.k14s.io/delete-strategy", /^orphan$/],
  ["client.lifecycle.config.k8s.io/deletion", /^detach$/],
  ["cli-utils.sigs.k8s.io/on-remove", /^keep$/],
  ["fluxcd.io/ignore", /^sync_only$/],
];

/** What proves that an object is a target's to delete. */
export interface Evidence {
  readonly setId: string;
  /** Absent: lost, or never written. */
  readonly inventory?: Inventory;
}

/** What is missing to prove that an object which our manager wrote is still ours to delete; `undefined` when nothing is. */
export function missingEvidence(live: KubeObject, ref: Ref, { setId, inventory }: Evidence): string | undefined {
  if (live.metadata.labels?.[PART_OF_LABEL] !== setId) return `label ${PART_OF_LABEL} was taken off it`;
  if (inventory === undefined) return "this target has no inventory that proves it ours";
  const isMember =
    inventory.kinds.some(({ group, kind }) => group === ref.group && kind === ref.kind) &&
    (ref.namespace === undefined || inventory.namespaces.includes(ref.namespace));
  return isMember ? undefined : "the inventory of this target does not hold its kind and namespace";
}

/** Why a live object of ours that left Git is kept all the same; `undefined` when it may go. */
export function keepReason(live: KubeObject, ref: Ref, policy: PrunePolicy): string | undefined {
  const optOut = OPT_OUTS.find(([name, pattern]) => pattern.test(live.metadata.annotations?.[name] ?? ""));
  if (optOut !== undefined) return `annotation ${optOut[0]} asks to keep it`;
  if (policy.protect.includes(ref.kind)) return `${ref.kind} is a protected kind`;
  if (isSystemNamespace(ref)) return `namespace ${ref.namespace ?? ref.name} belongs to Kubernetes`;
  return undefined;
}

function isSystemNamespace({ kind, namespace, name }: Ref): boolean {
  const subject = namespace ?? (kind === "Namespace" ? name : undefined);
  return (
    subject !== undefined && /^(?:kube-.*|default)$/.test(subject) && (kind === "Namespace" || subject !== "default")
  );
}

/** Blocks a change that deletes too much at once: above `max`, or above `ratio` of what we own when more than three go. */
export function pruneLimit(changes: readonly Change[], owned: number, policy: PrunePolicy): Problem | undefined {
  const removals = changes.filter(({ op }) => op === "delete").length;
  if (removals <= policy.max && (removals <= 3 || removals <= policy.ratio * owned)) return undefined;
  const share = owned === 0 ? 100 : Math.round((100 * removals) / owned);
  return {
    code: "prune-limit",
    level: "blocker",
    message: `${removals} of ${owned} objects (${share} %) would be deleted; the limit is ${policy.max} objects and ${policy.ratio * 100} %`,
    remedy: "check that nothing was moved or lost; raise policy.prune.max and ratio for this change if it is meant",
  };
}

/** What is said of an object that stays although it left Git. */
export function keptCaution(ref: Ref, because: string): Problem {
  return {
    code: "prune-protected",
    level: "caution",
    message: `${formatRef(ref)} left Git and stays in the cluster: ${because}`,
    remedy: "delete it by hand if it is no longer needed",
  };
}
