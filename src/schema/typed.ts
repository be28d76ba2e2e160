import { canonicalJson, isList, isMap, type Json, type JsonList, type JsonMap } from "../model/json.ts";
import { formatPath, type Path, type Step } from "../model/path.ts";
import { nearest } from "../model/nearest.ts";
import { OBJECT_META } from "./object-meta-schema.ts";
import { readSchema, type Schema } from "./schema.ts";
import { typeOfValue } from "./value-type.ts";
import type { Walk } from "./walk.ts";

// The first of the server's two looks at an applied object: it must be a value of the schema's types
// (structured-merge-diff). What is wrong here is refused before defaults are filled in and before anything else is checked.

/** Finds fields that the schema does not have, values of another type, and list entries with the same or no key. */
export function checkTypes(object: JsonMap, schema: Schema, walk: Walk): void {
  checkMap(object, withTypeMeta(schema), { path: [], keepsUnknown: schema.preservesUnknown, walk });
}

interface Place {
  readonly path: Path;
  /** A node above says that unknown fields are to be kept, so none is refused from there on. */
  readonly keepsUnknown: boolean;
  readonly walk: Walk;
}

const TEXT = readSchema({ type: "string" });

function withTypeMeta(schema: Schema): Schema {
  const own = { apiVersion: TEXT, kind: TEXT, metadata: OBJECT_META };
  return { ...schema, properties: new Map([...schema.properties, ...Object.entries(own)]) };
}

function checkValue(value: Json, schema: Schema, place: Place): void {
  if (value === null || !place.walk.budget.spend(schema.embedded ? schema.properties.size : 1)) return;
  const keepsUnknown = place.keepsUnknown || schema.preservesUnknown;
  const here = { ...place, keepsUnknown };
  const expected = schema.intOrString ? undefined : schema.type;
  if (isMap(value) && (expected === "object" || expected === undefined))
    return checkMap(value, schema.embedded ? withTypeMeta(schema) : schema, here);
  if (isList(value) && (expected === "array" || expected === undefined)) return checkList(value, schema, here);
  const mismatch = expected === undefined ? undefined : mismatchOf(value, schema, expected);
  if (mismatch !== undefined) here.walk.found(here.path, mismatch, "wrong-type");
}

const EXPECTED: Readonly<Record<string, { readonly name: string; readonly types: readonly string[] }>> = {
  object: { name: "map", types: ["object"] },
  array: { name: "list", types: ["array"] },
  integer: { name: "numeric (int or float)", types: ["integer", "number"] },
  number: { name: "numeric (int or float)", types: ["integer", "number"] },
  boolean: { name: "boolean", types: ["boolean"] },
  string: { name: "string", types: ["string"] },
};
const SCALARS = ["integer", "number", "boolean", "string"];

function mismatchOf(value: Json, { format }: Schema, expected: string): string | undefined {
  const type = typeOfValue(value);
  // Texts with a format may be anything scalar here; the second look finds what is no text.
  const isFormatted = expected === "string" && format !== undefined && format !== "byte";
  const allowed = isFormatted ? { name: "any scalar", types: SCALARS } : EXPECTED[expected];
  return allowed === undefined || allowed.types.includes(type) ? undefined : `expected ${allowed.name}, got ${type}`;
}

function checkMap(map: JsonMap, schema: Schema, place: Place): void {
  const { properties, additional } = schema;
  // An object of which nothing is said is free-form: all is accepted (and dropped, unless it is to be kept).
  const isFree = additional === "any" || (additional === undefined && (place.keepsUnknown || properties.size === 0));
  for (const [key, value] of Object.entries(map)) {
    if (value === undefined || !place.walk.budget.spend(1)) continue;
    const inner = properties.get(key) ?? (additional === "any" ? undefined : additional);
    const path = [...place.path, key];
    // Whatever is kept around it, metadata has no field that the server does not know.
    const keepsUnknown = place.keepsUnknown && inner !== OBJECT_META;
    if (inner !== undefined) checkValue(value, inner, { ...place, path, keepsUnknown });
    else if (!isFree) place.walk.found(path, unknownField(key, properties, place.walk), "unknown-field");
  }
}

function unknownField(key: string, properties: ReadonlyMap<string, Schema>, { budget }: Walk): string {
  const isCheap = budget.spend(properties.size * 20);
  const meant = isCheap ? nearest(key, [...properties.keys()]) : undefined;
  return `field not declared in schema${meant === undefined ? "" : ` (is ${meant} meant?)`}`;
}

function checkList(list: JsonList, schema: Schema, place: Place): void {
  const { items } = schema;
  if (items === undefined) return;
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    if (!place.walk.budget.spend(1)) return;
    const identity = identify(item, index, schema, items);
    // Without its key an element cannot be told from the others, so the server looks no further into the list.
    if ("fault" in identity)
      return place.walk.found(place.path, `element ${index}: ${identity.fault}`, "list-key-missing");
    if (seen.has(identity.key)) place.walk.found(place.path, duplicate(identity.step, index), "duplicate-list-key");
    seen.add(identity.key);
    checkValue(item, items, { ...place, path: [...place.path, identity.step] });
  }
}

function duplicate(step: Step, index: number): string {
  return typeof step === "object" && "item" in step
    ? `duplicate entries for key ${formatPath([step])}`
    : `duplicate entries, element ${index} is there already`;
}

type Identity = { readonly step: Step; readonly key: string } | { readonly fault: string };

/** What tells an element of a list from the others. */
function identify(item: Json, index: number, { list, listKeys }: Schema, items: Schema): Identity {
  if (list === "atomic") return { step: { index }, key: String(index) };
  if (list === "map") return identifyByKeys(item, index, listKeys, items);
  if (isMap(item)) return { fault: "a set has no maps as elements" };
  if (isList(item)) return { fault: "a set has no lists as elements" };
  return item === null ? { fault: "a set has no null as element" } : { step: { index }, key: canonicalJson(item) };
}

function identifyByKeys(item: Json, index: number, keys: readonly string[], items: Schema): Identity {
  if (!isMap(item))
    return { fault: `a list with keys may not have a ${item === null ? "null element" : "non-map element"}` };
  const present = keys.flatMap((key) => {
    const value = (Object.hasOwn(item, key) ? item[key] : undefined) ?? items.properties.get(key)?.default;
    return value === undefined ? [] : [[key, value] as const];
  });
  if (present.length === 0)
    return { fault: `omits all key fields (${keys.join(", ")}), and none of them has a default` };
  const named = Object.fromEntries(present.filter((entry): entry is readonly [string, Scalar] => isScalar(entry[1])));
  return {
    step: Object.keys(named).length === 0 ? { index } : { item: named },
    key: canonicalJson(Object.fromEntries(present)),
  };
}

type Scalar = string | number | bigint | boolean;

function isScalar(value: Json): value is Scalar {
  return value !== null && typeof value !== "object";
}
