import type { KubeObject, ManagedFields } from "../model/object.ts";
import { FIELD_MANAGER, isManagedByUs, isOurs } from "../model/ownership-marks.ts";
import { union } from "./field-set.ts";

export interface AbsorbOptions {
  /** The app may take over objects that other tools applied before. Only for objects that we have not applied yet. */
  readonly adopting: boolean;
}

/**
 * The entries of `metadata.managedFields` that become ours before we apply, so that a field which Git no longer has goes away
 * although another tool, or we with another request, wrote it. What people did with kubectl edit, scale, label, set or rollout
 * is never among them. Nor are entries of another apiVersion: their paths say nothing about the object as we see it, and the
 * server keeps what they claim.
 */
export function absorbed(live: KubeObject, { adopting }: AbsorbOptions): readonly ManagedFields[] {
  const entries = live.metadata.managedFields ?? [];
  const own = entries.find(isOurs);
  // One entry can hold paths of one version only. Once we have applied with the new version, the next run can absorb.
  if (own !== undefined && own.apiVersion !== live.apiVersion) return [];
  const mayAdopt = adopting && !isManagedByUs(live);
  return entries
    .filter(({ subresource, apiVersion }) => subresource === undefined && apiVersion === live.apiVersion)
    .filter((entry) => isLeftBehind(entry) || (mayAdopt && isOfAnotherTool(entry)));
}

/** Our entry as it will be once it has absorbed others; `undefined`: there is nothing of ours and nothing to absorb. */
export function mergedEntry(live: KubeObject, entries: readonly ManagedFields[]): ManagedFields | undefined {
  const own = (live.metadata.managedFields ?? []).filter((entry) => isOurs(entry));
  const [first, ...others] = [...own, ...entries];
  if (first === undefined) return undefined;
  const { subresource: _subresource, ...rest } = first;
  const fieldsV1 = others.reduce((set, entry) => union(set, entry.fieldsV1 ?? {}), first.fieldsV1 ?? {});
  return { ...rest, manager: FIELD_MANAGER, operation: "Apply", fieldsV1 };
}

// Claims that no tool keeps up: of kubectl's client-side apply, of the time before anybody applied, and of our own patches.
const LEFT_BEHIND = ["kubectl-client-side-apply", "before-first-apply", FIELD_MANAGER];

function isLeftBehind({ manager = "", operation }: ManagedFields): boolean {
  return operation === "Update" && LEFT_BEHIND.includes(manager);
}

/** How tools that deploy from files name themselves, and with which operations. */
const TOOLS: ReadonlyMap<string, readonly string[]> = new Map([
  ["kubectl-create", ["Update"]],
  ["kubectl-replace", ["Update"]],
  ["kubectl", ["Apply"]],
  ["kubectl-last-applied", ["Apply", "Update"]],
  ["helm", ["Apply", "Update"]],
  ["helm-controller", ["Apply", "Update"]],
  ["kustomize-controller", ["Apply", "Update"]],
  ["argocd-controller", ["Apply", "Update"]],
  ["argocd-application-controller", ["Apply", "Update"]],
  ["kapp", ["Apply", "Update"]],
]);

function isOfAnotherTool({ manager = "", operation }: ManagedFields): boolean {
  return TOOLS.get(manager)?.includes(operation) === true;
}
