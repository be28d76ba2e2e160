import type { JsonMap } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import { listed, mapsAt, textsAt, told } from "./reading.ts";

/** One right as RBAC counts them; `*` stands for all. */
export type Grant =
  | {
      readonly kind: "resource";
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      /** Absent: of every name. */
      readonly name?: string;
    }
  | { readonly kind: "address"; readonly verb: string; readonly address: string };

// The rights of one rule multiply; beyond this many nobody reads them, and each is compared with each.
const MOST = 2_000;

/** The rights that the rules of a Role or ClusterRole give, one by one; only the first of very many. */
export function grantsOf(role: KubeObject): readonly Grant[] {
  const grants: Grant[] = [];
  for (const grant of mapsAt(role, "rules").values().flatMap(grantsOfRule)) {
    if (isCut(grants)) break;
    grants.push(grant);
  }
  return grants;
}

function* grantsOfRule(rule: JsonMap): Generator<Grant> {
  const names = textsAt(rule, "resourceNames");
  for (const verb of textsAt(rule, "verbs")) {
    for (const address of textsAt(rule, "nonResourceURLs")) yield { kind: "address", verb, address };
    for (const group of textsAt(rule, "apiGroups"))
      for (const resource of textsAt(rule, "resources"))
        for (const name of names.length === 0 ? [undefined] : names)
          yield { kind: "resource", verb, group, resource, ...(name !== undefined && { name }) };
  }
}

/** There may be more rights than these. */
export function isCut(grants: readonly Grant[]): boolean {
  return grants.length >= MOST;
}

/** Whoever has the right `a` has `b` too. */
export function covers(a: Grant, b: Grant): boolean {
  if (!isPart(a.verb, b.verb)) return false;
  if (a.kind === "address") return b.kind === "address" && coversAddress(a.address, b.address);
  if (b.kind === "address" || !isPart(a.group, b.group)) return false;
  return coversResource(a.resource, b.resource) && (a.name === undefined || a.name === b.name);
}

function isPart(all: string, one: string): boolean {
  return all === "*" || all === one;
}

/** `*` holds subresources as well, and `*` before a slash stands for any resource with that subresource. */
function coversResource(all: string, one: string): boolean {
  return isPart(all, one) || (all.startsWith("*/") && one.endsWith(all.slice(1)));
}

function coversAddress(all: string, one: string): boolean {
  return isPart(all, one) || (all.endsWith("*") && one.startsWith(all.slice(0, -1)));
}

/** Rights in words, those of one thing together: `get/list secrets`, `do anything with deployments.apps`. */
export function grantText(grants: readonly Grant[]): readonly string[] {
  const byThing = Map.groupBy(grants, thingText);
  const verbs = [...byThing].map(([thing, some]) => ({ thing, verbs: verbsText(some.map(({ verb }) => verb)) }));
  const byVerbs = Map.groupBy(verbs, (entry) => entry.verbs);
  return [...byVerbs].map(
    ([text, entries]) =>
      `${text} ${listed(
        entries.map(({ thing }) => thing),
        4,
      )}`,
  );
}

function verbsText(verbs: readonly string[]): string {
  return verbs.includes("*") ? "do anything with" : [...new Set(verbs)].map(told).join("/");
}

function thingText(grant: Grant): string {
  if (grant.kind === "address") return grant.address === "*" ? "every address of the API" : told(grant.address);
  const { group, resource, name } = grant;
  const named = name === undefined ? "" : ` named ${told(name)}`;
  return `${resourceText(resource, group)}${named}`;
}

function resourceText(resource: string, group: string): string {
  if (resource !== "*")
    return `${told(resource)}${group === "" ? "" : group === "*" ? " of every group" : `.${told(group)}`}`;
  if (group === "*") return "everything";
  return group === "" ? "everything in the core group" : `everything in ${told(group)}`;
}
