import type { Drift, Origin } from "../model/change.ts";
import type { KubeObject } from "../model/object.ts";
import { formatPath, overlaps, valueAt, type Path } from "../model/path.ts";
import { refOf } from "../model/object.ts";
import { sameJson, type Json } from "../model/json.ts";
import { comparable, declared } from "./comparable.ts";
import { declaredAt } from "./declared-place.ts";
import { differences, type Difference } from "./differences.ts";
import { isManagedByUs } from "../model/ownership-marks.ts";
import { authorOf, lastWriter } from "./ownership.ts";
import { extraFields, isClaimed } from "./extra.ts";
import { isSecretKind, isSecretPath, maskValue } from "./secrecy.ts";
import { isSecurityRelevant } from "./security.ts";

/** One object, seen from every side that could be had. */
export interface Sides {
  /** What the base commit wants, what the head commit wants. */
  readonly base?: KubeObject;
  readonly head?: KubeObject;
  readonly live?: KubeObject;
  /** The live object in the version that base uses, where head uses another. */
  readonly liveAsBase?: KubeObject;
  /** What the server would make of them now. */
  readonly predictedBase?: KubeObject;
  readonly predictedHead?: KubeObject;
  /** Fields that are left to others: what they set there is theirs. */
  readonly leftAlone?: readonly Path[];
}

/** An object as two commits have it. */
export interface GitSides {
  readonly base?: KubeObject | undefined;
  readonly head?: KubeObject | undefined;
}

/** A difference with its author; values are as they are, secrets included. */
export interface AttributedField extends Difference {
  readonly from: Origin;
}

/**
 * What writing `head` changes in the live object, each field with who made it differ: this change
 * (`predictedHead - predictedBase`), somebody in the cluster before it (`predictedBase - live`), or the server.
 */
export function attributedFields(sides: Sides): readonly AttributedField[] {
  const { predictedHead } = sides;
  if (predictedHead === undefined) return [];
  const total = changesBetween(sides.live, predictedHead);
  if (total.length === 0) return guessable(sides, total);
  const origin = originRule(sides, predictedHead);
  const fields = total.map((difference) => ({ ...difference, from: origin(difference.path) }));
  return [...fields, ...guessable(sides, total)];
}

/**
 * Secret values that Git changes to what is live already. They are told like any other change: left out, they would tell
 * whoever wrote them that the guess was right.
 */
function guessable({ base, head, live }: Sides, told: readonly Difference[]): readonly AttributedField[] {
  if (base === undefined || head === undefined || live === undefined || !isSecretKind(refOf(head))) return [];
  return gitFields(base, head)
    .filter(({ path, after }) => isSecretPath(refOf(head), path) && after !== undefined)
    .filter(({ path }) => !told.some((other) => overlaps(other.path, path)))
    .map(({ before: _before, ...field }) => ({ ...field, ...before(valueAt(live, field.path)) }));
}

function before(value: Json | undefined): { readonly before?: Json } {
  return value === undefined ? {} : { before: value };
}

/** Who made the live object differ at a path from what it will be. */
function originRule(sides: Sides, predictedHead: KubeObject): (path: Path) => Origin {
  const { live, predictedBase } = sides;
  const isComparable = predictedBase?.apiVersion === predictedHead.apiVersion;
  // Without a prediction that can be laid beside head's, Git's own two texts are all that tells.
  if (sides.base !== undefined && live !== undefined && !isComparable) return (path) => originByGit(path, sides);
  const byChange = changesBetween(predictedBase ?? live, predictedHead);
  const earlier = driftDifferences(sides);
  return (path) => {
    if (!isDeclared(path, sides)) return originBesideGit(path, sides);
    if (earlier.some((other) => overlaps(other.path, path)) && !isGitChange(path, sides)) return "drift";
    return byChange.some((other) => overlaps(other.path, path)) ? "pull-request" : "drift";
  };
}

function originByGit(path: Path, sides: Sides): Origin {
  if (!isDeclared(path, sides)) return originBesideGit(path, sides);
  return isGitChange(path, sides) ? "pull-request" : "drift";
}

/** A field that Git never declared and that goes although somebody claims it was there as drift, or as what is adopted now. */
function originBesideGit(path: Path, { base, live, predictedHead }: Sides): Origin {
  const isGone = predictedHead !== undefined && valueAt(predictedHead, path) === undefined;
  if (!isGone || live === undefined || !isClaimed(live, path)) return "server";
  return base === undefined ? "pull-request" : "drift";
}

/** Git has a say at this path, in the old state or the new. */
function isDeclared(path: Path, { base, head }: Sides): boolean {
  return [base, head].some((object) => object !== undefined && declaredAt(declared(object), path) !== undefined);
}

/** Git's two texts say different things at a path. */
export function isGitChange(path: Path, { base, head }: GitSides): boolean {
  if (base === undefined || head === undefined) return base !== head;
  return !sameJson(declaredAt(declared(base), path), declaredAt(declared(head), path));
}

function driftDifferences(sides: Sides): readonly Difference[] {
  const { predictedBase } = sides;
  const live = sides.liveAsBase ?? sides.live;
  if (live === undefined || predictedBase === undefined) return [];
  return changesBetween(live, predictedBase);
}

/** The live differences that the change did not make: declared fields that differ, and fields that only others own. Secret values are masked. */
export function driftOf(sides: Sides): readonly Drift[] {
  const { base } = sides;
  const live = sides.liveAsBase ?? sides.live;
  if (base === undefined) return [];
  if (live === undefined) return [missing(base, sides)];
  if (live.metadata.deletionTimestamp !== undefined) return [stuck(live)];
  return [...changed(sides, live), ...extra(live, base, sides)];
}

function missing(base: KubeObject, sides: Sides): Drift {
  const onMerge = sides.head === undefined ? "kept" : "reverted";
  return { ref: refOf(base), class: "missing", path: "", onMerge, security: false };
}

/** It is being deleted, and something holds it. */
export function stuck(live: KubeObject): Drift {
  const by = lastWriter(live);
  return { ref: refOf(live), class: "stuck", path: "", ...(by && { by }), onMerge: "kept", security: false };
}

function changed(sides: Sides, live: KubeObject): readonly Drift[] {
  const found = driftDifferences(sides).filter(({ path }) => isDeclared(path, sides));
  return found.map(({ path, before, after }) => {
    const by = authorOf(live, path) ?? (before === undefined ? lastWriter(live) : undefined);
    return {
      ref: refOf(live),
      class: "changed" as const,
      path: formatPath(path),
      ...(after === undefined ? {} : { git: maskValue(refOf(live), path, after) }),
      ...(before === undefined ? {} : { live: maskValue(refOf(live), path, before) }),
      ...(by && { by }),
      onMerge: onMergeOf(path, before, sides),
      security: isSecurityRelevant(refOf(live), path),
    };
  });
}

/** Merging keeps what head would have there anyhow: it takes the live value over, or leaves the field to whoever wrote it. */
function onMergeOf(path: Path, live: Json | undefined, sides: Sides): Drift["onMerge"] {
  const { head, predictedBase, predictedHead } = sides;
  if (head === undefined) return "kept";
  if (isSecretPath(refOf(head), path) && isGitChange(path, sides)) return "reverted";
  if (predictedHead === undefined || predictedHead.apiVersion !== predictedBase?.apiVersion) return "reverted";
  return sameJson(valueAt(comparable(predictedHead), path), live) ? "kept" : "reverted";
}

/** Only of objects we have applied: what others write into theirs is not for us to show. */
function extra(live: KubeObject, base: KubeObject, sides: Sides): readonly Drift[] {
  if (!isManagedByUs(live)) return [];
  const { head = base, leftAlone = [] } = sides;
  const found = extraFields(live, base).filter(
    ({ path }) => declaredAt(head, path) === undefined && !leftAlone.some((left) => isWithin(path, left)),
  );
  return found.map(({ path, live: value, by }) => ({
    ref: refOf(live),
    class: "extra" as const,
    path: formatPath(path),
    live: maskValue(refOf(live), path, value),
    by,
    onMerge: vanishes(path, sides) ? ("reverted" as const) : ("kept" as const),
    security: isSecurityRelevant(refOf(live), path),
  }));
}

/** It goes when the fields of the tool that set it become ours. */
function vanishes(path: Path, { live, predictedHead }: Sides): boolean {
  if (predictedHead === undefined || predictedHead.apiVersion !== live?.apiVersion) return false;
  return valueAt(predictedHead, path) === undefined;
}

function isWithin(path: Path, outer: Path): boolean {
  return outer.length <= path.length && overlaps(path, outer);
}

/** What is proven to stay as it is, is predicted as the very object that is live: most of them need no comparison. */
function changesBetween(before: KubeObject | undefined, after: KubeObject): readonly Difference[] {
  return before === after ? [] : differences(comparableOf(before), comparable(after));
}

function comparableOf(object: KubeObject | undefined): Json | undefined {
  return object === undefined ? undefined : comparable(object);
}

/** The fields of a new object, one per top-level part of what Git declares. */
export function createdFields(head: KubeObject): readonly AttributedField[] {
  return differences({ metadata: {} }, declared(head)).map((difference) => ({ ...difference, from: "pull-request" }));
}

/** What the change does to Git's own text of an object, for when no server could be asked. */
export function gitFields(base: KubeObject | undefined, head: KubeObject): readonly AttributedField[] {
  if (base === undefined) return createdFields(head);
  return differences(declared(base), declared(head)).map((difference) => ({ ...difference, from: "pull-request" }));
}
