import { isList, isMap, sameJson, type Json, type JsonMap } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import type { Path } from "../model/path.ts";
import { without } from "./comparable.ts";

/** A prediction without the values that nothing keeps until the write. */
export interface Settled {
  readonly object: KubeObject;
  /** Where the server will pick a value when the object is written. */
  readonly allocated: readonly Path[];
}

const OF_SERVICE = ["clusterIP", "clusterIPs", "healthCheckNodePort"];

/**
 * A Service gets addresses and ports from pools. A dry-run picks as well, but the write picks again: a value that neither Git
 * names nor the live object has is no prediction.
 */
export function withoutAllocated(predicted: KubeObject, desired: KubeObject, live: KubeObject | undefined): Settled {
  const spec = predicted["spec"];
  if (predicted.apiVersion !== "v1" || predicted.kind !== "Service" || !isMap(spec))
    return { object: predicted, allocated: [] };
  const [wanted, there] = [specOf(desired), specOf(live)];
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

function isPicked(value: Json | undefined, git: Json | undefined, live: Json | undefined): boolean {
  return value !== undefined && git === undefined && !sameJson(value, live) && value !== "None" && !isNone(value);
}

function isNone(value: Json): boolean {
  return isList(value) && value.includes("None");
}

function specOf(object: KubeObject | undefined): JsonMap {
  const spec = object?.["spec"];
  return isMap(spec) ? spec : {};
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
