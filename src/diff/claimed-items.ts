import { canonicalJson, type Json, type JsonList, type JsonMap } from "../model/json.ts";
import { below, membersOf, readMember, type FieldSet } from "./field-set.ts";

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
    // An item that is claimed as a whole is compared as a whole.
    const isWhole = membersOf(inner).length === 0;
    const sentKeys = isWhole ? names : names.filter((name) => below(inner, `f:${name}`) !== undefined);
    const own = signature(Object.fromEntries(sentKeys.map((name) => [name, keys[name]])), names);
    if (items.has(own)) return undefined;
    items.set(own, { member, claim: inner, signature: signature(keys, names) });
  }
  return { names, items };
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
  const parts = names.map((name) => {
    const value = Object.hasOwn(item, name) ? item[name] : undefined;
    if (value === undefined) return "";
    return typeof value === "string" ? JSON.stringify(value) : canonicalJson(value);
  });
  return parts.join(",");
}
