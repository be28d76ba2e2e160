import { isList, isMap, sameJson, type Json, type JsonList, type JsonMap } from "../model/json.ts";
import type { KubeObject, ManagedFields } from "../model/object.ts";
import { FIELD_MANAGER } from "../model/ownership-marks.ts";
import { claimsBelow, claimsOn, isUnclaimed, isWhole, memberOfItem, type Claims } from "./claims.ts";
import { comparable } from "./comparable.ts";
import { applyEntry, membersOf, type FieldSet } from "./field-set.ts";
import { listTypeOf, pairItems, type ItemPair } from "./merge-list.ts";
import { refilled } from "./refilled.ts";
import { withStoredQuantities } from "./stored-quantity.ts";

export interface MergePrediction {
  readonly object: KubeObject;
  /** What of the change only the API server knows, in words; nothing where there is no change. */
  readonly unseen: readonly string[];
}

/**
 * What server-side apply makes of a live object, as far as that can be known without asking: what is sent is set, what only we
 * own and no longer send is taken away, all else stays. What its lists and maps are is read off the claims of all managers.
 * Entries of `live` that become ours before we apply count as ours.
 */
export function mergePrediction(
  sent: KubeObject,
  live: KubeObject,
  absorbed: readonly ManagedFields[] = [],
): MergePrediction {
  const site = { sent: withStoredQuantities(sent), live, claims: claimsOn(live, absorbed), key: "" };
  // Nobody can claim apiVersion, kind and the identity in metadata, so the merge keeps them.
  const object = refilled(mergeFields(site, live) as KubeObject, live, absorbed);
  return { object, unseen: unseenOf(object, live, sent) };
}

const UNSEEN = [
  "defaults that the API server fills in",
  "what admission webhooks and policies add, change or refuse",
  "whether the API server takes it: validation, immutable fields, quotas, rights",
];

function unseenOf(object: KubeObject, live: KubeObject, sent: KubeObject): readonly string[] {
  if (sameJson(comparable(object), comparable(live))) return [];
  const { apiVersion = sent.apiVersion } = applyEntry(live, FIELD_MANAGER) ?? {};
  return apiVersion === sent.apiVersion ? UNSEEN : [...UNSEEN, `fields that were applied as ${apiVersion}`];
}

/** One place of an object: what is sent there, what is live there, who claims it, and the last key on the way. */
interface Site {
  readonly sent: Json | undefined;
  readonly live: Json | undefined;
  readonly claims: Claims;
  readonly key: string;
}

function merge(site: Site): Json | undefined {
  const { sent, live, claims } = site;
  if (live === undefined) return isDropped(sent, claims) ? undefined : sent;
  if (sent === undefined && claims.ours === undefined) return live;
  if (sent === undefined && claims.others.length === 0) return undefined;
  if (isAtomic(site)) return sent ?? live;
  if (isMap(live) && (sent === undefined || isMap(sent))) return mergeFields(site, live);
  if (isList(live) && (sent === undefined || isList(sent))) return mergeItems(site, live);
  return sent ?? live;
}

// Sent before, ours, and still not there: the server drops it, as it does with what its types call empty.
function isDropped(sent: Json | undefined, { ours }: Claims): boolean {
  if (ours === undefined || sent === undefined) return false;
  if (isList(sent)) return sent.length === 0;
  return isMap(sent) ? Object.keys(sent).length === 0 : EMPTY.includes(sent);
}

const EMPTY: readonly Json[] = [null, false, 0, ""];

// Built-in types whose maps are one value (`x-kubernetes-map-type: atomic`): label and node selectors, references, matches.
const ATOMIC_KEY =
  /(?:^s|S)elector$|Ref$|^(?:dataSource|matchResources|matchConstraints|preference|required|requiredDuringSchedulingIgnoredDuringExecution)$/;

/** A map that is claimed as one value although there is something in it. One that was sent empty and has defaults looks the same. */
function isAtomic({ sent, live, claims, key }: Site): boolean {
  if (!isMap(live) || Object.keys(live).length === 0) return false;
  if (isUnclaimed(claims)) return ATOMIC_KEY.test(key);
  return isWhole(claims) && (!isMap(sent) || Object.keys(sent).length > 0 || ATOMIC_KEY.test(key));
}

function mergeFields({ sent, claims }: Site, live: JsonMap): JsonMap {
  const names = new Set([...Object.keys(live), ...Object.keys(isMap(sent) ? sent : {})]);
  const fields = [...names].map((name) => {
    const claimed = claimsBelow(claims, `f:${name}`);
    return [name, merge({ sent: own(sent, name), live: own(live, name), claims: claimed, key: name })] as const;
  });
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

function own(map: Json | undefined, key: string): Json | undefined {
  return isMap(map) && Object.hasOwn(map, key) ? map[key] : undefined;
}

function mergeItems({ sent, claims, key }: Site, live: JsonList): Json | undefined {
  const type = listTypeOf(live, claims, key);
  if (type.kind === "atomic") return sent ?? live;
  const pairs = pairItems(isList(sent) ? sent : [], live, type);
  const items = pairs.map((pair) => mergeItem(pair, claims)).filter((item) => item !== undefined);
  return sent === undefined && items.length === 0 ? undefined : items;
}

function mergeItem({ sent, live }: ItemPair, list: Claims): Json | undefined {
  const member = live === undefined ? undefined : memberOfItem(list, live);
  const claims = member === undefined ? NO_CLAIMS : claimsBelow(list, member);
  // Who claims only fields of an item cannot keep it.
  const isGone = sent === undefined && claims.ours !== undefined && !claims.others.some(claimsItem);
  return isGone ? undefined : merge({ sent, live, claims, key: "" });
}

const NO_CLAIMS: Claims = { ours: undefined, others: [] };

function claimsItem(claim: FieldSet): boolean {
  return "." in claim || membersOf(claim).length === 0;
}
