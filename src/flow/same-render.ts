import { sameJson } from "../model/json.ts";
import { refOf } from "../model/object.ts";
import { refKey } from "../model/ref.ts";
import type { Rendered } from "../ports.ts";
import { hasErrors } from "../model/problem.ts";

/** Two renders want the same objects; where they stand in files and in which order does not count. An erroneous render equals nothing. */
export function sameRender(a: Rendered, b: Rendered): boolean {
  if (hasErrors(a.problems) || hasErrors(b.problems) || a.objects.length !== b.objects.length) return false;
  const others = new Map(b.objects.map(({ object }) => [refKey(refOf(object)), object]));
  return a.objects.every(({ object }) => sameJson(object, others.get(refKey(refOf(object)))));
}
