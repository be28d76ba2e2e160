import { isList, isMap, type Json, type JsonMap } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { formatPath, valueAt, type Path } from "../../src/model/path.ts";

/** An object that somebody changed at one place, and how. */
export interface Mutation {
  readonly name: string;
  readonly object: KubeObject;
}

/** Every way in which an object is changed here: each field removed, each leaf and each list changed. */
export function mutations(object: KubeObject): readonly Mutation[] {
  return places(object)
    .filter((path) => !isIdentity(path))
    .flatMap((path) => changesAt(object, path));
}

function isIdentity(path: Path): boolean {
  const [first, second] = path;
  if (first === "apiVersion" || first === "kind") return true;
  return first === "metadata" && (path.length === 1 || second === "name" || second === "namespace");
}

function places(value: Json | undefined, path: Path = []): readonly Path[] {
  const here = path.length === 0 ? [] : [path];
  if (isMap(value)) return [...here, ...Object.keys(value).flatMap((key) => places(value[key], [...path, key]))];
  if (isList(value)) return [...here, ...value.flatMap((item, index) => places(item, [...path, { index }]))];
  return here;
}

function changesAt(object: KubeObject, path: Path): readonly Mutation[] {
  const value = valueAt(object, path);
  const changed = changedValue(value);
  const named = (what: string, other: Json | undefined): Mutation => ({
    name: `${formatPath(path)} ${what}`,
    object: replaced(object, path, other) as KubeObject,
  });
  return [
    named("removed", undefined),
    ...(changed === undefined ? [] : [named("changed", changed)]),
    ...(isList(value) && value.length > 1 ? [named("reversed", value.toReversed())] : []),
    ...(isList(value) && isMap(value[0] ?? null)
      ? [named("with one more", [...value, another(value[0] as JsonMap)])]
      : []),
    ...(isMap(value) && path.length > 1 ? [named("emptied", {})] : []),
  ];
}

function changedValue(value: Json | undefined): Json | undefined {
  if (typeof value === "string") return /^\d+$/.test(value) ? String(Number(value) + 1) : `${value}x`;
  if (typeof value === "number") return value + 1;
  return typeof value === "boolean" ? !value : undefined;
}

function another(item: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(item).map(([key, value]) => [key, changedValue(value) ?? value]));
}

function replaced(value: Json | undefined, path: Path, other: Json | undefined): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return other;
  if (isMap(value) && typeof step === "string") {
    const inner = replaced(value[step], rest, other);
    return Object.fromEntries(Object.entries({ ...value, [step]: inner }).filter(([, one]) => one !== undefined));
  }
  if (!isList(value) || typeof step === "string" || !("index" in step)) return value;
  return value.flatMap((item, index) => (index === step.index ? (replaced(item, rest, other) ?? []) : [item]));
}
