import { isList, isMap, sameJson, type Json, type JsonList, type JsonMap } from "../model/json.ts";
import type { Path, Step } from "../model/path.ts";

/** One place where two values differ; an absent side is `undefined`. */
export interface Difference {
  readonly path: Path;
  readonly before?: Json;
  readonly after?: Json;
}

/**
 * Where two values differ, each difference at the deepest place that still says it: a map key, or an item of a list
 * whose items can be told apart and keep their order. Other lists differ as a whole. The order of map keys does not count.
 */
export function differences(before: Json | undefined, after: Json | undefined, path: Path = []): readonly Difference[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ path, ...definedSide("after", after) }];
  if (after === undefined) return [{ path, before }];
  if (isMap(before) && isMap(after)) return mapDifferences(before, after, path);
  if (isList(before) && isList(after)) return listDifferences(before, after, path);
  return sameJson(before, after) ? [] : [{ path, before, after }];
}

/** The order that the items of a list have afterwards, each item told by its keys. */
export interface Reordering {
  readonly path: Path;
  readonly order: readonly string[];
}

/**
 * Where the items of two lists do not stand in the same order, be it that one was moved or that one came or went between
 * others. What `differences` says of such a list leaves open where its items stand.
 */
export function reorderings(before: Json | undefined, after: Json | undefined, path: Path = []): readonly Reordering[] {
  if (isMap(before) && isMap(after))
    return Object.keys(after)
      .toSorted()
      .flatMap((key) => reorderings(own(before, key), own(after, key), [...path, key]));
  if (!isList(before) || !isList(after)) return [];
  const identity = itemIdentity(before, after);
  if (identity === undefined) return [];
  const [old, order] = [before, after].map((list) => list.map((item) => identityText(item, identity)));
  const here = sameJson(old, order) ? [] : [{ path, order: order ?? [] }];
  const inside = after.flatMap((item, index) =>
    reorderings(before[old?.indexOf(order?.[index] ?? "") ?? -1], item, [...path, itemStep(item, identity)]),
  );
  return [...here, ...inside];
}

function mapDifferences(before: JsonMap, after: JsonMap, path: Path): readonly Difference[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return keys.flatMap((key) => differences(own(before, key), own(after, key), [...path, key]));
}

function listDifferences(before: JsonList, after: JsonList, path: Path): readonly Difference[] {
  if (sameJson(before, after)) return [];
  const identity = itemIdentity(before, after);
  if (identity !== undefined) return itemDifferences(before, after, identity, path);
  if (before.length === after.length && [...before, ...after].every(isMap))
    return before.flatMap((item, index) => differences(item, after[index], [...path, { index }]));
  return [{ path, before, after }];
}

function itemDifferences(before: JsonList, after: JsonList, identity: Identity, path: Path): readonly Difference[] {
  const steps = new Map([...before, ...after].map((item) => [identityText(item, identity), itemStep(item, identity)]));
  const find = (list: JsonList, id: string): Json | undefined =>
    list.find((item) => identityText(item, identity) === id);
  // Items in another order are a difference of their own (environment variables refer backwards), whatever else differs.
  if (!sameOrder(before, after, identity)) return [{ path, before, after }];
  return [...steps].flatMap(([id, step]) => differences(find(before, id), find(after, id), [...path, step]));
}

/** The items that both lists have stand in the same order. */
function sameOrder(before: JsonList, after: JsonList, identity: Identity): boolean {
  const [old, fresh] = [before, after].map((list) => list.map((item) => identityText(item, identity)));
  const [olds, freshes] = [new Set(old), new Set(fresh)];
  return sameJson(
    (old ?? []).filter((id) => freshes.has(id)),
    (fresh ?? []).filter((id) => olds.has(id)),
  );
}

/** The keys that tell the items of a list apart. */
type Identity = readonly string[];

// The merge keys of the built-in kinds (`x-kubernetes-list-map-keys`), most telling first. A list is keyed by the first
// entry that every item of both sides has and that no two items of one side share; without a schema this errs only in
// how finely a difference is told.
const IDENTITIES: readonly Identity[] = [
  ["name"],
  ["mountPath"],
  ["devicePath"],
  ["containerPort", "protocol"],
  ["port", "protocol"],
  ["containerPort"],
  ["port"],
  ["ip"],
  ["topologyKey", "whenUnsatisfiable"],
  ["type"],
  ["uid"],
];

function itemIdentity(before: JsonList, after: JsonList): Identity | undefined {
  return IDENTITIES.find((identity) => [before, after].every((list) => tellsApart(list, identity)));
}

function tellsApart(list: JsonList, identity: Identity): boolean {
  if (!list.every((item) => isMap(item) && identity.every((key) => isScalar(own(item, key))))) return false;
  return new Set(list.map((item) => identityText(item, identity))).size === list.length;
}

function identityText(item: Json, identity: Identity): string {
  return JSON.stringify(identity.map((key) => scalarText(isMap(item) ? own(item, key) : undefined)));
}

function itemStep(item: Json, identity: Identity): Step {
  const entries = identity.map((key) => [key, isMap(item) ? own(item, key) : undefined] as const);
  return { item: Object.fromEntries(entries.filter((entry): entry is [string, Scalar] => isScalar(entry[1]))) };
}

function scalarText(value: Json | undefined): string {
  return isScalar(value) ? `${typeof value} ${value}` : "";
}

type Scalar = string | number | bigint | boolean;

function isScalar(value: Json | undefined): value is Scalar {
  return value !== undefined && value !== null && typeof value !== "object";
}

function own(map: JsonMap, key: string): Json | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function definedSide(side: "after", value: Json | undefined): { readonly after?: Json } {
  return value === undefined ? {} : { [side]: value };
}
