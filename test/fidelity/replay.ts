import type { Change, FieldChange, MaskedValue, Value } from "../../src/model/change.ts";
import { isList, isMap, sameJson, type Json, type JsonMap } from "../../src/model/json.ts";

/** What a reviewer ends up with who takes a plan at its word. */
export interface Replayed {
  readonly content: JsonMap;
  /** Fields that cannot be true of the content before: one sentence each. */
  readonly faults: readonly string[];
}

/**
 * Performs the fields of a plan on what was there before. A masked value is taken from `truth`, which it hides, and so is one
 * of which the plan says that the server allocates it.
 */
export function replay(
  before: JsonMap,
  { fields, notes = [] }: Pick<Change, "fields" | "notes">,
  truth: JsonMap,
): Replayed {
  const faults = fields.flatMap((field) => faultOf(before, field));
  const start: Json = before;
  const told = fields.reduce<Json>((whole, { path, after }) => {
    const steps = stepsOf(path);
    return put(whole, steps, unmasked(after, lookUp(truth, steps)));
  }, start);
  const content = notes.flatMap(allocatedIn).reduce<Json>((whole, path) => {
    const steps = stepsOf(path);
    return put(whole, steps, lookUp(truth, steps));
  }, told);
  return { content: isMap(content) ? content : {}, faults };
}

/** The paths in a note that says what the server allocates. */
export function allocatedIn(note: string): readonly string[] {
  const [, paths] = /^the server allocates (.+) when it is written$/.exec(note) ?? [];
  return paths?.split(", ") ?? [];
}

function faultOf(before: JsonMap, field: FieldChange): readonly string[] {
  const was = lookUp(before, stepsOf(field.path));
  if (!sameJson(was, unmasked(field.before, was)))
    return [`${field.path} is said to be ${text(field.before)} before, it is ${text(was)}`];
  const { before: said, after } = field;
  return !hasMask(said) && !hasMask(after) && sameJson(plain(said), plain(after))
    ? [`${field.path} is told although it stays ${text(was)}`]
    : [];
}

/** The value with what it hides, at any depth, as the truth has it there. */
function unmasked(value: Value | undefined, truth: Json | undefined): Json | undefined {
  if (value === undefined || !hasMask(value)) return plain(value);
  if (isMask(value)) return truth ?? "hidden";
  const inner = plain(value);
  if (isList(inner))
    return inner.map((member, index) => unmasked(member, isList(truth) ? truth[index] : undefined) ?? null);
  if (!isMap(inner)) return inner;
  const members = Object.entries(inner).map(([key, member]) => [
    key,
    unmasked(member, isMap(truth) ? truth[key] : undefined),
  ]);
  return Object.fromEntries(members) as JsonMap;
}

/** A mask looks like a map; it is told from one by its only key. */
function plain(value: Value | undefined): Json | undefined {
  return value as Json | undefined;
}

function isMask(value: Value): value is MaskedValue {
  return typeof value === "object" && value !== null && "masked" in value && Object.keys(value).length === 1;
}

function hasMask(value: Value | undefined): boolean {
  return text(value).includes('{"masked":true}');
}

function text(value: Value | undefined): string {
  return value === undefined
    ? "absent"
    : JSON.stringify(value, (_, member) => (typeof member === "bigint" ? `${member}` : member));
}

type Step = string | number | { readonly item: readonly (readonly [string, string])[] };

const STEP = /\.?([A-Za-z_][\w-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|\[((?:[^\]"]|"(?:[^"\\]|\\.)*")+)\]/gy;
const KEY_AND_VALUE = /([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]*)/g;

/** Read here anew, by other means than the product's: what people read is what is proven. */
function stepsOf(path: string): readonly Step[] {
  const steps = [...path.matchAll(STEP)];
  if (steps.map(([all]) => all).join("") !== path) throw new Error(`${path}: is no path`);
  return steps.map(([, key, index, quoted, item]): Step => {
    if (key !== undefined) return key;
    if (index !== undefined) return Number(index);
    if (quoted !== undefined) return JSON.parse(quoted) as string;
    const pairs = [...(item ?? "").matchAll(KEY_AND_VALUE)];
    return {
      item: pairs.map(([, name = "", value = ""]) => [name, value.startsWith('"') ? String(JSON.parse(value)) : value]),
    };
  });
}

function lookUp(whole: Json | undefined, [step, ...rest]: readonly Step[]): Json | undefined {
  if (step === undefined) return whole;
  if (typeof step === "string")
    return isMap(whole) && Object.hasOwn(whole, step) ? lookUp(whole[step], rest) : undefined;
  return isList(whole) ? lookUp(whole[positionOf(whole, step)], rest) : undefined;
}

function positionOf(list: readonly Json[], step: Exclude<Step, string>): number {
  if (typeof step === "number") return step;
  const position = list.findIndex(
    (member) => isMap(member) && step.item.every(([key, value]) => scalarText(member[key]) === value),
  );
  return position < 0 ? list.length : position;
}

function scalarText(value: Json | undefined): string {
  return value === undefined || typeof value === "object" ? "" : String(value);
}

function put(whole: Json | undefined, [step, ...rest]: readonly Step[], value: Json | undefined): Json {
  if (step === undefined) return value ?? null;
  const isLast = rest.length === 0;
  if (typeof step === "string") {
    const map = isMap(whole) ? whole : {};
    if (!isLast || value !== undefined) return { ...map, [step]: put(map[step], rest, value) };
    const { [step]: _gone, ...others } = map;
    return others;
  }
  const list = isList(whole) ? whole : [];
  const position = positionOf(list, step);
  if (isLast && value === undefined) return list.toSpliced(position, 1);
  return list.toSpliced(position, 1, put(list[position], rest, value));
}
