import { sameJson } from "../model/json.ts";
import { refOf, versionOf, type KubeObject, type SourceObject } from "../model/object.ts";
import { formatPath, type Path } from "../model/path.ts";
import type { Place } from "../model/place.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef, refKey } from "../model/ref.ts";
import { budgetOf, type Budget } from "./budget.ts";
import { defines, readDefinition, type Definition, type Version } from "./definition.ts";
import { toProblems } from "./problems.ts";
import { prunedPaths } from "./pruned.ts";
import { checkTypes } from "./typed.ts";
import { constraintWalk, DEFAULT_STEPS, verdictOf, violations, withoutOwnStatus } from "./violations.ts";
import type { Violation } from "./violation.ts";
import { walkOf } from "./walk.ts";

/** A live CustomResourceDefinition that a change writes anew. */
export interface DefinitionChange {
  readonly before: KubeObject;
  readonly after: KubeObject;
  readonly at?: Place;
  /** The live objects of the kind, as far as they may be listed. */
  readonly live: readonly KubeObject[];
  /** The objects of the kind that this change holds; the server still dry-runs them against the old definition. */
  readonly written: readonly SourceObject[];
}

/** What a definition's new schema does to live objects, and what of this change was judged by the old one. */
export function definitionChange(
  change: DefinitionChange,
  budget: Budget = budgetOf(DEFAULT_STEPS),
): readonly Problem[] {
  const [before, after] = [readDefinition(change.before), readDefinition(change.after)];
  if (before === undefined || after === undefined) return [];
  const changed = (object: KubeObject): boolean =>
    defines(after, object) && !sameSchema(versionIn(before, object), versionIn(after, object));
  const live = change.live.filter(changed).map((object) => fateOf(object, before, after, budget));
  const cut = budget.isSpent ? [unfinished(change)] : [];
  const written = change.written.filter(({ object }) => changed(object));
  const stuck = new Set(live.filter(isStuck).map(({ object }) => refKey(refOf(object))));
  return [
    ...stuckLive(change, live),
    ...refusedLive(change, live),
    ...droppedLive(change, live),
    ...cut,
    ...written.flatMap((source) => [
      ...(stuck.has(refKey(refOf(source.object))) ? [stuckWritten(source)] : []),
      ...ofWritten(source, change, after, budget),
    ]),
  ];
}

/** What becomes of a live object by the new schema alone. */
interface Fate {
  readonly object: KubeObject;
  /** Values that are of none of the new schema's types. */
  readonly mistyped: readonly Violation[];
  readonly refused: readonly Violation[];
  readonly dropped: readonly Path[];
}

function fateOf(object: KubeObject, before: Definition, after: Definition, budget: Budget): Fate {
  const now = storedFindings(object, versionIn(after, object), budget);
  // What the old schema has to say against it already is no news.
  const old = storedFindings(object, versionIn(before, object), budget);
  const oldTexts = new Set([...old.refused, ...old.mistyped].map(textOf));
  const oldPaths = new Set(old.dropped.map(formatPath));
  const isNew = (violation: Violation): boolean => !oldTexts.has(textOf(violation));
  return {
    object,
    mistyped: now.mistyped.filter(isNew),
    refused: now.refused.filter(isNew),
    dropped: now.dropped.filter((path) => !oldPaths.has(formatPath(path))),
  };
}

function storedFindings(object: KubeObject, version: Version | undefined, budget: Budget): Omit<Fate, "object"> {
  if (version === undefined) return { mistyped: [], refused: [], dropped: [] };
  const stored = withoutOwnStatus(object, version);
  const types = walkOf(budget);
  checkTypes(object, version.schema, types);
  // In a stored object the server forgives entries that are there twice, and prunes what it would refuse as unknown.
  const mistyped = types.violations.filter(({ code }) => code === "wrong-type" || code === "list-key-missing");
  const { violations: found } = verdictOf(constraintWalk(stored, version, budget));
  return { mistyped, refused: found, dropped: prunedPaths(stored, version.schema, budget) };
}

// An object of a version that is gone is read in the one in which objects are stored.
function versionIn({ versions }: Definition, { apiVersion }: KubeObject): Version | undefined {
  return versions.find(({ name }) => name === versionOf(apiVersion)) ?? versions.find(({ storage }) => storage);
}

function sameSchema(a: Version | undefined, b: Version | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.hasStatus === b.hasStatus && sameJson(a.source, b.source);
}

function isStuck({ mistyped }: Fate): boolean {
  return mistyped.length > 0;
}

/** "failed to create typed live object": the server cannot even read its own object as one of the new schema. */
function stuckLive(change: DefinitionChange, live: readonly Fate[]): readonly Problem[] {
  const stuck = live.filter(isStuck);
  if (stuck.length === 0) return [];
  const told = named(stuck, ({ mistyped: [first] }) => (first === undefined ? "" : textOf(first)));
  const what = `its new schema makes the server refuse to apply anything to ${countOf(stuck, live)}: ${told}`;
  return [caution(change, what, "correct these objects before the schema changes, or keep the type")];
}

function stuckWritten({ object, at }: SourceObject): Problem {
  return {
    code: "invalid-object",
    level: "blocker",
    message: `${formatRef(refOf(object))}: the live object is not of the types of its definition's new schema, so the server will refuse to apply to it`,
    remedy: "correct the object before the schema changes, or keep the type",
    at,
  };
}

function refusedLive(change: DefinitionChange, live: readonly Fate[]): readonly Problem[] {
  const refused = live.filter((fate) => !isStuck(fate) && fate.refused.length > 0);
  if (refused.length === 0) return [];
  const told = named(refused, ({ refused: [first] }) => (first === undefined ? "" : textOf(first)));
  const what = `its new schema would refuse ${countOf(refused, live)}: ${told}`;
  return [caution(change, what, "correct these objects: they stay, but whoever writes such a field anew is refused")];
}

function droppedLive(change: DefinitionChange, live: readonly Fate[]): readonly Problem[] {
  const losing = live.filter((fate) => fate.dropped.length > 0);
  if (losing.length === 0) return [];
  const told = named(losing, ({ dropped }) => dropped.slice(0, 3).map(formatPath).join(", "));
  const what = `its new schema drops fields of ${countOf(losing, live)}: ${told}`;
  return [caution(change, what, "keep the fields in the schema, or make sure that nobody needs them")];
}

function unfinished(change: DefinitionChange): Problem {
  return caution(
    change,
    "its live objects are too many or too large to be checked to the end",
    "check the others yourself",
  );
}

function countOf(some: readonly Fate[], all: readonly Fate[]): string {
  return `${some.length} of ${all.length} live object${all.length === 1 ? "" : "s"}`;
}

const MOST_NAMED = 5;

function named(fates: readonly Fate[], why: (fate: Fate) => string): string {
  const shown = fates.slice(0, MOST_NAMED).map((fate) => `${formatRef(refOf(fate.object))} (${why(fate)})`);
  const more = fates.length > MOST_NAMED ? ` and ${fates.length - MOST_NAMED} more` : "";
  return `${shown.join(", ")}${more}`;
}

function ofWritten(
  { object, at }: SourceObject,
  change: DefinitionChange,
  after: Definition,
  budget: Budget,
): readonly Problem[] {
  const ref = refOf(object);
  const judged: Problem = {
    code: "definition-changes",
    level: "caution",
    message: `${formatRef(ref)}: was dry-run against the old schema of ${formatRef(refOf(change.after))}, which this change replaces`,
    remedy: "read its changes with the new schema in mind: defaults and dropped fields may differ",
    at,
  };
  return [judged, ...toProblems(ref, at, violations(object, after, budget))];
}

function caution({ after, at }: DefinitionChange, what: string, remedy: string): Problem {
  const message = `${formatRef(refOf(after))}: ${what}`;
  return { code: "definition-changes", level: "caution", message, remedy, ...(at && { at }) };
}

function textOf({ path, what }: Violation): string {
  return `${formatPath(path) || "the object"}: ${what}`;
}
