import type { JsonMap } from "../model/json.ts";
import { versionOf, type KubeObject } from "../model/object.ts";
import { formatPath, type Path } from "../model/path.ts";
import { budgetOf, type Budget } from "./budget.ts";
import { checkConstraints } from "./constraints.ts";
import { withDefaults } from "./defaults.ts";
import { servedVersions, type Definition, type Version } from "./definition.ts";
import { checkEmbedded } from "./embedded.ts";
import { checkObjectMeta } from "./object-meta.ts";
import { checkScale } from "./scale.ts";
import { checkTypes } from "./typed.ts";
import { prunedPaths } from "./pruned.ts";
import type { Violation } from "./violation.ts";
import { walkOf, type Walk } from "./walk.ts";

/** What a definition says about an object of its kind. */
export interface Verdict {
  /** What the server would refuse, in its order; empty: it would accept the object, as far as this can be said. */
  readonly violations: readonly Violation[];
  /** What only the server can evaluate and would: CEL rules above all. Each with its place: `spec: self.min <= self.max`. */
  readonly unevaluated: readonly string[];
  /** Fields of free-form places that the server accepts and does not store. */
  readonly dropped: readonly Path[];
}

/** A few seconds at the very most, whatever an object holds. */
export const DEFAULT_STEPS = 2_000_000;

/** Checks an object as the API server would when it is created by server-side apply. `budget` may be shared by many objects. */
export function violations(
  object: KubeObject,
  definition: Definition,
  budget: Budget = budgetOf(DEFAULT_STEPS),
): Verdict {
  const version = definition.versions.find(({ name }) => name === versionOf(object.apiVersion));
  if (version?.served !== true) return { violations: [notServed(definition)], unevaluated: [], dropped: [] };
  const sent = withoutOwnStatus(object, version);
  const types = walkOf(budget);
  checkTypes(sent, version.schema, types);
  // The second look is only taken at what passed the first.
  if (types.violations.length > 0) return { ...verdictOf(types), dropped: [] };
  const walk = constraintWalk(sent, version, budget);
  const dropped = walk.violations.length > 0 ? [] : prunedPaths(sent, version.schema, budget);
  return { ...verdictOf(walk), dropped };
}

/** Checks an object that is stored already: by what the server would find if it were written again as it is. */
export function constraintWalk(object: JsonMap, version: Version, budget: Budget): Walk {
  const { schema, scale } = version;
  const walk = walkOf(budget);
  const complete = withDefaults(object, schema, budget) as JsonMap;
  checkObjectMeta(complete, walk);
  checkConstraints(complete, schema, [], walk);
  if (scale !== undefined) checkScale(complete, scale, walk);
  checkEmbedded(complete, schema, [], walk);
  return walk;
}

export function withoutOwnStatus<Kind extends JsonMap>(object: Kind, { hasStatus }: Version): Kind {
  if (!hasStatus || object["status"] === undefined) return object;
  const { status: _status, ...rest } = object;
  return rest as unknown as Kind;
}

export function verdictOf(walk: Walk): Omit<Verdict, "dropped"> {
  const cut = walk.budget.isSpent ? ["the object: too large to be checked to its end"] : [];
  return { violations: distinct(walk.violations), unevaluated: [...new Set([...walk.unevaluated, ...cut])] };
}

function distinct(found: readonly Violation[]): readonly Violation[] {
  return [...new Map(found.map((one) => [`${formatPath(one.path)}\n${one.what}`, one])).values()];
}

function notServed(definition: Definition): Violation {
  const served = servedVersions(definition).join(", ");
  return { code: "invalid-object", path: ["apiVersion"], what: `is not served; the definition serves ${served}` };
}
