import { isList, isMap, sameJson, type Json, type JsonList, type JsonMap } from "../model/json.ts";
import type { KubeObject, ManagedFields } from "../model/object.ts";
import { isOurs, PART_OF_LABEL } from "../model/ownership-marks.ts";
import { stepInto, valueAt, type Path, type Step } from "../model/path.ts";
import { claimsBelow, claimsOn, isDivisible, isUnclaimed, isWhole, memberOfItem } from "./claims.ts";
import { without } from "./comparable.ts";
import { declaredAt, stepIntoDeclared } from "./declared-place.ts";
import { differences } from "./differences.ts";
import { heldPlaces, type Site } from "./held-place.ts";
import { itemAlone, keysOf, oursAlone } from "./projection.ts";

/** A field that is left as it is in the cluster although Git wants it otherwise; an absent side is `undefined`. */
export interface HeldField {
  readonly path: Path;
  readonly git?: Json;
  readonly live?: Json;
}

export interface Held {
  /** What is sent instead of the desired object. */
  readonly sent: KubeObject;
  readonly held: readonly HeldField[];
}

export interface HoldOptions {
  /** Entries of `live` that become ours before we apply: what they claim is as good as ours. */
  readonly absorbed?: readonly ManagedFields[];
  /** Fields, wildcards allowed, of which only what others claim and we do not is left out; all else is sent as Git has it. */
  readonly foreign?: readonly Path[];
}

/**
 * Leaves the fields at some paths, wildcards allowed, as they are in the live object. What is ours alone there is sent with its
 * live value, since the server takes a field away that its only owner no longer sends (it sets `spec.replicas` to 1); all else
 * there is not sent. An item of a list that is not live yet is being created: what is inside it is sent as Git has it.
 */
export function hold(
  desired: KubeObject,
  live: KubeObject,
  paths: readonly Path[],
  { absorbed = [], foreign = [] }: HoldOptions = {},
): Held {
  const root: Site = { sent: desired, live, claims: claimsOn(live, absorbed) };
  const inFull = isOfAnotherVersion(live, absorbed) ? withLive : heldAt;
  const all = [
    ...paths.map((path) => ({ path, at: (site: Site, place: Path) => inFull(site, place, liveOfOurs) })),
    ...foreign.map((path) => ({ path, at: (site: Site, place: Path) => heldAt(site, place, withoutForeign) })),
  ].flatMap(({ path, at }) => heldPlaces(path, root).map((place) => ({ place, at })));
  const sent = all.reduce<Json | undefined>((object, { place, at }) => at({ ...root, sent: object }, place), desired);
  const object = withIdentity(isMap(sent) ? sent : {}, desired);
  return { sent: object, held: all.flatMap(({ place }) => heldFields(place, { desired, live, sent: object })) };
}

/** Our claims are on paths of another version, which say nothing about the object as we see it. */
function isOfAnotherVersion(live: KubeObject, absorbed: readonly ManagedFields[]): boolean {
  const entries = (live.metadata.managedFields ?? []).filter((entry) => isOurs(entry) || absorbed.includes(entry));
  return entries.some(({ apiVersion }) => apiVersion !== live.apiVersion);
}

/** What is sent at the end of a path. */
type Ending = (site: Site) => Json | undefined;

function liveOfOurs({ live, claims }: Site): Json | undefined {
  return oursAlone(live, claims);
}

function withoutForeign({ sent, live, claims }: Site): Json | undefined {
  if (isUnclaimed(claims)) return sent;
  if (claims.ours === undefined) return undefined;
  if (!isMap(sent) || isWhole(claims)) return sent;
  const inner = (key: string): Site => ({
    sent: sent[key],
    live: stepInto(live, key),
    claims: claimsBelow(claims, `f:${key}`),
  });
  const kept = Object.keys(sent).map((key) => [key, withoutForeign(inner(key))] as const);
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined));
}

function heldAt(site: Site, path: Path, ending: Ending): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return ending(site);
  if (isDivisible(site.live) && isWhole(site.claims)) return withLive(site, path);
  return typeof step === "string" ? heldInMap(site, step, { rest, ending }) : heldInList(site, step, { rest, ending });
}

interface Onward {
  readonly rest: Path;
  readonly ending: Ending;
}

function heldInMap({ sent, live, claims }: Site, key: string, { rest, ending }: Onward): Json | undefined {
  if (sent !== undefined && !isMap(sent)) return sent;
  const inner = { sent: stepInto(sent, key), live: stepInto(live, key), claims: claimsBelow(claims, `f:${key}`) };
  const value = heldAt(inner, rest, ending);
  if (value !== undefined) return { ...sent, [key]: value };
  return sent && without(sent, [key]);
}

function heldInList(site: Site, step: Step, { rest, ending }: Onward): Json | undefined {
  const { sent, live, claims } = site;
  if (sent !== undefined && !isList(sent)) return sent;
  // Nothing tells whether the items of this list can be sent apart from each other.
  if (isUnclaimed(claims)) return replaced(sent, live, [step, ...rest]);
  const [sentItem, liveItem] = [stepIntoDeclared(sent, step), stepInto(live, step)];
  const member = liveItem === undefined ? undefined : memberOfItem(claims, liveItem);
  if (liveItem === undefined || member === undefined)
    return rest.length > 0 ? sent : listWith(sent, sentItem, undefined);
  const inner = claimsBelow(claims, member);
  if (rest.length === 0) {
    const alone = itemAlone(liveItem, member, inner);
    const isBack = sentItem === undefined && alone !== undefined;
    return isBack ? inserted(sent ?? [], alone, { live, keys: keysOf(member) }) : listWith(sent, sentItem, alone);
  }
  // Git takes the item away as a whole, or its key is meant: without that it would be another item.
  if (sentItem === undefined || (rest.length === 1 && keysOf(member).some((key) => key === rest[0]))) return sent;
  return listWith(sent, sentItem, heldAt({ sent: sentItem, live: liveItem, claims: inner }, rest, ending));
}

/** A list with one item replaced or taken out. A list of which nothing is left is not sent: an empty one claims the list itself. */
function listWith(list: JsonList | undefined, old: Json | undefined, item: Json | undefined): JsonList | undefined {
  const items = list?.flatMap((other) => (other !== old ? [other] : item === undefined ? [] : [item]));
  return items?.length === 0 ? undefined : items;
}

interface Standing {
  readonly live: Json | undefined;
  readonly keys: readonly string[];
}

/** The list with one more item, after those that stand before it in the live list. */
function inserted(list: JsonList, item: Json, { live, keys }: Standing): JsonList {
  const isSame = (a: Json, b: Json): boolean =>
    isMap(a) && isMap(b) && keys.every((key) => sameJson(a[key] ?? b[key], b[key]));
  const liveItems = isList(live) ? live : [];
  const earlier = liveItems.slice(
    0,
    liveItems.findIndex((other) => isSame(item, other)),
  );
  const last = list.findLastIndex((other) => earlier.some((one) => isSame(other, one)));
  return list.toSpliced(last + 1, 0, item);
}

/** An atomic value can only be sent as a whole: Git's, with the live value at the path that is held. */
function withLive({ sent, live, claims }: Site, path: Path): Json | undefined {
  if (sent === undefined && claims.ours === undefined) return undefined;
  return replaced(sent, live, path);
}

function replaced(sent: Json | undefined, live: Json | undefined, path: Path): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return live;
  const value = replaced(stepIntoDeclared(sent, step), stepInto(live, step), rest);
  if (typeof step !== "string") {
    const old = stepIntoDeclared(sent, step);
    return isList(sent) && old !== undefined ? listWith(sent, old, value) : sent;
  }
  if (sent !== undefined && !isMap(sent)) return sent;
  if (value !== undefined) return { ...sent, [step]: value };
  return sent && without(sent, [step]);
}

/** Which object it is and whose set it is in can be no one's to hold. */
function withIdentity(sent: JsonMap, desired: KubeObject): KubeObject {
  const { apiVersion, kind, metadata } = desired;
  const { name, namespace, labels } = metadata;
  const kept = isMap(sent["metadata"]) ? sent["metadata"] : {};
  const identity = { ...kept, name, ...(namespace !== undefined && { namespace }) };
  const setLabel = labels?.[PART_OF_LABEL];
  if (setLabel === undefined) return { ...sent, apiVersion, kind, metadata: identity };
  const others = isMap(kept["labels"]) ? kept["labels"] : {};
  return {
    ...sent,
    apiVersion,
    kind,
    metadata: { ...identity, labels: { ...others, [PART_OF_LABEL]: setLabel } },
  };
}

interface Compared {
  readonly desired: KubeObject;
  readonly live: KubeObject;
  readonly sent: KubeObject;
}

/** Where Git wants something else than what is live, or would take something of ours away, and it is not sent so. */
function heldFields(place: Path, { desired, live, sent }: Compared): readonly HeldField[] {
  return differences(declaredAt(desired, place), valueAt(live, place), place)
    .filter(({ path, before }) => !sameJson(declaredAt(sent, path), before))
    .map(({ path, before, after }) => ({
      path,
      ...(before !== undefined && { git: before }),
      ...(after !== undefined && { live: after }),
    }));
}
