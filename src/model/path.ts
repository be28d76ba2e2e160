import { isList, isMap, sameJson, type Json, type JsonMap } from "./json.ts";

/** One step into a value: a map's key, a list's position, or the list item that has these values. */
export type Step =
  | string
  | { readonly index: number }
  | { readonly item: Readonly<Record<string, string | number | bigint | boolean>> };
export type Path = readonly Step[];

const PLAIN_KEY = /^[A-Za-z_][\w-]*$/;

/** `spec.template.spec.containers[name=web].ports[0]`, `metadata.annotations["example.com/a"]`; the root is the empty text. */
export function formatPath(path: Path): string {
  return path.map(formatStep).join("").replace(/^\./, "");
}

function formatStep(step: Step): string {
  if (typeof step === "string") return PLAIN_KEY.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  if ("index" in step) return `[${step.index}]`;
  return `[${Object.entries(step.item)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(",")}]`;
}

/** The value at a path; `undefined` when there is none. */
export function valueAt(value: Json | undefined, path: Path): Json | undefined {
  return path.reduce<Json | undefined>(stepInto, value);
}

export function stepInto(value: Json | undefined, step: Step): Json | undefined {
  if (typeof step === "string") return isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  if (!isList(value)) return undefined;
  if ("index" in step) return value[step.index];
  return value.find((member) => isMap(member) && hasItem(member, step.item));
}

function hasItem(member: JsonMap, item: Readonly<Record<string, Json>>): boolean {
  return Object.entries(item).every(([key, value]) => sameJson(member[key], value));
}

/** One of the paths leads to, or into, the other. */
export function overlaps(a: Path, b: Path): boolean {
  return a.slice(0, b.length).every((step, index) => sameStep(step, b[index]));
}

function sameStep(a: Step, b: Step | undefined): boolean {
  return b !== undefined && formatStep(a) === formatStep(b);
}
