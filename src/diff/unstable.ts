import { isList, isMap, sameJson, type Json } from "../model/json.ts";
import { refOf, type KubeObject } from "../model/object.ts";
import { formatPath, stepInto, type Path, type Step } from "../model/path.ts";
import type { Place } from "../model/place.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef, refKey, type Ref } from "../model/ref.ts";
import { differences, reorderings } from "./differences.ts";

/** A place in a render that is another each time the same commit is rendered. */
export interface UnstablePath {
  readonly ref: Ref;
  /** Empty: the object itself is not always there. */
  readonly path: Path;
}

/** Where two renders of one commit differ, both in the form in which they are sent. Objects that only one of them has are named whole. */
export function unstablePaths(a: readonly KubeObject[], b: readonly KubeObject[]): readonly UnstablePath[] {
  const [left, right] = [byKey(a), byKey(b)];
  return [...new Set([...left.keys(), ...right.keys()])].toSorted().flatMap((key) => {
    const [one, other] = [left.get(key), right.get(key)];
    const object = one ?? other;
    if (object === undefined) return [];
    const found = [...differences(one, other), ...reorderings(one, other)];
    return found.map(({ path }) => ({ ref: refOf(object), path }));
  });
}

/** What to tell of a render that is not the same twice; `undefined` when it is. */
export function unstableCaution(app: string, unstable: readonly UnstablePath[], at?: Place): Problem | undefined {
  if (unstable.length === 0) return undefined;
  const places = unstable.map(({ ref, path }) =>
    path.length === 0 ? formatRef(ref) : `${formatPath(path)} of ${formatRef(ref)}`,
  );
  const more = places.length > MOST ? ` and ${places.length - MOST} more` : "";
  return {
    code: "unstable-render",
    level: "caution",
    message: `${app}: two renders of the same commit differ in ${places.slice(0, MOST).join(", ")}${more}, so what is applied will differ from this plan there`,
    remedy: "give the value in Git; templates make it anew with now, rand..., uuidv4 or gen...",
    ...(at && { at }),
  };
}

const MOST = 5;

/** The objects without what is unstable in them. */
export function withoutUnstable(
  objects: readonly KubeObject[],
  unstable: readonly UnstablePath[],
): readonly KubeObject[] {
  if (unstable.length === 0) return objects;
  const paths = Map.groupBy(unstable, ({ ref }) => refKey(ref));
  return objects.flatMap((object) => {
    const own = paths.get(refKey(refOf(object))) ?? [];
    if (own.some(({ path }) => path.length === 0)) return [];
    return [own.reduce((rest, { path }) => withoutPath(rest, path) as KubeObject, object)];
  });
}

/** The value without what a path leads to. A list keeps the place of an item that is known by its position alone. */
function withoutPath(value: Json, [step, ...rest]: Path): Json {
  const inner = step === undefined ? undefined : stepInto(value, step);
  if (step === undefined || inner === undefined) return value;
  const left = rest.length === 0 ? undefined : withoutPath(inner, rest);
  if (isMap(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, key === step ? left : one]));
  if (!isList(value)) return value;
  if (left === undefined && !isPosition(step)) return value.filter((item) => !sameJson(item, inner));
  return value.map((item) => (item === inner ? (left ?? null) : item));
}

function isPosition(step: Step): boolean {
  return typeof step !== "string" && "index" in step;
}

function byKey(objects: readonly KubeObject[]): ReadonlyMap<string, KubeObject> {
  return new Map(objects.map((object) => [refKey(refOf(object)), object]));
}
