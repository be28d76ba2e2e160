// ES2026; the compiler's library does not know it yet.
declare global {
  interface JSON {
    rawJSON(text: string): unknown;
  }
}

/** A JSON value as Kubernetes means it: an integer outside the safe range of a double is a `bigint`, so no digit is lost. */
export type Json = string | number | bigint | boolean | null | JsonList | JsonMap;
export type JsonList = readonly Json[];
export interface JsonMap {
  readonly [key: string]: Json | undefined;
}

export function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is JsonList {
  return Array.isArray(value);
}

/** Same type and content; the order of map keys does not count, the order of lists does. `1` and `1n` are the same number. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isNumeric(a) && isNumeric(b)) return !(a < b) && !(a > b);
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  if (!isMap(a) || !isMap(b)) return false;
  const keys = definedKeys(a);
  return (
    keys.length === definedKeys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}

/** The one spelling of a value that digests are made of: keys sorted, no white space, absent values left out. */
export function canonicalJson(value: Json): string {
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isMap(value)) return formatScalar(value);
  let members = "";
  for (const key of Object.keys(value).toSorted()) {
    const member = value[key];
    if (member === undefined) continue;
    members += `${members === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}

function formatScalar(value: Exclude<Json, JsonList | JsonMap>): string {
  return typeof value === "bigint" ? String(value) : JSON.stringify(value);
}

export function formatJson(value: Json, indent = 0): string {
  try {
    return JSON.stringify(value, undefined, indent);
  } catch {
    // It holds a bigint. To be asked for every value would cost the others three times as much.
    return JSON.stringify(value, exactly, indent);
  }
}

function exactly(_: string, member: unknown): unknown {
  return typeof member === "bigint" ? JSON.rawJSON(String(member)) : member;
}

// Only a text with a run of 16 digits can hold an integer that a double would round; all others take the fast path,
// which is ten times faster than a reviver.
const LONG_INTEGER = /\d{16}/;

/** Reads JSON without losing digits of integers. Throws SyntaxError. */
export function parseJson(text: string): Json {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text) as Json;
  return JSON.parse(text, (_, value: unknown, context?: { source?: string }) =>
    exactInteger(value, context?.source),
  ) as Json;
}

function exactInteger(value: unknown, source: string | undefined): unknown {
  if (typeof value !== "number" || source === undefined || Number.isSafeInteger(value)) return value;
  if (!/^-?\d+$/.test(source)) return value;
  const exact = BigInt(source);
  // What no 64 bits hold is a double to the API server, too, whatever digits it shows.
  return BigInt.asIntN(64, exact) === exact ? exact : value;
}

function definedKeys(map: JsonMap): string[] {
  return Object.keys(map).filter((key) => map[key] !== undefined);
}

function isNumeric(value: Json | undefined): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}
