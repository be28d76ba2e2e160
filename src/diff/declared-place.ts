import { isList, isMap, sameJson, type Json, type JsonMap } from "../model/json.ts";
import { stepInto, type Path, type Step } from "../model/path.ts";

/** What Git wrote at a place of the server's answer: its value there, or the scalar that stands in the way; `undefined` for neither. */
export function declaredAt(desired: Json | undefined, path: Path): Json | undefined {
  let value = desired;
  for (const step of path) {
    if (typeof value !== "object" || value === null) return value;
    value = stepIntoDeclared(value, step);
  }
  return value;
}

/**
 * One step into what Git wrote. An item is found although keys that the server fills in (the `protocol` of a port) are left
 * out, as long as no other item fits as well.
 */
export function stepIntoDeclared(value: Json | undefined, step: Step): Json | undefined {
  const exact = stepInto(value, step);
  if (exact !== undefined || typeof step === "string" || !("item" in step) || !isList(value)) return exact;
  const fitting = value.filter((member) => isMap(member) && fits(member, step.item));
  return fitting.length === 1 ? fitting[0] : undefined;
}

function fits(member: JsonMap, item: Readonly<Record<string, Json>>): boolean {
  const keys = Object.keys(item);
  const written = keys.filter((key) => member[key] !== undefined);
  return written.length > 0 && written.every((key) => sameJson(member[key], item[key]));
}
