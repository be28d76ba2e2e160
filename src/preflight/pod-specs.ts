import { isList, isMap, type Json, type JsonMap } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import { mapsAt, textAt } from "./reading.ts";

const CONTAINER_LISTS = ["initContainers", "containers", "ephemeralContainers"] as const;

/**
 * What an object says of pods, wherever it says it: in a template, in a template of a template, or in the fields of a custom
 * kind. A map with a list of named `containers` is taken for it.
 */
export function podSpecsOf({ metadata: _metadata, status: _status, ...rest }: KubeObject): readonly JsonMap[] {
  return specsIn(rest);
}

function specsIn(value: Json | undefined): readonly JsonMap[] {
  if (isList(value)) return value.flatMap(specsIn);
  if (!isMap(value)) return [];
  const inner = Object.entries(value).flatMap(([key, member]) => (isContainerList(key) ? [] : specsIn(member)));
  return hasContainers(value) ? [value, ...inner] : inner;
}

function hasContainers(map: JsonMap): boolean {
  return CONTAINER_LISTS.some((list) => mapsAt(map, list).some((container) => typeof container["name"] === "string"));
}

function isContainerList(key: string): boolean {
  return CONTAINER_LISTS.some((list) => list === key);
}

export interface Container {
  /** Empty: it has none. */
  readonly name: string;
  readonly spec: JsonMap;
}

/** All containers of a pod, those that run before the others first. */
export function containersOf(podSpec: JsonMap): readonly Container[] {
  return CONTAINER_LISTS.flatMap((list) =>
    mapsAt(podSpec, list).map((spec) => ({ name: textAt(spec, "name") ?? "", spec })),
  );
}
