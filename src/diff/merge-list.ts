import { isMap, sameJson, type Json, type JsonList, type JsonMap } from "../model/json.ts";
import { isUnclaimed, keyNames, memberOfItem, type Claims } from "./claims.ts";

/** How the API server tells the items of a list apart (`x-kubernetes-list-type`); items of an atomic one it does not. */
export type ListType =
  | { readonly kind: "atomic" }
  | { readonly kind: "set" }
  | { readonly kind: "keyed"; readonly names: readonly string[] };

/** What the claims on a live list say of its type; of a list that nobody claims, what its name says in a built-in kind. */
export function listTypeOf(live: JsonList, claims: Claims, name: string): ListType {
  const names = keyNames(claims);
  if (names !== undefined) return { kind: "keyed", names };
  if (live.some((item) => !isMap(item) && memberOfItem(claims, item) !== undefined)) return { kind: "set" };
  if (!isUnclaimed(claims)) return { kind: "atomic" };
  if (name === "finalizers") return { kind: "set" };
  const known = KEYS.find(([lists, keys]) => lists.includes(name) && live.every((item) => hasAll(item, keys)));
  return known === undefined ? { kind: "atomic" } : { kind: "keyed", names: known[1] };
}

// `x-kubernetes-list-map-keys` of the built-in kinds, by the name of the list.
const KEYS: readonly (readonly [lists: readonly string[], keys: readonly string[]])[] = [
  [["containers", "initContainers", "ephemeralContainers", "volumes", "env", "imagePullSecrets", "webhooks"], ["name"]],
  [["secrets", "resourceClaims", "schedulingGates", "matchConditions", "variables"], ["name"]],
  [["volumeMounts"], ["mountPath"]],
  [["volumeDevices"], ["devicePath"]],
  [["ports"], ["containerPort", "protocol"]],
  [["ports"], ["port", "protocol"]],
  [["hostAliases"], ["ip"]],
  [["topologySpreadConstraints"], ["topologyKey", "whenUnsatisfiable"]],
  [["conditions"], ["type"]],
  [["ownerReferences"], ["uid"]],
];

function hasAll(item: Json, keys: readonly string[]): boolean {
  return isMap(item) && keys.every((key) => item[key] !== undefined);
}

/** One item of a merged list: what is sent for it, and what is live. */
export interface ItemPair {
  readonly sent?: Json;
  readonly live?: Json;
}

/**
 * The items of two lists in the order of the merge: sent items in their own order, live items that are not sent where they
 * stand among the others.
 */
export function pairItems(
  sent: JsonList,
  live: JsonList,
  type: Exclude<ListType, { kind: "atomic" }>,
): readonly ItemPair[] {
  const liveIds = live.map((item) => idOf(item, type));
  const sentIds = sent.map((item) => idOf(completed(item, live, type), type));
  return mergedOrder(liveIds, sentIds).map((id) => {
    const [liveItem, sentItem] = [live[liveIds.indexOf(id)], sent[sentIds.indexOf(id)]];
    return { ...(sentItem !== undefined && { sent: sentItem }), ...(liveItem !== undefined && { live: liveItem }) };
  });
}

function idOf(item: Json, type: ListType): string {
  const parts = type.kind === "keyed" && isMap(item) ? type.names.map((name) => item[name]) : [item];
  return JSON.stringify(parts, (_, value: unknown) => (typeof value === "bigint" ? Number(value) : value));
}

/** With the keys that the server fills in: as the one live item has them that fits, else the one default that a key has. */
function completed(item: Json, live: JsonList, type: ListType): Json {
  if (type.kind !== "keyed" || !isMap(item) || hasAll(item, type.names)) return item;
  const written = type.names.filter((name) => item[name] !== undefined);
  const filled: JsonMap = type.names.includes("protocol") ? { protocol: "TCP", ...item } : item;
  if (hasAll(filled, type.names)) return filled;
  const fitting = live.filter((one) => isMap(one) && written.every((name) => sameJson(one[name], item[name])));
  const only = fitting.length === 1 ? fitting[0] : undefined;
  return isMap(only) ? { ...Object.fromEntries(type.names.map((name) => [name, only[name]])), ...item } : item;
}

/**
 * The order in which structured-merge-diff puts two lists of distinct items: it walks both, takes a live item that is not sent
 * where it meets it, and leaves a live item that is sent until its turn among the sent ones.
 */
export function mergedOrder(live: readonly string[], sent: readonly string[]): readonly string[] {
  const [inLive, inSent] = [new Set(live), new Set(sent)];
  const shared = sent.filter((id) => inLive.has(id));
  const order = new Set<string>();
  let [at, next, awaited] = [0, 0, 0];
  while (at < live.length || next < sent.length) {
    const [liveId, sentId] = [live[at], sent[next]];
    const isLater = liveId !== undefined && inSent.has(liveId) && shared[awaited] !== liveId;
    if (liveId !== undefined && !inSent.has(liveId)) {
      order.add(liveId);
      at += 1;
    } else if (
      liveId !== undefined &&
      (order.has(liveId) || (isLater && sentId !== undefined && awaited < shared.length))
    ) {
      at += 1;
    } else if (sentId !== undefined) {
      order.add(sentId);
      next += 1;
      if (shared[awaited] === sentId) awaited += 1;
    }
  }
  return [...order];
}
