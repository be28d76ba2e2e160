import { canonicalJson, isList, isMap, type Json, type JsonList, type JsonMap } from "../model/json.ts";
import type { Path } from "../model/path.ts";
import { isTextFormat } from "./format.ts";
import { checkNumber } from "./number-check.ts";
import { typesOf, type Schema } from "./schema.ts";
import { checkFormat, checkText } from "./text-check.ts";
import { typeOfValue } from "./value-type.ts";
import { walkOf, type Walk } from "./walk.ts";

// The second of the server's looks: the object with its defaults against everything else a schema says. `pass` counts
// as the server does, because among several schemas of which none fits it tells about the one with the most passed checks.

/** Finds what values are not as the schema wants them, and names the CEL rules that apply. */
export function checkConstraints(value: Json, schema: Schema, path: Path, walk: Walk): void {
  if (!walk.budget.spend(1 + (schema.required.length + schema.rules.length) / 4)) return;
  checkType(value, schema, path, walk);
  if (value === null) return checkAllowedValues(value, schema, path, walk);
  checkAlternatives(value, schema, path, walk);
  if (typeof value === "string") checkString(value, schema, path, walk);
  if (typeof value === "number" || typeof value === "bigint") {
    checkNumber(value, schema, path, walk);
    walk.pass(2);
  }
  if (isList(value)) checkList(value, schema, path, walk);
  checkAllowedValues(value, schema, path, walk);
  if (isMap(value)) checkMap(value, schema, path, walk);
  for (const { rule, ofTransition } of schema.rules) if (!ofTransition) walk.leftOut(path, rule);
  walk.pass(2);
}

function checkType(value: Json, schema: Schema, path: Path, walk: Walk): void {
  const types = typesOf(schema);
  if (types.length === 0) return;
  const actual = typeOfValue(value);
  const fits = types.includes(actual) || (actual === "integer" && types.includes("number"));
  if (fits || (value === null && schema.nullable)) return walk.pass(value === null ? 1 : 2);
  walk.found(path, `must be of type ${types.join(",")}: ${actual}`);
  walk.pass(1);
}

function checkString(text: string, schema: Schema, path: Path, walk: Walk): void {
  if (!walk.budget.spend(text.length / 50)) return;
  checkText(text, schema, path, walk);
  walk.pass(1);
  const { type, format } = schema;
  if (format === undefined || !isTextFormat(format) || (type !== undefined && type !== "string")) return;
  checkFormat(text, format, path, walk);
  walk.pass(1);
}

function checkAllowedValues(value: Json, { values }: Schema, path: Path, walk: Walk): void {
  if (values === undefined) return;
  const text = canonicalJson(value);
  if (!walk.budget.spend(text.length / 50) || (value !== null && values.has(text))) return;
  const named = values.values().take(MOST_NAMED).toArray();
  walk.found(path, `supported values: ${named.join(", ")}${values.size > MOST_NAMED ? ", ..." : ""}`);
}

const MOST_NAMED = 20;

function checkList(list: JsonList, schema: Schema, path: Path, walk: Walk): void {
  const { items, minItems, maxItems } = schema;
  if (items !== undefined)
    for (const [index, item] of list.entries()) {
      if (walk.budget.isSpent) return;
      checkConstraints(item, items, [...path, { index }], walk);
    }
  if (minItems !== undefined && list.length < minItems) walk.found(path, `should have at least ${minItems} items`);
  if (maxItems !== undefined && list.length > maxItems) walk.found(path, `must have at most ${maxItems} items`);
  walk.pass(2);
}

function checkMap(map: JsonMap, schema: Schema, path: Path, walk: Walk): void {
  const { minProperties, maxProperties, properties, additional, required } = schema;
  const keys = Object.keys(map).filter((key) => map[key] !== undefined);
  if (minProperties !== undefined && keys.length < minProperties)
    walk.found(path, `should have at least ${minProperties} properties`);
  if (maxProperties !== undefined && keys.length > maxProperties)
    walk.found(path, `must have at most ${maxProperties} items`);
  for (const key of keys) {
    const inner = properties.get(key) ?? (additional === "any" ? undefined : additional);
    if (inner !== undefined) checkConstraints(map[key] ?? null, inner, [...path, key], walk);
  }
  for (const key of required)
    if (!Object.hasOwn(map, key) || map[key] === undefined) walk.found([...path, key], "is required");
  walk.pass(1);
}

function checkAlternatives(value: Json, schema: Schema, path: Path, walk: Walk): void {
  const { anyOf, oneOf, allOf, not } = schema;
  if (anyOf.length > 0) checkAnyOf(value, anyOf, path, walk);
  if (oneOf.length > 0) checkOneOf(value, oneOf, path, walk);
  const all = allOf.map((option) => tried(value, option, path, walk));
  for (const outcome of all) walk.join(outcome);
  if (all.some(isRefusal)) walk.found(path, "must validate all the schemas (allOf)");
  if (not !== undefined && !isRefusal(tried(value, not, path, walk)))
    walk.found(path, "must not validate the schema (not)");
  walk.pass(2);
}

function checkAnyOf(value: Json, options: readonly Schema[], path: Path, walk: Walk): void {
  const failures: Walk[] = [];
  for (const option of options) {
    const outcome = tried(value, option, path, walk);
    if (!isRefusal(outcome)) return walk.join(outcome);
    failures.push(outcome);
  }
  walk.found(path, "must validate at least one schema (anyOf)");
  const best = mostPassed(failures);
  if (best !== undefined) walk.join(best);
}

function checkOneOf(value: Json, options: readonly Schema[], path: Path, walk: Walk): void {
  const outcomes = options.map((option) => tried(value, option, path, walk));
  const fitting = outcomes.filter((outcome) => !isRefusal(outcome));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return walk.join(only);
  const found = fitting.length === 0 ? "none valid" : `${fitting.length} valid alternatives`;
  walk.found(path, `must validate one and only one schema (oneOf): found ${found}`);
  const best = fitting.length === 0 ? mostPassed(outcomes) : undefined;
  if (best !== undefined) walk.join(best);
}

function tried(value: Json, option: Schema, path: Path, { budget }: Walk): Walk {
  const outcome = walkOf(budget);
  checkConstraints(value, option, path, outcome);
  return outcome;
}

function isRefusal({ violations }: Walk): boolean {
  return violations.length > 0;
}

function mostPassed(walks: readonly Walk[]): Walk | undefined {
  return walks.reduce<Walk | undefined>(
    (best, walk) => (best !== undefined && best.passed >= walk.passed ? best : walk),
    undefined,
  );
}
