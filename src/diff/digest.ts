import { createHash, createHmac } from "node:crypto";
import type { Op } from "../model/change.ts";
import { canonicalJson, isList, isMap, sameJson, type Json, type JsonMap } from "../model/json.ts";
import { refOf, type KubeObject } from "../model/object.ts";
import { formatPath, type Path } from "../model/path.ts";
import { compareText, refKey, type Ref } from "../model/ref.ts";
import { formatTarget, type Target } from "../model/target.ts";
import { comparable, declared } from "./comparable.ts";
import { differences, reorderings, type Difference } from "./differences.ts";
import { isSecretKind, isSecretValue } from "./secrecy.ts";
import { withoutUnstable, type UnstablePath } from "./unstable.ts";

/** Hides secret values in digests: an HMAC with the target's key, or the word "present" where no key could be read. */
export type Hide = (value: string) => string;

export function hideWith(key: Uint8Array | undefined): Hide {
  if (key === undefined) return () => "present";
  return (value) => createHmac("sha256", key).update(value).digest("hex");
}

export interface DigestedChange {
  readonly op: Op;
  readonly ref: Ref;
  readonly fields: readonly Difference[];
}

/** `rendered`: what Git wants, on which cluster, made by which renderer. The same on every machine and day. */
export function renderedDigest(
  objects: readonly KubeObject[],
  world: { readonly cluster: string; readonly renderer: string },
  hide: Hide,
): string {
  const lines = objects.map((object) => canonicalJson([refKey(refOf(object)), hidden(object, hide)]));
  return sha256([world.cluster, world.renderer, ...lines.toSorted(compareText)]);
}

/** `digest`: what will change, without anything that differs from run to run. */
export function planDigest(rendered: string, changes: readonly DigestedChange[], hide: Hide): string {
  const lines = changes.flatMap(({ op, ref, fields }) => [
    canonicalJson([op, refKey(ref)]),
    ...fields.map((field) => canonicalJson([op, refKey(ref), ...fieldEntry(ref, field, hide)])),
  ]);
  return sha256([rendered, ...lines.toSorted(compareText)]);
}

/**
 * `intent`: what the change does to Git alone, whatever is live and whichever tool rendered it. What `except` names counts
 * on neither side: it is another in every render.
 */
export function intentDigest(
  base: readonly KubeObject[],
  head: readonly KubeObject[],
  hide: Hide,
  except: readonly UnstablePath[] = [],
): string {
  const byKey = (objects: readonly KubeObject[]): ReadonlyMap<string, KubeObject> =>
    new Map(withoutUnstable(objects, except).map((object) => [refKey(refOf(object)), object]));
  const [before, after] = [byKey(base), byKey(head)];
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  const lines = keys.flatMap((key) => intentLines(key, before.get(key), after.get(key), hide));
  return sha256(lines.toSorted(compareText));
}

function intentLines(
  key: string,
  base: KubeObject | undefined,
  head: KubeObject | undefined,
  hide: Hide,
): readonly string[] {
  const object = head ?? base;
  if (object === undefined || sameJson(base, head)) return [];
  const [before, after] = [base && declared(base), head && declared(head)];
  const values = differences(before, after).map(({ path, after: value }) =>
    canonicalJson([
      key,
      formatPath(path),
      ...(value === undefined ? [] : [hiddenAt(refOf(object), path, value, hide)]),
    ]),
  );
  // Containers start one after the other, and variables refer backwards: where an item stands is part of what is meant.
  const orders = reorderings(before, after).map(({ path, order }) => canonicalJson([key, formatPath(path), { order }]));
  const versions =
    head === undefined || base?.apiVersion === head.apiVersion
      ? []
      : [canonicalJson([key, "apiVersion", head.apiVersion])];
  return [...values, ...orders, ...versions];
}

/** The digest of a whole run: over its targets' names and digests. */
export function runDigest(
  targets: readonly { readonly target: Target; readonly digest?: string }[],
): string | undefined {
  if (targets.length === 0 || targets.some(({ digest }) => digest === undefined)) return undefined;
  return sha256(targets.map(({ target, digest }) => `${formatTarget(target)} ${digest}`).toSorted(compareText));
}

export function sha256(lines: readonly string[]): string {
  return `sha256:${createHash("sha256").update(lines.join("\n")).digest("hex")}`;
}

function fieldEntry(ref: Ref, { path, before, after }: Difference, hide: Hide): readonly Json[] {
  const side = (value: Json | undefined): Json => (value === undefined ? [] : [hiddenAt(ref, path, value, hide)]);
  return [formatPath(path), side(before), side(after)];
}

function hidden(object: KubeObject, hide: Hide): Json {
  return hiddenAt(refOf(object), [], comparable(object), hide);
}

/** A value with everything secret in it hidden. */
export function hiddenAt(ref: Pick<Ref, "group" | "kind">, path: Path, value: Json, hide: Hide): Json {
  if (!isSecretKind(ref)) return value;
  if (isMap(value)) return mapValues(value, (inner, key) => hiddenAt(ref, [...path, key], inner, hide));
  if (!isSecretValue(path, value)) return value;
  return isList(value) ? value.map((item) => hiddenAt(ref, path, item, hide)) : hide(canonicalJson(value));
}

function mapValues(map: JsonMap, change: (value: Json, key: string) => Json): JsonMap {
  const entries = Object.entries(map).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key, change(value, key)]));
}
