import { isMap, type Json } from "../model/json.ts";
import type { KubeObject, ManagedFields } from "../model/object.ts";
import { stepInto, type Path, type Step } from "../model/path.ts";
import type { Author } from "../model/change.ts";
import { stepIntoDeclared } from "./declared-place.ts";
import { isOurs } from "../model/ownership-marks.ts";
import { membersOf, readMember, type FieldSet } from "./field-set.ts";
import { claimsPath, stepOf, toAuthor } from "./ownership.ts";

/** A field that Git does not declare and that somebody other than a built-in controller set. */
export interface ExtraField {
  readonly path: Path;
  readonly live: Json;
  readonly by: Author;
}

// These write fields as part of what Kubernetes itself does (revision annotations, cluster IPs, taints, CA bundles).
const CONTROLLERS = [
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-apiserver",
  "cloud-controller-manager",
  "cert-manager-cainjector",
  "cluster-autoscaler",
  "kwok",
];

const IGNORED_ANNOTATIONS = ["kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision"];

/** Fields of a live object that only foreign managers own and that `desired` does not declare, each at the highest place they own. */
export function extraFields(live: KubeObject, desired: KubeObject): readonly ExtraField[] {
  const entries = (live.metadata.managedFields ?? []).filter(isForeign);
  const found = entries.flatMap((entry) => extraOf(entry, live, desired));
  const newestFirst = found.toSorted((a, b) => ((a.by.time ?? "") < (b.by.time ?? "") ? 1 : -1));
  return [...new Map(newestFirst.toReversed().map((extra) => [JSON.stringify(extra.path), extra])).values()];
}

/** Somebody other than a built-in controller claims the field, us included; the server claims nothing of what it sets itself. */
export function isClaimed(live: KubeObject, path: Path): boolean {
  const entries = live.metadata.managedFields ?? [];
  return entries.some((entry) => (isOurs(entry) || isForeign(entry)) && claimsPath(live, entry, path));
}

function isForeign(entry: ManagedFields): boolean {
  return !isOurs(entry) && entry.subresource === undefined && !CONTROLLERS.includes(entry.manager ?? "");
}

function extraOf(entry: ManagedFields, live: KubeObject, desired: KubeObject): readonly ExtraField[] {
  if (entry.fieldsV1 === undefined) return [];
  const by = toAuthor(entry);
  return undeclared(entry.fieldsV1, live, desired, []).map(({ path, value }) => ({ path, live: value, by }));
}

function undeclared(
  fields: FieldSet,
  live: Json | undefined,
  desired: Json | undefined,
  path: Path,
): readonly { readonly path: Path; readonly value: Json }[] {
  return Object.entries(fields).flatMap(([member, inner]) => {
    const read = readMember(member);
    const step = read && stepOf(read);
    if (step === undefined || !isMap(inner) || isIgnored(path, step)) return [];
    const liveValue = stepInto(live, step);
    if (liveValue === undefined) return [];
    const desiredValue = stepIntoDeclared(desired, step);
    const here = [...path, step];
    if (desiredValue !== undefined) return undeclared(inner, liveValue, desiredValue, here);
    // A map that we share with others (labels, annotations) is not itself the addition; an item or a leaf is.
    const isShared = path.length === 1 && path[0] === "metadata" && isMap(liveValue);
    const isWhole = !isShared && ("." in inner || membersOf(inner).length === 0 || typeof step !== "string");
    return isWhole ? [{ path: here, value: liveValue }] : undeclared(inner, liveValue, desiredValue, here);
  });
}

function isIgnored(path: Path, step: Step): boolean {
  if (path.length === 0 && step === "status") return true;
  if (path[0] !== "metadata" || path.length !== 2 || typeof step !== "string") return false;
  if (path[1] === "labels") return step === "kubernetes.io/metadata.name";
  return path[1] === "annotations" && IGNORED_ANNOTATIONS.includes(step);
}
