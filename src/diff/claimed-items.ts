import { canonicalJson, type Json, type JsonList, type JsonMap } from "../model/json.ts";
import { below, firstMember, membersOf, readMember, type FieldSet } from "./field-set.ts";

/** One item of a list with keys that we claim. */
export interface ClaimedItem {
  readonly member: string;
  readonly claim: FieldSet;
  /** Of all its keys. */
  readonly signature: string;
}

/** Items by the signature of those keys that we send. */
export interface ClaimedItems {
  /** The keys of the list. */
  readonly names: readonly string[];
  readonly items: ReadonlyMap<string, ClaimedItem>;
}

/**
 * Our items by the keys that we sent ourselves: a key that is claimed, but not as a field, was filled in by the server.
 * `undefined` when they cannot be told apart.
 */
export function claimedItems(claim: FieldSet): ClaimedItems | undefined {
  const items = new Map<string, ClaimedItem>();
  let names: readonly string[] = [];
  for (const member of membersOf(claim)) {
    const read = readMember(member);
    const inner = below(claim, member);
    if (read?.kind !== "item" || inner === undefined) return undefined;
    const { keys } = read;
    if (items.size === 0) names = Object.keys(keys);
    if (Object.keys(keys).length !== names.length || names.some((name) => keys[name] === undefined)) return undefined;
    const all = signature(keys, names);
    const own = isSentInFull(inner, names) ? all : signature(sentKeys(keys, inner), names);
    if (items.has(own)) return undefined;
    items.set(own, { member, claim: inner, signature: all });
  }
  return { names, items };
}

// An item that is claimed as a whole is compared as a whole.
function isSentInFull(claim: FieldSet, names: readonly string[]): boolean {
  return names.every((name) => Object.hasOwn(claim, `f:${name}`)) || firstMember(claim) === undefined;
}

function sentKeys(keys: JsonMap, claim: FieldSet): JsonMap {
  return Object.fromEntries(Object.entries(keys).filter(([name]) => Object.hasOwn(claim, `f:${name}`)));
}

/** A value of a set that we claim, in its canonical spelling. */
export function claimedValue(member: string): string | undefined {
  const read = readMember(member);
  return read?.kind === "value" ? canonicalJson(read.value) : undefined;
}

/** Where each item is; before the first place when there are several of it. */
export function placesOf(list: JsonList, textOf: (item: Json) => string | undefined): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const [index, item] of list.entries()) {
    const text = textOf(item);
    if (text !== undefined) places.set(text, places.has(text) ? -1 : index);
  }
  return places;
}

/** The values of an item's keys; the same text for the same values, also where some are missing. */
export function signature(item: JsonMap, names: readonly string[]): string {
  const [name] = names;
  return names.length === 1 && name !== undefined
    ? keyText(item, name)
    : names.map((name) => keyText(item, name)).join(",");
}

function keyText(item: JsonMap, name: string): string {
  const value = Object.hasOwn(item, name) ? item[name] : undefined;
  if (value === undefined) return "";
  return typeof value === "string" ? JSON.stringify(value) : canonicalJson(value);
}
