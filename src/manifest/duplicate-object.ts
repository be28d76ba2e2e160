import { refOf, type SourceObject } from "../model/object.ts";
import { formatPlace } from "../model/place.ts";
import type { Problem } from "../model/problem.ts";
import { refKey } from "../model/ref.ts";
import { hasName, subjectOf } from "./subject.ts";

/** Objects that are written more than once, also in different versions of their kind; each but the first is a problem. */
export function findDuplicates(objects: readonly SourceObject[]): readonly Problem[] {
  const first = new Map<string, SourceObject>();
  return objects
    .filter(({ object }) => hasName(object))
    .flatMap((source) => {
      const key = refKey(refOf(source.object));
      const earlier = first.get(key);
      if (earlier !== undefined) return [duplicate(source, earlier)];
      first.set(key, source);
      return [];
    });
}

function duplicate({ object, at }: SourceObject, earlier: SourceObject): Problem {
  return {
    code: "duplicate-object",
    level: "error",
    message: `${subjectOf(object)}: defined here and at ${formatPlace(earlier.at)}`,
    remedy: "remove one of them",
    at,
  };
}
