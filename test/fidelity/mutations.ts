import { isList, isMap, sameJson, type Json, type JsonList } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { REPLACE_ANNOTATION } from "../../src/diff/replaceable.ts";
import type { Random } from "./random.ts";
import type { Recipe } from "./recipe.ts";
import { isLeaf, nodesOf, valueOf, withValue, type Node, type Spot } from "./tree.ts";

/** What a mutation is made from. */
export interface Material {
  readonly before: KubeObject;
  /** Another state of the same object, as its recipe makes it: where valid values come from. */
  readonly donor: KubeObject;
  readonly recipe: Recipe;
  readonly random: Random;
}

/** A change of what Git wants; `undefined` where the object gives no occasion for it. */
export type Mutation = (material: Material) => KubeObject | undefined;

/** What may become of an object's text between two commits, by name. */
export const MUTATIONS = {
  nothing: ({ before }) => before,
  "change a value": changeValue,
  "take over a part": takeOver,
  "add a field": addField,
  "remove a field": removeField,
  "remove an optional part": removeOptional,
  "add a label": ({ before, random }) =>
    withValue(before, ["metadata", "labels", "example.com/added"], random.pick(["yes", "1", ""])),
  "drop an item": dropItem,
  "append an item": appendItem,
  "reorder a list": reorder,
  "repeat an item": repeatItem,
  "retype a value": retype,
  "add an unknown field": unknownField,
  "empty a part": emptyPart,
  "null a value": nullValue,
  respell,
  rewrite: ({ donor, before }) => (sameJson(donor, before) ? undefined : donor),
  "make anew": makeAnew,
  "several at once": several,
  "switch apiVersion": ({ before, recipe }) => recipe.inOtherVersion?.(before),
  "switch apiVersion and change": switchAndChange,
} as const satisfies Readonly<Record<string, Mutation>>;

export type MutationName = keyof typeof MUTATIONS;

function changeValue({ before, random }: Material): KubeObject | undefined {
  const leaf = pickNode(random, nodesOf(before), ({ value }) => isLeaf(value) && value !== null);
  return leaf && withValue(before, leaf.spot, changed(leaf.value, random));
}

function changed(value: Json, random: Random): Json {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + random.pick([1, 2, -1]);
  if (typeof value === "bigint") return value + 2n;
  const text = typeof value === "string" ? value : "";
  const digits = /\d+/.exec(text);
  return digits === null || random.chance(0.3) ? `${text}x` : text.replace(digits[0], String(Number(digits[0]) + 1));
}

function takeOver({ before, donor, random }: Material): KubeObject | undefined {
  const node = pickNode(random, nodesOf(donor), ({ spot, value }) => {
    const own = valueOf(before, spot);
    return own !== undefined && !sameJson(own, value);
  });
  return node && withValue(before, node.spot, node.value);
}

function addField({ before, donor, random }: Material): KubeObject | undefined {
  const node = pickNode(
    random,
    nodesOf(donor),
    ({ spot }) => valueOf(before, spot) === undefined && isMap(valueOf(before, spot.slice(0, -1))),
  );
  return node && withValue(before, node.spot, node.value);
}

function removeField({ before, random }: Material): KubeObject | undefined {
  const node = pickNode(random, nodesOf(before), ({ spot }) => spot.length > 1 && typeof spot.at(-1) === "string");
  return node && withValue(before, node.spot, undefined);
}

/** A part that the other state does without, so the object is whole without it. */
function removeOptional({ before, donor, random }: Material): KubeObject | undefined {
  const node = pickNode(
    random,
    nodesOf(before),
    ({ spot }) =>
      typeof spot.at(-1) === "string" &&
      valueOf(donor, spot) === undefined &&
      valueOf(donor, spot.slice(0, -1)) !== undefined,
  );
  return node && withValue(before, node.spot, undefined);
}

function dropItem({ before, random }: Material): KubeObject | undefined {
  const list = pickList(random, before, 1);
  return list && withValue(before, [...list.spot, random.int(list.value.length)], undefined);
}

function appendItem({ before, donor, random }: Material): KubeObject | undefined {
  const news = (own: JsonList, spot: Spot): JsonList => {
    const others = valueOf(donor, spot);
    return isList(others) ? others.filter((item) => !own.some((other) => sameJson(item, other))) : [];
  };
  const lists = nodesOf(before).flatMap(({ spot, value }) =>
    isList(value) && news(value, spot).length > 0 ? [{ spot, value }] : [],
  );
  if (lists.length === 0) return undefined;
  const { spot, value } = random.pick(lists);
  const item = random.pick(news(value, spot));
  return withValue(
    before,
    spot,
    random.chance(0.5) ? [...value, item] : value.toSpliced(random.int(value.length), 0, item),
  );
}

function reorder({ before, random }: Material): KubeObject | undefined {
  const list = pickList(random, before, 2);
  return list && withValue(before, list.spot, list.value.toReversed());
}

function repeatItem({ before, random }: Material): KubeObject | undefined {
  const list = pickList(random, before, 1);
  return list && withValue(before, list.spot, [...list.value, random.pick(list.value)]);
}

function retype({ before, random }: Material): KubeObject | undefined {
  const node = pickNode(random, nodesOf(before), ({ spot }) => spot.length > 1);
  return node && withValue(before, node.spot, retyped(node.value, random));
}

function retyped(value: Json, random: Random): Json {
  if (isMap(value)) return random.pick<Json>([[], "text"]);
  if (isList(value)) return random.pick<Json>([{ a: "b" }, "text"]);
  if (typeof value === "string") return /^\d+$/.test(value) ? Number(value) : random.pick<Json>([5, true, { a: "b" }]);
  return random.pick<Json>([String(value), [value]]);
}

function unknownField({ before, random }: Material): KubeObject | undefined {
  const map = pickNode(random, nodesOf(before), ({ value, spot }) => isMap(value) && spot[0] !== "metadata");
  return withValue(before, [...(map?.spot ?? []), "noSuchField"], "x");
}

function emptyPart({ before, random }: Material): KubeObject | undefined {
  const node = pickNode(
    random,
    nodesOf(before),
    ({ value }) =>
      (isMap(value) && Object.keys(value).length > 0) ||
      (isList(value) && value.length > 0) ||
      (value !== "" && typeof value === "string"),
  );
  return node && withValue(before, node.spot, isMap(node.value) ? {} : isList(node.value) ? [] : "");
}

function nullValue({ before, random }: Material): KubeObject | undefined {
  const node = pickNode(random, nodesOf(before), ({ spot }) => spot.length > 1 && typeof spot.at(-1) === "string");
  return node && withValue(before, node.spot, null);
}

// The same amount, as another person writes it.
const SPELLINGS: readonly (readonly [string, string])[] = [
  ["1Gi", "1024Mi"],
  ["5Gi", "5120Mi"],
  ["10Gi", "10240Mi"],
  ["20Gi", "20480Mi"],
  ["0.5", "500m"],
  ["0.1", "100m"],
  ["1", "1000m"],
  ["20", "20000m"],
];

function respell({ before, random }: Material): KubeObject | undefined {
  const other = (value: Json): string | undefined =>
    SPELLINGS.flatMap(([a, b]) => (a === value ? [b] : b === value ? [a] : []))[0];
  const node = pickNode(random, nodesOf(before), ({ value }) => other(value) !== undefined);
  return node && withValue(before, node.spot, other(node.value));
}

/** Another state, some of it immutable, with its author's consent that the object is deleted and made anew. */
function makeAnew({ donor }: Material): KubeObject | undefined {
  const allowed = withValue(donor, ["metadata", "annotations", REPLACE_ANNOTATION], "true");
  if (valueOf(donor, ["spec", "selector", "matchLabels", "app"]) === undefined) return allowed;
  if (valueOf(donor, ["spec", "template"]) === undefined) return allowed;
  const selecting = withValue(allowed, ["spec", "selector", "matchLabels", "app"], "renamed");
  return withValue(selecting, ["spec", "template", "metadata", "labels", "app"], "renamed");
}

function several(material: Material): KubeObject | undefined {
  const steps = material.random
    .shuffled([takeOver, addField, removeOptional, appendItem, dropItem, reorder])
    .slice(0, 3);
  const after = steps.reduce((before, step) => step({ ...material, before }) ?? before, material.before);
  return sameJson(after, material.before) ? undefined : after;
}

function switchAndChange(material: Material): KubeObject | undefined {
  const { before, recipe } = material;
  const donor = recipe.inOtherVersion?.(material.donor);
  const switched = recipe.inOtherVersion?.(before);
  if (switched === undefined || donor === undefined) return undefined;
  return takeOver({ ...material, before: switched, donor });
}

interface ListNode {
  readonly spot: Spot;
  readonly value: JsonList;
}

function pickList(random: Random, object: KubeObject, least: number): ListNode | undefined {
  const lists = nodesOf(object).flatMap(({ spot, value }) =>
    isList(value) && value.length >= least ? [{ spot, value }] : [],
  );
  return lists.length === 0 ? undefined : random.pick(lists);
}

function pickNode(random: Random, nodes: readonly Node[], fits: (node: Node) => boolean): Node | undefined {
  const fitting = nodes.filter(fits);
  return fitting.length === 0 ? undefined : random.pick(fitting);
}
