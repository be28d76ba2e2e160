import { isList, isMap, type Json, type JsonMap } from "../model/json.ts";
import { groupOf, type KubeObject } from "../model/object.ts";
import { storedQuantity } from "../model/quantity.ts";

// The groups whose kinds hold quantities. What a custom resource calls `limits` is stored as it was written.
const GROUPS = ["", "apps", "batch", "autoscaling", "node.k8s.io", "storage.k8s.io"];

/** Maps of amounts by resource, wherever they stand in those kinds. */
const AMOUNTS = [
  "limits",
  "requests",
  "hard",
  "capacity",
  "max",
  "min",
  "default",
  "defaultRequest",
  "maxLimitRequestRatio",
  "overhead",
  "podFixed",
];

/** Single amounts. */
const AMOUNT = ["sizeLimit", "divisor", "averageValue", "maximumVolumeSize"];

/** The object of a built-in kind with its quantities as the API server stores them: `1000m` is `1`. */
export function withStoredQuantities(object: KubeObject): KubeObject {
  if (!GROUPS.includes(groupOf(object.apiVersion))) return object;
  return { ...stored(object), metadata: object.metadata, apiVersion: object.apiVersion, kind: object.kind };
}

function stored(map: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, storedField(key, value)]));
}

function storedField(key: string, value: Json | undefined): Json | undefined {
  if (isList(value)) return value.map((item) => (isMap(item) ? stored(item) : item));
  if (isMap(value)) return AMOUNTS.includes(key) && isFlat(value) ? amounts(value) : stored(value);
  return AMOUNT.includes(key) ? (storedQuantity(value) ?? value) : value;
}

function isFlat(map: JsonMap): boolean {
  return Object.values(map).every((value) => !isMap(value) && !isList(value));
}

function amounts(map: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, storedQuantity(value, "milli") ?? value]));
}
