import { sameJson } from "../model/json.ts";
import { refOf } from "../model/object.ts";
import { refKey } from "../model/ref.ts";
import type { Rendered } from "../ports.ts";
import { hasErrors } from "../model/problem.ts";

/** A render, and where its objects go that name no namespace. */
export interface PlacedRender {
  readonly rendered: Rendered;
  readonly namespace: string;
}

/** Two renders want the same objects; where they stand in files and in which order does not count. An erroneous render equals nothing. */
export function sameRender({ rendered: a, ...from }: PlacedRender, { rendered: b, ...to }: PlacedRender): boolean {
  if (from.namespace !== to.namespace || a.objects.length !== b.objects.length) return false;
  if (hasErrors(a.problems) || hasErrors(b.problems)) return false;
  const others = new Map(b.objects.map(({ object }) => [refKey(refOf(object)), object]));
  return a.objects.every(({ object }) => sameJson(object, others.get(refKey(refOf(object)))));
}
