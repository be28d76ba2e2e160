import type { Path } from "./composition.ts";

// Where built-in kinds have nothing but text: by the key of the map or list that holds the value.
const TEXT_MAPS = [
  "data",
  "stringData",
  "labels",
  "annotations",
  "matchLabels",
  "nodeSelector",
  "selector",
  "parameters",
];
const TEXT_LISTS = ["args", "command"];

/** Whether a value at this place is text in some built-in kind; cheap, and true too often rather than too seldom. */
export function mayNeedText(path: Path): boolean {
  const [last, holder] = [path.at(-1), path.at(-2)];
  if (last === "value") return true;
  if (typeof holder !== "string") return false;
  return typeof last === "number" ? TEXT_LISTS.includes(holder) : TEXT_MAPS.includes(holder);
}

/** Whether the value at this place of an object must be text: the server refuses any other. */
export function needsText({ apiVersion, kind, path }: Spot): boolean {
  if (!isBuiltIn(apiVersion) || kind === "CustomResourceDefinition") return false;
  const [first, second] = path;
  if (first === "data" || first === "stringData")
    return path.length === 2 && (kind === "ConfigMap" || kind === "Secret");
  if (first === "parameters") return path.length === 2 && kind === "StorageClass";
  if (first === "spec" && second === "selector" && path.length === 3) return kind === "Service";
  const [last, holder, outer] = [path.at(-1), path.at(-2), path.at(-3)];
  if (holder === "matchLabels" || holder === "nodeSelector") return true;
  // The reader of manifests refuses such labels of the object itself.
  if (holder === "labels" || holder === "annotations") return outer === "metadata" && path.length > 3;
  if (!path.some((step) => typeof step === "string" && /^(?:c|initC|ephemeralC)ontainers$/.test(step))) return false;
  if (typeof last === "number") return holder === "args" || holder === "command";
  return last === "value" && outer === "env";
}

export interface Spot {
  readonly apiVersion: string;
  readonly kind: string;
  readonly path: Path;
}

/** Groups of custom kinds have a domain of their own, so what they allow is not known here. */
function isBuiltIn(apiVersion: string): boolean {
  const [group = "", version] = apiVersion.split("/");
  return version === undefined || !group.includes(".") || group.endsWith(".k8s.io");
}
