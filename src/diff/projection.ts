import { isList, isMap, type Json, type JsonList, type JsonMap } from "../model/json.ts";
import { claimsBelow, memberOfItem, type Claims } from "./claims.ts";
import { membersOf, readMember, type FieldSet } from "./field-set.ts";

/**
 * What of a live value is ours alone: the value without everything that others claim, too, and that nobody claims. An item of
 * a keyed list keeps its keys. `undefined`: nothing of it.
 */
export function oursAlone(live: Json | undefined, claims: Claims): Json | undefined {
  const { ours, others } = claims;
  if (live === undefined || ours === undefined) return undefined;
  if (membersOf(ours).length === 0) return others.length === 0 ? live : undefined;
  if (isMap(live)) return nonEmpty(fieldsAlone(live, claims, ours), claims);
  return isList(live) ? itemsAlone(live, claims) : live;
}

function fieldsAlone(live: JsonMap, claims: Claims, ours: FieldSet): JsonMap {
  const fields = membersOf(ours).flatMap((text) => {
    const member = readMember(text);
    if (member?.kind !== "field") return [];
    const value = oursAlone(live[member.name], claimsBelow(claims, text));
    return value === undefined ? [] : [[member.name, value] as const];
  });
  return Object.fromEntries(fields);
}

function nonEmpty(fields: JsonMap, { ours, others }: Claims): JsonMap | undefined {
  if (Object.keys(fields).length > 0) return fields;
  const isDeclaredEmpty = ours !== undefined && "." in ours && !others.some((set) => "." in set);
  return isDeclaredEmpty ? fields : undefined;
}

function itemsAlone(live: JsonList, claims: Claims): JsonList | undefined {
  const items = live.flatMap((item) => {
    const member = memberOfItem(claims, item);
    const alone = member === undefined ? undefined : itemAlone(item, member, claimsBelow(claims, member));
    return alone === undefined ? [] : [alone];
  });
  return items.length === 0 ? undefined : items;
}

/**
 * What of a list's item is ours alone. While nobody else claims the item as such, leaving it out would remove it with all that
 * others put into it; so it stays, if only with its keys.
 */
export function itemAlone(item: Json, member: string, claims: Claims): Json | undefined {
  const { ours, others } = claims;
  if (ours === undefined) return undefined;
  if (!isMap(item)) return others.length === 0 ? item : undefined;
  const fields = membersOf(ours).length === 0 ? (others.length === 0 ? item : {}) : fieldsAlone(item, claims, ours);
  const isKeptByOthers = others.some((set) => "." in set);
  if (isKeptByOthers && Object.keys(fields).every((name) => keysOf(member).includes(name))) return undefined;
  return { ...keyFields(item, member, ours), ...fields };
}

/** The keys as we sent them before: those with a default may be left to the server. */
function keyFields(item: JsonMap, member: string, ours: FieldSet): JsonMap {
  const keys = keysOf(member);
  const claimed = keys.filter((key) => `f:${key}` in ours);
  return Object.fromEntries((claimed.length === 0 ? keys : claimed).map((key) => [key, item[key]]));
}

/** The names of the keys in a `k:` member. */
export function keysOf(member: string): readonly string[] {
  const read = readMember(member);
  return read?.kind === "item" ? Object.keys(read.keys) : [];
}
