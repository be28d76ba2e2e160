import { refOf, type KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { addQuantities, compareQuantities, formatQuantity, parseQuantity, type Quantity } from "../model/quantity.ts";
import { formatRef, refKey, type Ref } from "../model/ref.ts";
import { differenceOf, NOTHING, type Amounts } from "./amounts.ts";
import type { Planned } from "./planned.ts";
import { countsClaim, countsPod, hasScopes } from "./quota-scope.ts";
import { listed, mapAt, unique } from "./reading.ts";
import { madeUsage, usageOf } from "./usage.ts";

export interface QuotaRules {
  /** The live ResourceQuotas of the namespaces that the plan writes to. */
  readonly quotas: readonly KubeObject[];
  /** The plural of an object's kind in URLs; without it the object is not counted. */
  readonly resourceOf: (ref: Ref) => string | undefined;
}

/**
 * Quotas that every object of the plan respects but all of them together do not; the server looks at one at a time. What
 * exceeds a quota by itself is the server's to refuse. Pods that controllers will make are cautions: they are refused later.
 */
export function exceededQuotas(plan: readonly Planned[], rules: QuotaRules): readonly Problem[] {
  return rules.quotas.flatMap((live) => {
    const quota = asWritten(live, plan);
    const inside = plan.filter(({ ref }) => ref.namespace === live.metadata.namespace);
    const own = inside.map((planned) => ownDemand(planned, quota, rules));
    const made = inside.map((planned) => madeDemand(planned, quota));
    const refused = exceeding(quota, own);
    const told = new Set(refused.map(({ resource }) => resource));
    const later = exceededLater(quota, [...own, ...made]).filter(({ resource }) => !told.has(resource));
    return [
      ...refused.map((excess) => problemOf(quota, excess, "blocker")),
      ...later.map((excess) => problemOf(quota, { ...excess, fitsLater: false }, "caution")),
      ...unknownScope(quota, [...own, ...made]),
    ];
  });
}

/**
 * The namespaces in which a quota may have to say something that the server does not say of each object by itself: several
 * objects ask for more, or controllers will make pods.
 */
export function countedNamespaces(plan: readonly Planned[], rules: Pick<QuotaRules, "resourceOf">): readonly string[] {
  const inside = Map.groupBy(plan, ({ ref }) => ref.namespace ?? "");
  return [...inside].flatMap(([namespace, all]) => {
    const own = all.filter((planned) => asks(ownDemand(planned, ANY_QUOTA, rules)));
    const isCounted = own.length > 1 || all.some((planned) => asks(madeDemand(planned, ANY_QUOTA)));
    return namespace !== "" && isCounted ? [namespace] : [];
  });
}

const ANY_QUOTA: KubeObject = { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "any" } };

function asks({ more }: Demand): boolean {
  return more.size > 0;
}

/** The quota as this change leaves it, with what is used now; one that goes limits nothing. */
function asWritten(live: KubeObject, plan: readonly Planned[]): KubeObject {
  const key = refKey(refOf(live));
  const planned = plan.find(({ ref }) => refKey(ref) === key);
  const spec = planned?.op === "delete" ? {} : (planned?.head?.["spec"] ?? live["spec"]);
  return { ...live, spec };
}

/** What one object asks of a quota beyond what it has. */
interface Demand {
  readonly planned: Planned;
  readonly more: Amounts;
  /** What a deletion gives back, some time later. */
  readonly less: Amounts;
  readonly byController: boolean;
  /** The quota has a scope that is not understood here. */
  readonly unknown?: boolean;
}

const EMPTY: Amounts = new Map();

function ownDemand(planned: Planned, quota: KubeObject, { resourceOf }: Pick<QuotaRules, "resourceOf">): Demand {
  const resource = resourceOf(planned.ref);
  const counted = (object: KubeObject | undefined): Amounts | undefined => {
    if (object === undefined || resource === undefined) return EMPTY;
    if (!hasScopes(quota)) return usageOf(object, resource);
    if (resource !== "pods" && resource !== "persistentvolumeclaims") return EMPTY;
    const counts = (resource === "pods" ? countsPod : countsClaim)(quota, mapAt(object, "spec"));
    return counts === undefined ? undefined : counts ? usageOf(object, resource) : EMPTY;
  };
  return demandOf(planned, counted, false);
}

function madeDemand(planned: Planned, quota: KubeObject): Demand {
  const counted = (object: KubeObject | undefined): Amounts | undefined => {
    const made = object && madeUsage(object);
    if (made === undefined) return EMPTY;
    const counts = countsPod(quota, made.podSpec);
    return counts === undefined ? undefined : counts ? made.pods : EMPTY;
  };
  return demandOf(planned, counted, true);
}

function demandOf(
  planned: Planned,
  counted: (object: KubeObject | undefined) => Amounts | undefined,
  byController: boolean,
): Demand {
  const { op, live, head } = planned;
  const nothing = { planned, more: EMPTY, less: EMPTY, byController };
  if (op === undefined || op === "keep" || op === "ownership") return nothing;
  const [before, after] = [counted(live), counted(op === "delete" ? undefined : head)];
  if (before === undefined || after === undefined) return { ...nothing, unknown: true };
  const delta = differenceOf(after, before);
  return { ...nothing, more: only(delta, (amount) => amount > 0n), less: only(delta, (amount) => amount < 0n) };
}

function only(amounts: Amounts, holds: (nanos: bigint) => boolean): Amounts {
  return new Map([...amounts].filter(([, { nanos }]) => holds(nanos)));
}

/** One resource of a quota that is asked for more than there is. */
interface Excess {
  readonly resource: string;
  readonly hard: Quantity;
  readonly used: Quantity;
  readonly asked: Quantity;
  readonly asking: readonly Demand[];
  /** There is room once the objects that go are gone. */
  readonly fitsLater: boolean;
}

/** What no single object is refused for. */
function exceeding(quota: KubeObject, demands: readonly Demand[]): readonly Excess[] {
  return excesses(quota, demands).filter(
    ({ asking, hard, used, resource }) =>
      asking.length > 1 && !asking.some(({ more }) => isTooMuch(more.get(resource), used, hard)),
  );
}

/** What is asked for with the help of controllers. */
function exceededLater(quota: KubeObject, demands: readonly Demand[]): readonly Excess[] {
  return excesses(quota, demands).filter(({ asking }) => asking.some(({ byController }) => byController));
}

function excesses(quota: KubeObject, demands: readonly Demand[]): readonly Excess[] {
  const used = mapAt(quota, "status", "used");
  return Object.entries(mapAt(quota, "spec", "hard")).flatMap(([resource, most]) => {
    const [hard, now] = [parseQuantity(most), parseQuantity(used[resource])];
    const asking = demands.filter(({ more }) => more.has(resource));
    if (hard === undefined || now === undefined || asking.length === 0) return [];
    const asked = asking.reduce((sum, { more }) => addQuantities(sum, more.get(resource) ?? NOTHING), NOTHING);
    if (!isTooMuch(asked, now, hard)) return [];
    const freed = demands.reduce((sum, { less }) => addQuantities(sum, less.get(resource) ?? NOTHING), NOTHING);
    return [
      { resource, hard, used: now, asked, asking, fitsLater: !isTooMuch(addQuantities(asked, freed), now, hard) },
    ];
  });
}

function isTooMuch(asked: Quantity = NOTHING, used: Quantity, hard: Quantity): boolean {
  return compareQuantities(addQuantities(used, asked), hard) > 0;
}

function problemOf(quota: KubeObject, excess: Excess, level: "blocker" | "caution"): Problem {
  const { resource, hard, used, asked, asking, fitsLater } = excess;
  const names = unique(asking.map(({ planned }) => formatRef(planned.ref)));
  const who = names.length === 1 ? `${listed(names)} asks` : `together ${listed(names)} ask`;
  const at = asking[0]?.planned.at;
  const pods = level === "caution" ? ", pods of controllers included" : "";
  const later = fitsLater ? "; what this change deletes makes room only later" : "";
  return {
    code: "quota-exceeded",
    level: fitsLater ? "caution" : level,
    message: `${formatRef(refOf(quota))}: ${who} for ${formatQuantity(asked)} more ${resource}${pods}, but ${formatQuantity(used)} of ${formatQuantity(hard)} are used${later}`,
    remedy: "raise the ResourceQuota or ask for less",
    ...(at && { at }),
  };
}

function unknownScope(quota: KubeObject, demands: readonly Demand[]): readonly Problem[] {
  const asking = demands.filter(({ unknown }) => unknown === true);
  if (asking.length === 0) return [];
  return [
    {
      code: "quota-not-checked",
      level: "caution",
      message: `${formatRef(refOf(quota))}: has a scope that is not understood here, so whether ${listed(unique(asking.map(({ planned }) => formatRef(planned.ref))))} fit was not checked`,
      remedy: "check that the quota has room",
    },
  ];
}
