import { canonicalJson, isList, isMap, type Json, type JsonMap } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { PART_OF_LABEL } from "../../src/model/ownership-marks.ts";

const SERVER_OWNED = ["resourceVersion", "generation", "creationTimestamp", "uid", "selfLink", "managedFields"];
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** What of a live object a plan speaks of; a status counts only where it is a field like any other. */
export function contentOf(object: KubeObject, { keepsStatus }: { readonly keepsStatus: boolean }): JsonMap {
  const { status, metadata, ...rest } = object;
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key]) => !SERVER_OWNED.includes(key)));
  return {
    ...rest,
    metadata: trimmed(trimmed(kept, "labels", PART_OF_LABEL), "annotations", LAST_APPLIED),
    ...(keepsStatus && status !== undefined && { status }),
  };
}

function trimmed(metadata: JsonMap, field: string, key: string): JsonMap {
  const map = metadata[field];
  if (!isMap(map)) return metadata;
  const { [key]: _gone, ...rest } = map;
  const { [field]: _map, ...others } = metadata;
  return Object.keys(rest).length === 0 ? others : { ...others, [field]: rest };
}

/** The managers of an object and what each holds, times aside. */
export function claimsOf({ metadata }: KubeObject): string {
  const claims = (metadata.managedFields ?? []).map(({ time: _time, ...claim }) => canonicalJson(claim));
  return claims.toSorted().join("\n");
}

/** One place and what stands there before and after, as text. */
export interface Divergence {
  readonly place: string;
  readonly left: string;
  readonly right: string;
}

/** Where two values differ, leaf by leaf; items of a list are known by their name, else the list counts as one leaf. */
export function divergences(left: Json | undefined, right: Json | undefined, place = ""): readonly Divergence[] {
  if (textOf(left) === textOf(right)) return [];
  const sides = [left, right].map(membersOf);
  const [before, after] = sides;
  if (before === undefined || after === undefined || [...sides].some((side) => side === undefined))
    return [{ place, left: textOf(left), right: textOf(right) }];
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  const inside = keys.flatMap((key) => divergences(before.get(key), after.get(key), `${place}/${key}`));
  return inside.length > 0 ? inside : [{ place, left: textOf(left), right: textOf(right) }];
}

function membersOf(value: Json | undefined): ReadonlyMap<string, Json | undefined> | undefined {
  if (value === undefined) return new Map();
  if (isMap(value)) return Object.keys(value).length === 0 ? undefined : new Map(Object.entries(value));
  if (!isList(value) || value.length === 0) return undefined;
  const names = value.map((item) => (isMap(item) ? item["name"] : undefined));
  const isNamed = names.every((name) => typeof name === "string") && new Set(names).size === names.length;
  return isNamed ? new Map(value.map((item, index) => [`[${String(names[index])}]`, item])) : undefined;
}

function textOf(value: Json | undefined): string {
  return value === undefined ? "-" : canonicalJson(value);
}

/** The value with every list in one order, whatever order it had. */
export function unordered(value: Json): Json {
  if (isList(value)) {
    const items = value.map((item) => unordered(item));
    return items.toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  }
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, inner === undefined ? inner : unordered(inner)]),
  );
}

/** Lists whose items, as far as they were there before, stand in another order than was said; each by its place. */
export function misplaced(
  before: Json | undefined,
  said: Json | undefined,
  is: Json | undefined,
  place = "",
): readonly string[] {
  if (isMap(said) && isMap(is))
    return Object.keys(is).flatMap((key) =>
      misplaced(isMap(before) ? before[key] : undefined, said[key], is[key], `${place}/${key}`),
    );
  if (!isList(said) || !isList(is)) return [];
  const earlier = isList(before) ? before : [];
  const known = new Set(earlier.map(nameOf));
  const [saidNames, names] = [said, is].map((list) => list.map(nameOf).filter((name) => known.has(name)));
  const inside = is.flatMap((item) => {
    const same = (other: Json): boolean => nameOf(other) === nameOf(item);
    return misplaced(earlier.find(same), said.find(same), item, `${place}/[${nameOf(item)}]`);
  });
  return saidNames?.join() === names?.join() ? inside : [place, ...inside];
}

function nameOf(item: Json): string {
  const name = isMap(item) ? item["name"] : undefined;
  return typeof name === "string" ? name : canonicalJson(unordered(item));
}
