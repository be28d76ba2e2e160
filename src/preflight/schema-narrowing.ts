import { formatJson, isList, isMap, sameJson, type Json, type JsonMap } from "../model/json.ts";
import { mapAt, mapsAt, numberAt, textAt, textsAt, told } from "./reading.ts";

// Schemas come in megabytes; a reader takes in a handful.
const MOST = 50;

/**
 * Where a schema of a CustomResourceDefinition takes less than it did, in words with the path of the field. Rules that are written
 * as texts (patterns, CEL, `oneOf`) are not understood: one that is new counts as narrower.
 */
export function narrowings(before: JsonMap, after: JsonMap, path = ""): readonly string[] {
  const here = told(path === "" ? "the whole object" : path);
  const [old, type] = [typeOf(before), typeOf(after)];
  if (old !== undefined && type !== undefined && old !== type && !(old === "integer" && type === "number"))
    return [`${here} is ${told(type)} instead of ${told(old)}`];
  const found = [
    ...required(before, after, path),
    ...values(before, after, here),
    ...bounds(before, after, here),
    ...rules(before, after, here),
    ...unknownFields(before, after, here),
    ...inside(before, after, path),
  ];
  return found.slice(0, MOST);
}

function typeOf(schema: JsonMap): string | undefined {
  return schema["x-kubernetes-int-or-string"] === true ? "a number or text" : textAt(schema, "type");
}

function required(before: JsonMap, after: JsonMap, path: string): readonly string[] {
  const old = textsAt(before, "required");
  return textsAt(after, "required")
    .filter((key) => !old.includes(key) && mapAt(after, "properties", key)["default"] === undefined)
    .map((key) => `${told(inPath(path, key))} is required`);
}

function values(before: JsonMap, after: JsonMap, here: string): readonly string[] {
  const [old, now] = [before["enum"], after["enum"]];
  const nullable = before["nullable"] === true && after["nullable"] !== true ? [`${here} may no longer be null`] : [];
  if (!isList(now)) return nullable;
  if (!isList(old)) return [`${here} takes ${now.map(valueText).join(", ")} only`, ...nullable];
  const gone = old.filter((value) => !now.some((other) => sameJson(value, other)));
  return gone.length === 0 ? nullable : [`${here} no longer takes ${gone.map(valueText).join(", ")}`, ...nullable];
}

function valueText(value: Json): string {
  return told(formatJson(value));
}

const UPPER = ["maximum", "maxLength", "maxItems", "maxProperties"];
const LOWER = ["minimum", "minLength", "minItems", "minProperties"];

function bounds(before: JsonMap, after: JsonMap, here: string): readonly string[] {
  const tighter = (keys: readonly string[], isTighter: (now: number, old: number) => boolean): readonly string[] =>
    keys.flatMap((key) => {
      const [old, now] = [numberAt(before, key), numberAt(after, key)];
      if (now === undefined || (old !== undefined && !isTighter(now, old))) return [];
      return [`${here} has ${key} ${now}${old === undefined ? "" : ` instead of ${old}`}`];
    });
  return [...tighter(UPPER, (now, old) => now < old), ...tighter(LOWER, (now, old) => now > old)];
}

const CONDITIONS = ["pattern", "format", "multipleOf", "oneOf", "anyOf", "allOf", "not", "x-kubernetes-list-type"];

function rules(before: JsonMap, after: JsonMap, here: string): readonly string[] {
  const changed = CONDITIONS.filter((key) => after[key] !== undefined && !sameJson(before[key], after[key]));
  const old = mapsAt(before, "x-kubernetes-validations").map((rule) => textAt(rule, "rule"));
  const fresh = mapsAt(after, "x-kubernetes-validations").filter((rule) => !old.includes(textAt(rule, "rule")));
  return [
    ...changed.map((key) => `${here} has another ${key}`),
    ...fresh.map((rule) => `${here} has the rule: ${told(textAt(rule, "message") ?? textAt(rule, "rule") ?? "?")}`),
  ];
}

function unknownFields(before: JsonMap, after: JsonMap, here: string): readonly string[] {
  return isOpen(before) && !isOpen(after) ? [`${here} no longer keeps fields that are not listed`] : [];
}

function isOpen(schema: JsonMap): boolean {
  const additional = schema["additionalProperties"];
  return schema["x-kubernetes-preserve-unknown-fields"] === true || additional === true || isMap(additional);
}

function inside(before: JsonMap, after: JsonMap, path: string): readonly string[] {
  const [old, now] = [mapAt(before, "properties"), mapAt(after, "properties")];
  const fields = Object.keys(old).flatMap((key) => {
    const [was, is] = [mapAt(old, key), now[key]];
    if (isMap(is)) return narrowings(was, is, inPath(path, key));
    return isOpen(after) ? [] : [`${told(inPath(path, key))} is gone`];
  });
  const parts = [
    ["items", "[]"],
    ["additionalProperties", "[*]"],
  ] as const;
  const members = parts.flatMap(([key, step]) => {
    const [was, is] = [before[key], after[key]];
    return isMap(was) && isMap(is) ? narrowings(was, is, `${path}${step}`) : [];
  });
  return [...fields, ...members];
}

function inPath(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
