import { isList, isMap, sameJson, type Json, type JsonMap } from "./json.ts";

/** What a key of a list item may be. */
export type Scalar = string | number | bigint | boolean;

/** One step into a value: a map's key, a list's position, the list item that has these values, or every key and item. */
export type Step =
  | string
  | { readonly index: number }
  | { readonly item: Readonly<Record<string, Scalar>> }
  | { readonly any: true };
export type Path = readonly Step[];

// A key that stands in a path without quotes.
const PLAIN_KEY = /^[A-Za-z_][\w-]*$/;
// What a value of an item may be without quotes: nothing that ends it, and no text that reads as a number or a truth value.
const PLAIN_VALUE = /^(?!(?:true|false|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$)[^\s,\]"](?:[^,\]]*[^\s,\]])?$/;

/**
 * `spec.template.spec.containers[name=web].ports[0]`, `metadata.annotations["example.com/a"]`, `spec.rules[*].host`; the root
 * is the empty text. Different paths have different texts.
 */
export function formatPath(path: Path): string {
  return path.map(formatStep).join("").replace(/^\./, "");
}

function formatStep(step: Step): string {
  if (typeof step === "string") return PLAIN_KEY.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  if ("any" in step) return "[*]";
  if ("index" in step) return `[${step.index}]`;
  return `[${Object.entries(step.item)
    .map(([key, value]) => `${PLAIN_KEY.test(key) ? key : JSON.stringify(key)}=${formatValue(value)}`)
    .join(",")}]`;
}

function formatValue(value: Scalar): string {
  return typeof value === "string" && !PLAIN_VALUE.test(value) ? JSON.stringify(value) : String(value);
}

/** The value at a path; `undefined` when there is none. */
export function valueAt(value: Json | undefined, path: Path): Json | undefined {
  return path.reduce<Json | undefined>(stepInto, value);
}

/** One step into a value; `undefined` when it leads nowhere, and for the step that leads everywhere. */
export function stepInto(value: Json | undefined, step: Step): Json | undefined {
  if (typeof step === "string") return isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  if (!isList(value) || "any" in step) return undefined;
  if ("index" in step) return value[step.index];
  return value.find((member) => isItem(member, step.item));
}

/** The places in a value that a path with wildcards and item keys means, each by map keys and list positions of that value. */
export function placesAt(value: Json | undefined, pattern: Path): readonly (readonly (string | { index: number })[])[] {
  const [step, ...rest] = pattern;
  if (step === undefined) return value === undefined ? [] : [[]];
  return stepsInto(value, step).flatMap((here) =>
    placesAt(stepInto(value, here), rest).map((inner) => [here, ...inner]),
  );
}

function stepsInto(value: Json | undefined, step: Step): readonly (string | { index: number })[] {
  if (typeof step === "string" || "index" in step) return [step];
  if ("any" in step && isMap(value)) return Object.keys(value);
  if (!isList(value)) return [];
  return value.flatMap((member, index) => ("any" in step || isItem(member, step.item) ? [{ index }] : []));
}

function isItem(member: Json, item: Readonly<Record<string, Json>>): member is JsonMap {
  return isMap(member) && Object.entries(item).every(([key, value]) => sameJson(member[key], value));
}

/** One of the paths leads to, or into, the other. */
export function overlaps(a: Path, b: Path): boolean {
  return a.slice(0, b.length).every((step, index) => sameStep(step, b[index]));
}

function sameStep(a: Step, b: Step | undefined): boolean {
  return b !== undefined && (isAny(a) || isAny(b) || formatStep(a) === formatStep(b));
}

function isAny(step: Step): boolean {
  return typeof step !== "string" && "any" in step;
}
