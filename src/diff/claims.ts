import { isMap, type Json } from "../model/json.ts";
import type { KubeObject, ManagedFields } from "../model/object.ts";
import { isOurs } from "../model/ownership-marks.ts";
import { below, isMeant, membersOf, readMember, union, type FieldSet, type Member } from "./field-set.ts";

/** Who claims a place of a live object and what is below it. */
export interface Claims {
  /** `undefined`: we do not claim it. */
  readonly ours: FieldSet | undefined;
  /** One for each other entry that claims it. */
  readonly others: readonly FieldSet[];
}

/** All claims on a live object. Entries that we are about to absorb count as ours. */
export function claimsOn(live: KubeObject, absorbed: readonly ManagedFields[] = []): Claims {
  const entries = live.metadata.managedFields ?? [];
  const isOwn = (entry: ManagedFields): boolean => isOurs(entry) || absorbed.includes(entry);
  const own = entries.filter(isOwn).map(({ fieldsV1 }) => fieldsV1 ?? {});
  return {
    ours: own.length === 0 ? undefined : own.reduce(union),
    others: entries.filter((entry) => !isOwn(entry)).map(({ fieldsV1 }) => fieldsV1 ?? {}),
  };
}

/** The claims on one member of a place. */
export function claimsBelow({ ours, others }: Claims, member: string): Claims {
  return {
    ours: below(ours, member),
    others: others.map((set) => below(set, member)).filter((set) => set !== undefined),
  };
}

/** Everybody claims the value as one: an atomic map or list, or a scalar. False where nobody claims it. */
export function isWhole(claims: Claims): boolean {
  const sets = allSets(claims);
  return sets.length > 0 && sets.every((set) => membersOf(set).length === 0);
}

/** Nobody claims it or anything in it. */
export function isUnclaimed(claims: Claims): boolean {
  return allSets(claims).length === 0;
}

/** How the claims call an item of a list: the `k:` or `v:` member that means it. */
export function memberOfItem(claims: Claims, item: Json): string | undefined {
  return itemMembers(claims).find(({ member }) => isMeant(item, member))?.text;
}

/** The names of the fields that tell the items of a list apart; `undefined` where no claim tells. */
export function keyNames(claims: Claims): readonly string[] | undefined {
  const keyed = itemMembers(claims).find(({ member }) => member.kind === "item")?.member;
  return keyed?.kind === "item" ? Object.keys(keyed.keys) : undefined;
}

interface ItemMember {
  readonly text: string;
  readonly member: Extract<Member, { readonly kind: "item" | "value" }>;
}

function itemMembers(claims: Claims): readonly ItemMember[] {
  return [...new Set(allSets(claims).flatMap(membersOf))].flatMap((text) => {
    const member = readMember(text);
    return member?.kind === "item" || member?.kind === "value" ? [{ text, member }] : [];
  });
}

function allSets({ ours, others }: Claims): readonly FieldSet[] {
  return ours === undefined ? others : [ours, ...others];
}

/** Whether a value has anything in it that could be claimed apart from it. */
export function isDivisible(value: Json | undefined): boolean {
  return Array.isArray(value) || isMap(value);
}
