import { canonicalJson, isList, isMap, sameJson, type Json } from "../model/json.ts";
import { isDropped, isUnclaimed, type Dropping, type EmptyField } from "./dropped-zero.ts";
import { claimedItems, claimedValue, placesOf, signature } from "./claimed-items.ts";
import { below, firstMember, memberCount, membersOf, type FieldSet } from "./field-set.ts";
import { claimedElsewhere, told, type Spot } from "./spot.ts";

export interface Surroundings {
  /** What all other managers claim of the object. */
  readonly others: readonly FieldSet[];
  readonly dropping: Dropping;
  /** Nobody applied after us, so a new time in our entry does not move it among the others. */
  readonly isLatest: boolean;
}

/** Why it is not certain that applying what is sent here changes neither values nor claims; `undefined`: it is certain. */
export function fieldDoubt(spot: Spot, around: Surroundings): string | undefined {
  const first = firstMember(spot.claim);
  if (first === undefined) return wholeDoubt(spot, around);
  if (first.startsWith("k:")) return itemsDoubt(spot, around);
  return first.startsWith("v:") ? valuesDoubt(spot) : mapDoubt(spot, around);
}

/** A value that is claimed as a whole: a scalar, an atomic list or map, or an empty one. */
function wholeDoubt(spot: Spot, around: Surroundings): string | undefined {
  const { sent, stored, live } = spot;
  if (hasNull(stored)) return told(spot, "is null");
  if (!sameJson(stored, live)) return isEmptyBeside(spot) ? undefined : told(spot, "is not as it is sent");
  if (!isEmptyOrScalar(stored) && claimedElsewhere(spot, around.others).some((claim) => !isLeaf(claim)))
    return told(spot, "is claimed by another manager in parts");
  return sent === stored ? undefined : respellingDoubt(spot, around);
}

/**
 * The server merges what is sent before it brings it into form. Where that differs from what is live, others who claim the
 * place lose it, and our entry gets a new time; only if that changes nothing else, the server takes the time back
 * (IgnoreManagedFieldsTimestampsTransformer).
 */
function respellingDoubt(spot: Spot, { others, isLatest }: Surroundings): string | undefined {
  if (!isLatest) return told(spot, "is spelled otherwise, and another manager applied after us");
  return claimedElsewhere(spot, others).length > 0 ? told(spot, "is spelled otherwise by another manager") : undefined;
}

function mapDoubt(spot: Spot, around: Surroundings): string | undefined {
  const { sent, stored, live, claim } = spot;
  if (!isMap(sent) || !isMap(stored) || !isMap(live)) return told(spot, "is no map");
  let declared = 0;
  for (const key of Object.keys(stored)) {
    const value = stored[key];
    if (value === undefined) continue;
    const member = `f:${key}`;
    const inner = below(claim, member);
    if (inner !== undefined) declared += 1;
    const held = (Object.hasOwn(live, key) ? live[key] : undefined) ?? null;
    // Most of an object is scalars that are as they should be.
    if (value === held && typeof value !== "object" && value === sent[key] && inner && isLeaf(inner)) continue;
    const child = { parent: spot, member, sent: sent[key] ?? null, stored: value, live: held, claim: inner ?? NOTHING };
    const doubt = inner === undefined ? newDoubt(child, around) : ownDoubt(child, around);
    if (doubt !== undefined) return doubt;
  }
  return declared === memberCount(claim) ? undefined : told(spot, "has a field of ours that is no longer sent");
}

const NOTHING: FieldSet = {};

function isLeaf(claim: FieldSet): boolean {
  return firstMember(claim) === undefined;
}

function ownDoubt(spot: Spot, around: Surroundings): string | undefined {
  return spot.live === null ? absenceDoubt(spot, around) : fieldDoubt(spot, around);
}

/** A field that we claim and that is not there. */
function absenceDoubt(spot: Spot, around: Surroundings): string | undefined {
  const isEmptied = isLeaf(spot.claim) && isDropped(emptyFieldOf(spot), around.dropping);
  return isEmptied ? respellingDoubt(spot, around) : told(spot, "is gone");
}

/** A field that we do not claim: only an empty list says and claims nothing. */
function newDoubt(spot: Spot, around: Surroundings): string | undefined {
  const isNothing = spot.live === null && isUnclaimed(emptyFieldOf(spot), around.dropping);
  return isNothing ? respellingDoubt(spot, around) : told(spot, "is not ours yet");
}

function emptyFieldOf(spot: Spot): EmptyField {
  return { name: spot.member.slice(2), value: spot.stored, isMetadata: isOfMetadata(spot) };
}

/** A field of the object's own metadata. */
function isOfMetadata({ parent }: Spot): boolean {
  return parent?.member === "f:metadata" && parent.parent?.parent === undefined;
}

/** The items of a list that have keys. Live items keep their places, so only an order that contradicts theirs is a change. */
function itemsDoubt(spot: Spot, around: Surroundings): string | undefined {
  const { sent, stored, live } = spot;
  if (!isList(sent) || !isList(stored) || !isList(live)) return told(spot, "is no list");
  const claimed = claimedItems(spot.claim);
  if (claimed === undefined) return told(spot, "has items that cannot be told apart");
  if (claimed.items.size !== stored.length) return told(spot, "has other items than are sent");
  const places = placesOf(live, (item) => (isMap(item) ? signature(item, claimed.names) : undefined));
  let last = -1;
  for (const [index, item] of stored.entries()) {
    const own = isMap(item) ? claimed.items.get(signature(item, claimed.names)) : undefined;
    const place = own && places.get(own.signature);
    if (own === undefined || place === undefined) return told(spot, "has other items than are sent");
    if (place <= last) return told(spot, "has its items in another order");
    last = place;
    const child = { parent: spot, ...own, sent: sent[index] ?? null, stored: item, live: live[place] ?? null };
    const doubt = fieldDoubt(child, around);
    if (doubt !== undefined) return doubt;
  }
  return undefined;
}

/** The items of a list of scalars that is a set. */
function valuesDoubt(spot: Spot): string | undefined {
  const { stored, live, claim } = spot;
  if (!isList(stored) || !isList(live)) return told(spot, "is no list");
  const claimed = new Set(membersOf(claim).map(claimedValue));
  if (claimed.size !== stored.length || claimed.has(undefined)) return told(spot, "has other items than are sent");
  const places = placesOf(live, canonicalJson);
  let last = -1;
  for (const item of stored) {
    const text = canonicalJson(item);
    const place = places.get(text);
    if (!claimed.has(text) || place === undefined) return told(spot, "has other items than are sent");
    if (place <= last) return told(spot, "has its items in another order");
    last = place;
  }
  return undefined;
}

/** Labels or annotations of the object that we sent empty, and in which others have some: empty adds and takes nothing. */
function isEmptyBeside(spot: Spot): boolean {
  const { stored, live, member } = spot;
  if (!isOfMetadata(spot) || (member !== "f:labels" && member !== "f:annotations")) return false;
  return isMap(stored) && isEmptyOrScalar(stored) && isMap(live);
}

function isEmptyOrScalar(value: Json): boolean {
  if (isList(value)) return value.length === 0;
  return !isMap(value) || Object.keys(value).length === 0;
}

function hasNull(value: Json | undefined): boolean {
  if (isList(value)) return value.some(hasNull);
  return isMap(value) ? Object.values(value).some(hasNull) : value === null;
}
