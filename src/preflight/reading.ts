import { isList, isMap, type Json, type JsonMap } from "../model/json.ts";
import { valueAt } from "../model/path.ts";

// Objects are read as they come: offline nobody has checked their types, so what has another type than it should is absent.

/** The maps in a list; none when there is no list. */
export function mapsAt(value: Json | undefined, ...keys: readonly string[]): readonly JsonMap[] {
  const found = valueAt(value, keys);
  return isList(found) ? found.filter(isMap) : [];
}

export function mapAt(value: Json | undefined, ...keys: readonly string[]): JsonMap {
  const found = valueAt(value, keys);
  return isMap(found) ? found : {};
}

/** The texts in a list; none when there is no list. */
export function textsAt(value: Json | undefined, ...keys: readonly string[]): readonly string[] {
  const found = valueAt(value, keys);
  return isList(found) ? found.filter((item) => typeof item === "string") : [];
}

/** A text or a number as text. */
export function textAt(value: Json | undefined, ...keys: readonly string[]): string | undefined {
  const found = valueAt(value, keys);
  return typeof found === "string" || typeof found === "number" ? String(found) : undefined;
}

export function numberAt(value: Json | undefined, ...keys: readonly string[]): number | undefined {
  const found = valueAt(value, keys);
  return typeof found === "number" ? found : undefined;
}

const LONGEST = 200;

/** A text of a manifest as part of a sentence. A long one is not cut: half a secret is none that the masker knows. */
export function told(text: string): string {
  return text.length > LONGEST ? "(too long to be told)" : text;
}

/** `a, b, c and 4 more` */
export function listed(items: readonly string[], most = 5): string {
  const shown = items.slice(0, most).map(told);
  return items.length > most ? `${shown.join(", ")} and ${items.length - most} more` : shown.join(", ");
}

export function unique(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}
