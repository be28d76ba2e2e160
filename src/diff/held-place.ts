import { isList, isMap, type Json } from "../model/json.ts";
import { stepInto, type Path, type Scalar, type Step } from "../model/path.ts";
import { claimsBelow, keyNames, memberOfItem, type Claims } from "./claims.ts";
import { stepIntoDeclared } from "./declared-place.ts";

/** One place of an object: what is sent there, what is live there, and who claims that. */
export interface Site {
  readonly sent: Json | undefined;
  readonly live: Json | undefined;
  readonly claims: Claims;
}

/** The places that a path with wildcards means in a live object and in what Git wants of it; items are told by all their keys. */
export function heldPlaces(pattern: Path, site: Site): readonly Path[] {
  const [step, ...rest] = pattern;
  if (step === undefined) return [[]];
  return stepsOf(pattern, site).flatMap((here) => heldPlaces(rest, into(site, here)).map((inner) => [here, ...inner]));
}

function into({ sent, live, claims }: Site, step: Step): Site {
  const liveValue = stepInto(live, step);
  const member = typeof step === "string" ? `f:${step}` : itemMember(liveValue, claims);
  return {
    sent: stepIntoDeclared(sent, step),
    live: liveValue,
    claims: member === undefined ? { ours: undefined, others: [] } : claimsBelow(claims, member),
  };
}

function itemMember(item: Json | undefined, claims: Claims): string | undefined {
  return item === undefined ? undefined : memberOfItem(claims, item);
}

/** Where the item as such is meant, it may be live or not; else only what is inside of a live one can be held. */
function stepsOf([step, ...rest]: Path, { sent, live, claims }: Site): readonly Step[] {
  const isLast = rest.length === 0;
  if (step === undefined) return [];
  if (typeof step === "string" || "index" in step) return [step];
  if (isAny(step) && (isMap(live) || isMap(sent)))
    return [...new Set([live, sent].flatMap((side) => (isMap(side) ? Object.keys(side) : [])))];
  const names = keyNames(claims);
  if (isAny(step) && names === undefined && !isLast) return alikeSteps(live, sent, rest[0]);
  const inLive = itemSteps(live, step, names);
  const found = new Set(inLive.map((here) => stepIntoDeclared(sent, here)));
  const isNew = (here: Step): boolean => !found.has(stepInto(sent, here));
  return isLast ? [...inLive, ...itemSteps(sent, step, names).filter(isNew)] : inLive;
}

function itemSteps(list: Json | undefined, step: Step, names: readonly string[] | undefined): readonly Step[] {
  if (!isList(list)) return [];
  return list.flatMap((item, index) => {
    const isMeant = isAny(step) || stepInto([item], step) !== undefined;
    return isMeant ? [(names && keyedStep(item, names)) ?? (isAny(step) ? { index } : step)] : [];
  });
}

/**
 * Nothing says what tells the items of an atomic list apart. One is the same in Git when its plain values are, but for the
 * one that is held; else when it stands at the same position, as long as no item came or went.
 */
function alikeSteps(live: Json | undefined, sent: Json | undefined, held: Step | undefined): readonly Step[] {
  if (!isList(live)) return [];
  const isOneEach = (step: Step): boolean => [live, sent].every((list) => countOf(list, step) === 1);
  const told = live.map((item) => likeness(item, held)).map((step) => (step && isOneEach(step) ? step : undefined));
  const isSameLength = isList(sent) && sent.length === live.length;
  const taken = new Set(told.map((step) => step && stepInto(sent, step)));
  return told.flatMap((step, index) => {
    if (step !== undefined) return [step];
    const isFree = isSameLength && !taken.has(sent[index]);
    return isFree ? [{ index }] : [];
  });
}

function countOf(list: Json | undefined, step: Step): number {
  return isList(list) ? list.filter((item) => stepInto([item], step) !== undefined).length : 0;
}

function likeness(item: Json, held: Step | undefined): Step | undefined {
  const names = isMap(item) ? Object.keys(item).filter((name) => name !== held && isScalar(item[name])) : [];
  return names.length === 0 ? undefined : keyedStep(item, names);
}

function keyedStep(item: Json, names: readonly string[]): Step | undefined {
  if (!isMap(item)) return undefined;
  const keys = names.flatMap((name) => (isScalar(item[name]) ? [[name, item[name]] as const] : []));
  return { item: Object.fromEntries(keys) };
}

function isScalar(value: Json | undefined): value is Scalar {
  return ["string", "number", "bigint", "boolean"].includes(typeof value);
}

function isAny(step: Step): boolean {
  return typeof step !== "string" && "any" in step;
}
