import { isList, isMap, type Json, type JsonMap } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";

/** Where a value stands: keys of maps and positions in lists. */
export type Spot = readonly (string | number)[];

export interface Node {
  readonly spot: Spot;
  readonly value: Json;
}

/** Everything in an object that Git may write, from the outside in; its identity is no part of it. */
export function nodesOf(object: KubeObject): readonly Node[] {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = object;
  const written = Object.fromEntries(
    ["labels", "annotations"].flatMap((key) => (metadata[key] === undefined ? [] : [[key, metadata[key]]])),
  );
  const tops: JsonMap = { ...(Object.keys(written).length > 0 && { metadata: written }), ...rest };
  const nodes = Object.entries(tops).flatMap(([key, value]) => (value === undefined ? [] : within(value, [key])));
  // Taking away the metadata as a whole would take the name away.
  return nodes.filter(({ spot }) => spot.length > 1 || spot[0] !== "metadata");
}

function within(value: Json, spot: Spot): readonly Node[] {
  if (isMap(value))
    return [
      { spot, value },
      ...Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : within(inner, [...spot, key]))),
    ];
  if (isList(value)) return [{ spot, value }, ...value.flatMap((inner, index) => within(inner, [...spot, index]))];
  return [{ spot, value }];
}

export function valueOf(object: Json, spot: Spot): Json | undefined {
  return spot.reduce<Json | undefined>((value, step) => {
    if (typeof step === "number") return isList(value) ? value[step] : undefined;
    return isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }, object);
}

/** A copy with another value at a place; `undefined` takes away what is there. */
export function withValue<Whole extends Json>(whole: Whole, spot: Spot, value: Json | undefined): Whole {
  return replaced(whole, spot, value) as Whole;
}

function replaced(whole: Json | undefined, [step, ...rest]: Spot, value: Json | undefined): Json | undefined {
  if (step === undefined) return value;
  if (typeof step === "number") {
    const list = isList(whole) ? whole : [];
    const inner = replaced(list[step], rest, value);
    return inner === undefined
      ? list.toSpliced(step, 1)
      : step < list.length
        ? list.with(step, inner)
        : [...list, inner];
  }
  const map = isMap(whole) ? whole : {};
  const inner = replaced(map[step], rest, value);
  if (inner !== undefined) return { ...map, [step]: inner };
  const { [step]: _gone, ...others } = map;
  return others;
}

export function isLeaf(value: Json): boolean {
  return typeof value !== "object" || value === null;
}
