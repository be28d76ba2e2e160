import { sameJson, type Json } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import { isDeleted, type Planned } from "./planned.ts";
import { mapAt, numberAt, textAt } from "./reading.ts";

/** What a change does to the pods that run now. */
export interface Restarts {
  /** Pods that are replaced; absent where none are, or where their number is not known. */
  readonly restarts?: number;
  /** How, where it is not one after the other; and what happens to pods that are not replaced. */
  readonly notes: readonly string[];
}

const NONE: Restarts = { notes: [] };
const KINDS = ["Deployment", "StatefulSet", "DaemonSet"];
const KEEPERS = ["ReplicaSet", "ReplicationController"];

/** How many pods an object's change replaces or stops, by its own rules of updating. */
export function restartsOf(planned: Planned): Restarts {
  const { ref, live, head, op } = planned;
  const isRolling = ref.group === "apps" && KINDS.includes(ref.kind);
  if (!isRolling && !KEEPERS.includes(ref.kind)) return NONE;
  if (isDeleted(planned)) return deleted(planned);
  if (op !== "update" || head === undefined) return NONE;
  if (live === undefined) return unseen(planned, head);
  const pods = podCount(live);
  if (isStopped(head) && pods !== 0) return { notes: [`stops ${podsText(pods)}`] };
  if (pods === 0 || sameTemplate(live, head)) return NONE;
  return isRolling ? rolled(head, live, pods) : kept("it never replaces pods");
}

function deleted({ op, live }: Planned): Restarts {
  const pods = live === undefined ? undefined : podCount(live);
  if (live === undefined || pods === 0) return NONE;
  if (op === "delete") return { notes: [`stops ${podsText(pods)}`] };
  return { ...(pods !== undefined && { restarts: pods }), notes: ["all of them at once"] };
}

/** Without a live object only Git can tell, and the number of pods is unknown. */
function unseen({ base }: Planned, head: KubeObject): Restarts {
  if (base === undefined || sameTemplate(base, head)) return NONE;
  return { notes: ["restarts its pods"] };
}

function rolled(head: KubeObject, live: KubeObject, pods: number | undefined): Restarts {
  const strategy = head.kind === "Deployment" ? "strategy" : "updateStrategy";
  const type = textAt(head, "spec", strategy, "type");
  if (type === "OnDelete") return kept("they are replaced when somebody deletes them (OnDelete)");
  if (mapAt(head, "spec")["paused"] === true) return kept("it is paused");
  if (pods === undefined) return { notes: ["restarts its pods on every node"] };
  if (type === "Recreate")
    return { restarts: pods, notes: ["stops all of them before it starts the new ones (Recreate)"] };
  const partition = numberAt(head, "spec", strategy, "rollingUpdate", "partition") ?? 0;
  return partition === 0 ? { restarts: pods, notes: [] } : partitioned(live, { pods, partition });
}

/** A StatefulSet replaces pods from its partition upwards. */
function partitioned(
  live: KubeObject,
  { pods, partition }: { readonly pods: number; readonly partition: number },
): Restarts {
  const below = Math.min(pods, Math.max(0, partition - (numberAt(live, "spec", "ordinals", "start") ?? 0)));
  const rest = `${podsText(below)} below partition ${partition} stay as they are`;
  return below === pods ? kept(`all are below partition ${partition}`) : { restarts: pods - below, notes: [rest] };
}

function kept(why: string): Restarts {
  return { notes: [`running pods stay as they are: ${why}`] };
}

/** `undefined`: not known. What the object asks for, because what runs changes from moment to moment. */
function podCount(live: KubeObject): number | undefined {
  if (live.kind === "DaemonSet") return numberAt(live, "status", "desiredNumberScheduled");
  return numberAt(live, "spec", "replicas") ?? 1;
}

function isStopped(head: KubeObject): boolean {
  return head.kind !== "DaemonSet" && numberAt(head, "spec", "replicas") === 0;
}

function podsText(pods: number | undefined): string {
  if (pods === undefined) return "its pods";
  return pods === 1 ? "its pod" : `its ${pods} pods`;
}

function sameTemplate(a: KubeObject, b: KubeObject): boolean {
  const [left, right] = [a, b].map(templateOf);
  return sameJson(left, right);
}

function templateOf(object: KubeObject): Json {
  const template = mapAt(object, "spec", "template");
  const { creationTimestamp: _creationTimestamp, ...metadata } = mapAt(template, "metadata");
  return { ...template, metadata };
}
