import { isList, isMap, sameJson, type Json, type JsonMap } from "../model/json.ts";
import { groupOf, type KubeObject } from "../model/object.ts";
import type { Path } from "../model/path.ts";
import { without } from "./comparable.ts";

/** A prediction without the values that nothing keeps until the write. */
export interface Settled {
  readonly object: KubeObject;
  /** Where the server will pick a value when the object is written. */
  readonly allocated: readonly Path[];
}

/**
 * The write picks anew what a dry-run picked: a Service's addresses and ports, and the identity of a Job that is made. A value
 * that neither Git names nor the live object has is no prediction. `live` is absent where the object is made, or made anew.
 */
export function withoutAllocated(predicted: KubeObject, desired: KubeObject, live: KubeObject | undefined): Settled {
  const spec = predicted["spec"];
  if (!isMap(spec) || predicted === live) return { object: predicted, allocated: [] };
  if (predicted.apiVersion === "v1" && predicted.kind === "Service")
    return ofService(predicted, spec, { desired, live });
  const isJob = predicted.kind === "Job" && groupOf(predicted.apiVersion) === "batch";
  return isJob && live === undefined ? ofJob(predicted, spec, desired) : { object: predicted, allocated: [] };
}

const OF_SERVICE = ["clusterIP", "clusterIPs", "healthCheckNodePort"];

interface Known {
  readonly desired: KubeObject;
  readonly live: KubeObject | undefined;
}

function ofService(predicted: KubeObject, spec: JsonMap, { desired, live }: Known): Settled {
  const [wanted, there] = [mapAt(desired, "spec"), mapAt(live, "spec")];
  const picked = OF_SERVICE.filter((name) => isPicked(spec[name], wanted[name], there[name]));
  const ports = portsOf(spec).map((port) => ({
    port,
    isPicked: isPicked(port["nodePort"], likeIn(wanted, port)?.["nodePort"], likeIn(there, port)?.["nodePort"]),
  }));
  const allocated = [
    ...picked.map((name) => ["spec", name]),
    ...ports.filter((one) => one.isPicked).map(({ port }) => ["spec", "ports", { item: keyOf(port) }, "nodePort"]),
  ];
  if (allocated.length === 0) return { object: predicted, allocated };
  const kept = ports.map((one) => (one.isPicked ? without(one.port, ["nodePort"]) : one.port));
  return { object: { ...predicted, spec: { ...without(spec, picked), ports: kept } }, allocated };
}

const OF_JOB = ["controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"];

function ofJob(predicted: KubeObject, spec: JsonMap, desired: KubeObject): Settled {
  const wanted = mapAt(desired, "spec");
  if (wanted["selector"] !== undefined) return { object: predicted, allocated: [] };
  const template = mapAt(spec, "template");
  const metadata = mapAt(template, "metadata");
  const labels = mapAt(metadata, "labels");
  const picked = OF_JOB.filter((name) => labels[name] !== undefined);
  const kept = { ...template, metadata: { ...metadata, labels: without(labels, picked) } };
  return {
    object: { ...predicted, spec: { ...without(spec, ["selector"]), template: kept } },
    allocated: [["spec", "selector"], ...picked.map((name) => ["spec", "template", "metadata", "labels", name])],
  };
}

function isPicked(value: Json | undefined, git: Json | undefined, live: Json | undefined): boolean {
  return value !== undefined && git === undefined && !sameJson(value, live) && value !== "None" && !isNone(value);
}

function isNone(value: Json): boolean {
  return isList(value) && value.includes("None");
}

function mapAt(map: JsonMap | undefined, key: string): JsonMap {
  const value = map?.[key];
  return isMap(value) ? value : {};
}

function portsOf(spec: JsonMap): readonly JsonMap[] {
  const ports = spec["ports"];
  return isList(ports) ? ports.filter(isMap) : [];
}

/** The port of the same number and protocol, which are its keys. */
function likeIn(spec: JsonMap, port: JsonMap): JsonMap | undefined {
  const protocolOf = (one: JsonMap): Json => one["protocol"] ?? "TCP";
  return portsOf(spec).find((one) => sameJson(one["port"], port["port"]) && protocolOf(one) === protocolOf(port));
}

function keyOf({ name, port }: JsonMap): Readonly<Record<string, string | number>> {
  return typeof name === "string" ? { name } : { port: typeof port === "number" ? port : 0 };
}
