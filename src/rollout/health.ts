import { isList, isMap, type Json, type JsonMap } from "../model/json.ts";
import { groupOf, type KubeObject } from "../model/object.ts";

/** Whether an object has become what was asked for. */
export type Verdict =
  | { readonly kind: "settled" }
  | { readonly kind: "settling"; readonly waitingFor: string }
  | { readonly kind: "failed"; readonly reason: string };

const SETTLED: Verdict = { kind: "settled" };
const settling = (waitingFor: string): Verdict => ({ kind: "settling", waitingFor });
const failed = (reason: string): Verdict => ({ kind: "failed", reason });

/**
 * The verdict on a live object that was written at `generation`: kstatus's rules, with two corrections: a Job is settled
 * when it has finished, not when it has started, and a controller must have seen at least the generation we wrote.
 */
export function verdictOf(live: KubeObject, generation: number): Verdict {
  if (live.metadata.deletionTimestamp !== undefined) return failed("it is being deleted");
  const status = mapAt(live, "status");
  const observed = status["observedGeneration"];
  if (typeof observed === "number" && observed < generation) return settling("its controller to see the change");
  const rule = RULES[`${groupOf(live.apiVersion)}/${live.kind}`];
  return rule === undefined ? genericVerdict(live, status, generation) : rule(live, status);
}

type Rule = (live: KubeObject, status: JsonMap) => Verdict;

const RULES: Readonly<Record<string, Rule>> = {
  "apps/Deployment": deployment,
  "apps/StatefulSet": statefulSet,
  "apps/DaemonSet": daemonSet,
  "apps/ReplicaSet": replicaSet,
  "batch/Job": job,
  "/Pod": pod,
  "/Namespace": (_, status) => (status["phase"] === "Active" ? SETTLED : settling("the namespace to become active")),
  // A claim may rightly wait for its first consumer, which comes in a later wave.
  "/PersistentVolumeClaim": (_, status) => (status["phase"] === "Lost" ? failed("its volume is lost") : SETTLED),
  "apiextensions.k8s.io/CustomResourceDefinition": customResourceDefinition,
  // Metrics are often missing or late; they say nothing about the change.
  "autoscaling/HorizontalPodAutoscaler": () => SETTLED,
};

function deployment(live: KubeObject, status: JsonMap): Verdict {
  const progressing = condition(status, "Progressing");
  if (progressing?.["reason"] === "ProgressDeadlineExceeded") return failed(messageOf(progressing));
  if (typeof status["observedGeneration"] !== "number") return settling("its controller to see it");
  const wanted = numberAt(mapAt(live, "spec"), "replicas", 1);
  const updated = numberAt(status, "updatedReplicas");
  if (updated < wanted) return settling(`${updated} of ${wanted} pods updated`);
  if (numberAt(status, "replicas") > updated) return settling("old pods to end");
  const available = numberAt(status, "availableReplicas");
  if (available < wanted) return settling(`${available} of ${wanted} pods available`);
  return SETTLED;
}

function statefulSet(live: KubeObject, status: JsonMap): Verdict {
  const spec = mapAt(live, "spec");
  if (typeof status["observedGeneration"] !== "number") return settling("its controller to see it");
  if (mapAt(spec, "updateStrategy")["type"] === "OnDelete") return SETTLED;
  const wanted = numberAt(spec, "replicas", 1);
  const partition = numberAt(mapAt(mapAt(spec, "updateStrategy"), "rollingUpdate"), "partition");
  const ready = numberAt(status, "readyReplicas");
  if (ready < wanted) return settling(`${ready} of ${wanted} pods ready`);
  if (numberAt(status, "replicas") > wanted) return settling("surplus pods to end");
  const updated = numberAt(status, "updatedReplicas");
  if (updated < wanted - partition) return settling(`${updated} of ${wanted - partition} pods updated`);
  return SETTLED;
}

function daemonSet(live: KubeObject, status: JsonMap): Verdict {
  if (typeof status["observedGeneration"] !== "number") return settling("its controller to see it");
  if (mapAt(mapAt(live, "spec"), "updateStrategy")["type"] === "OnDelete") return SETTLED;
  const wanted = numberAt(status, "desiredNumberScheduled");
  const updated = numberAt(status, "updatedNumberScheduled");
  if (updated < wanted) return settling(`${updated} of ${wanted} pods updated`);
  const available = numberAt(status, "numberAvailable");
  return available < wanted ? settling(`${available} of ${wanted} pods available`) : SETTLED;
}

function replicaSet(live: KubeObject, status: JsonMap): Verdict {
  const wanted = numberAt(mapAt(live, "spec"), "replicas", 1);
  const available = numberAt(status, "availableReplicas");
  return available < wanted ? settling(`${available} of ${wanted} pods available`) : SETTLED;
}

function job(live: KubeObject, status: JsonMap): Verdict {
  const failure = condition(status, "Failed");
  if (failure?.["status"] === "True") return failed(messageOf(failure));
  if (condition(status, "Complete")?.["status"] === "True") return SETTLED;
  return mapAt(live, "spec")["suspend"] === true ? SETTLED : settling("the job to finish");
}

function pod(_: KubeObject, status: JsonMap): Verdict {
  if (status["phase"] === "Failed") return failed(textAt(status, "message") ?? "the pod failed");
  if (status["phase"] === "Succeeded" || condition(status, "Ready")?.["status"] === "True") return SETTLED;
  return settling("the pod to be ready");
}

function customResourceDefinition(_: KubeObject, status: JsonMap): Verdict {
  const names = condition(status, "NamesAccepted");
  if (names?.["status"] === "False") return failed(messageOf(names));
  return condition(status, "Established")?.["status"] === "True" ? SETTLED : settling("the kind to be established");
}

function genericVerdict(_: KubeObject, status: JsonMap, generation: number): Verdict {
  const stalled = condition(status, "Stalled");
  if (stalled?.["status"] === "True") return failed(messageOf(stalled));
  if (condition(status, "Reconciling")?.["status"] === "True") return settling("its controller to reconcile it");
  const ready = condition(status, "Ready");
  if (ready === undefined || ready["status"] === "True") return SETTLED;
  const observed = ready["observedGeneration"];
  if (typeof observed === "number" && observed < generation) return settling("its controller to see the change");
  return settling(`condition Ready: ${messageOf(ready)}`);
}

function condition(status: JsonMap, type: string): JsonMap | undefined {
  const conditions = status["conditions"];
  if (!isList(conditions)) return undefined;
  return conditions.filter(isMap).find((entry) => entry["type"] === type);
}

// Controllers end their sentences; ours go on.
function messageOf(entry: JsonMap): string {
  const message = textAt(entry, "message") ?? textAt(entry, "reason") ?? "no message";
  return message.replace(/\.$/, "");
}

function mapAt(map: JsonMap, key: string): JsonMap {
  const value = map[key];
  return isMap(value) ? value : {};
}

function textAt(map: JsonMap, key: string): string | undefined {
  const value: Json | undefined = map[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function numberAt(map: JsonMap, key: string, otherwise = 0): number {
  const value = map[key];
  return typeof value === "number" ? value : otherwise;
}
