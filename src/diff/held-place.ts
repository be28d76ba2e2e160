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
  return stepsOf(step, site, rest.length === 0).flatMap((here) =>
    heldPlaces(rest, into(site, here)).map((inner) => [here, ...inner]),
  );
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

/** `isLast`: the item as such is meant, be it live or not; else only what is inside of a live one can be held. */
function stepsOf(step: Step, { sent, live, claims }: Site, isLast: boolean): readonly Step[] {
  if (typeof step === "string" || "index" in step) return [step];
  if (isAny(step) && (isMap(live) || isMap(sent)))
    return [...new Set([live, sent].flatMap((side) => (isMap(side) ? Object.keys(side) : [])))];
  const names = keyNames(claims);
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
