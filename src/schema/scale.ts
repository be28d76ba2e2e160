import type { JsonMap } from "../model/json.ts";
import { valueAt } from "../model/path.ts";
import type { Scale } from "./definition.ts";
import { typeOfValue } from "./value-type.ts";
import type { Walk } from "./walk.ts";

const MOST = 2 ** 31 - 1;

/** Finds what the scale subresource could not read. */
export function checkScale(object: JsonMap, { specReplicas, statusReplicas, selector }: Scale, walk: Walk): void {
  for (const place of [specReplicas, statusReplicas]) {
    const path = pathOf(place);
    const value = valueAt(object, path);
    if (value === undefined) continue;
    if (typeof value !== "number" || typeOfValue(value) !== "integer" || value < 0 || value > MOST)
      walk.found(path, "must be a non-negative integer of 32 bits: it is the scale subresource's");
  }
  const text = selector === undefined ? undefined : valueAt(object, pathOf(selector));
  if (text !== undefined && typeof text !== "string") walk.found(pathOf(selector ?? ""), "must be a string");
}

function pathOf(place: string): readonly string[] {
  return place.replace(/^\./, "").split(".");
}
