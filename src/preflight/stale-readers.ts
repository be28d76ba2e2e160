import { sameJson, type JsonMap } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import { formatRef, refKey, type Ref } from "../model/ref.ts";
import { writtenState, type Planned } from "./planned.ts";
import { containersOf, podSpecsOf } from "./pod-specs.ts";
import { listed, mapAt, mapsAt, textAt } from "./reading.ts";
import { restartsOf } from "./restarts.ts";

/**
 * For each ConfigMap and Secret whose content changes: which workloads go on with the old one, because they read it when a
 * container starts and this change does not restart them. By the ref key of the ConfigMap or Secret.
 */
export function staleReaders(plan: readonly Planned[]): ReadonlyMap<string, string> {
  const changed = plan.filter(isContentChange);
  if (changed.length === 0) return new Map();
  const namespaces = new Set(changed.map(({ ref }) => ref.namespace));
  const workloads = plan.filter((planned) => namespaces.has(planned.ref.namespace) && goesOn(planned));
  return new Map(
    changed.flatMap(({ ref }) => {
      const readers = workloads.filter(
        ({ head, ref: reader }) => reader.namespace === ref.namespace && reads(head, ref),
      );
      return readers.length === 0
        ? []
        : [[refKey(ref), noteOf(readers.map((reader) => formatRef(reader.ref)))] as const];
    }),
  );
}

function noteOf(readers: readonly string[]): string {
  return `running pods of ${listed(readers, 3)} keep the old values until they restart`;
}

function isContentChange(planned: Planned): boolean {
  const { ref, op, live, base } = planned;
  if (ref.group !== "" || (ref.kind !== "ConfigMap" && ref.kind !== "Secret") || op !== "update") return false;
  const [before, after] = [live ?? base, writtenState(planned)];
  return ["data", "binaryData"].some((field) => !sameJson(before?.[field] ?? {}, after?.[field] ?? {}));
}

const KINDS = ["Deployment", "StatefulSet", "DaemonSet"];

/** A workload whose pods run on: it is there, stays, does not start them anew, and nobody else does. */
function goesOn(planned: Planned): boolean {
  const { ref, head, live, op } = planned;
  if (ref.group !== "apps" || !KINDS.includes(ref.kind) || head === undefined) return false;
  if (op === "create" || op === "replace" || op === "delete" || hasReloader(head)) return false;
  const { restarts, notes } = restartsOf(planned);
  const stopped = [live, head].some((object) => textAt(object, "spec", "replicas") === "0");
  return restarts === undefined && notes.length === 0 && !stopped;
}

/** Marks of controllers that restart pods when what they read changes. */
function hasReloader(workload: KubeObject): boolean {
  const annotations = [
    workload.metadata.annotations ?? {},
    mapAt(workload, "spec", "template", "metadata", "annotations"),
  ];
  return annotations.some((map) =>
    Object.keys(map).some((key) => /reloader\.stakater\.com\/|^wave\.pusher\.com\//.test(key)),
  );
}

function reads(workload: KubeObject | undefined, ref: Ref): boolean {
  if (workload === undefined) return false;
  const kind = ref.kind === "Secret" ? "secret" : "configMap";
  return podSpecsOf(workload).some((spec) => {
    const containers = containersOf(spec).map((container) => container.spec);
    const volumes = mapsAt(spec, "volumes").filter((volume) => volumeHolds(volume, kind, ref.name));
    const names = volumes.map((volume) => volume["name"]);
    return containers.some((container) => asVariables(container, kind, ref.name) || asSubPath(container, names));
  });
}

function asVariables(container: JsonMap, kind: "secret" | "configMap", name: string): boolean {
  return (
    mapsAt(container, "envFrom").some((source) => textAt(source, `${kind}Ref`, "name") === name) ||
    mapsAt(container, "env").some((entry) => textAt(entry, "valueFrom", `${kind}KeyRef`, "name") === name)
  );
}

/** The kubelet brings new content into a mounted volume, but not into a single file that is mounted by its path. */
function asSubPath(container: JsonMap, volumes: readonly unknown[]): boolean {
  return mapsAt(container, "volumeMounts").some(
    (mount) => volumes.includes(mount["name"]) && (mount["subPath"] ?? mount["subPathExpr"]) !== undefined,
  );
}

function volumeHolds(volume: JsonMap, kind: "secret" | "configMap", name: string): boolean {
  const own = kind === "secret" ? textAt(volume, "secret", "secretName") : textAt(volume, "configMap", "name");
  return own === name || mapsAt(volume, "projected", "sources").some((source) => textAt(source, kind, "name") === name);
}
