import type { MaskedValue, Value } from "../model/change.ts";
import { formatJson, isList, isMap, type Json, type JsonMap } from "../model/json.ts";

/** What stands for a secret value. */
export const MASK = "«masked»";

export function isMasked(value: Value | Json): value is MaskedValue {
  const json = value as Json;
  return isMap(json) && json["masked"] === true && Object.keys(json).length === 1;
}

/** A value in one line: as YAML would write a scalar, as JSON what holds others. */
export function valueText(value: Value): string {
  const json = value as Json;
  if (isMasked(json)) return MASK;
  return isScalar(json) ? scalarText(json) : flowText(json);
}

/** A value as lines of YAML. Map keys keep their order; for reading only. */
export function valueLines(value: Value): readonly string[] {
  const json = value as Json;
  if (isMasked(json)) return [MASK];
  if (typeof json === "string" && json.includes("\n")) return json.replace(/\n$/, "").split("\n");
  if (isList(json) && json.length > 0) return json.flatMap(itemLines);
  if (isMap(json) && Object.keys(json).length > 0) return memberLines(json);
  return [valueText(value)];
}

/** A value below its name: `name: value` in one line, or the name and then the lines of the value. */
export function namedLines(name: string, value: Value): readonly string[] {
  const json = value as Json;
  if (typeof json === "string" && json.includes("\n"))
    return [`${name}: ${json.endsWith("\n") ? "|" : "|-"}`, ...indented(valueLines(json))];
  if (isScalar(json) || isMasked(json) || isEmpty(json)) return [`${name}: ${valueText(value)}`];
  return [`${name}:`, ...indented(valueLines(json))];
}

function memberLines(map: JsonMap): readonly string[] {
  return Object.entries(map).flatMap(([key, member]) =>
    member === undefined ? [] : namedLines(scalarText(key), member),
  );
}

function itemLines(item: Json): readonly string[] {
  const [first = "", ...rest] = valueLines(item);
  return [`- ${first}`, ...indented(rest)];
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === "" ? "" : `  ${line}`));
}

function flowText(json: Json): string {
  if (isMasked(json)) return MASK;
  if (isList(json)) return `[${json.map(flowText).join(", ")}]`;
  if (!isMap(json)) return formatJson(json);
  const members = Object.entries(json).filter((member): member is [string, Json] => member[1] !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}: ${flowText(member)}`).join(", ")}}`;
}

type Scalar = Exclude<Json, object> | null;

function isScalar(json: Json): json is Scalar {
  return typeof json !== "object" || json === null;
}

function isEmpty(json: Json): boolean {
  return isList(json) ? json.length === 0 : isMap(json) && Object.keys(json).length === 0;
}

const PLAIN = /^(?!-\s)[\w./@+-](?:[\w ./:@+,=-]*[\w./@+,=-])?$/;
const WORDS_WITH_MEANING = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** A scalar so that its type can be seen: the text `"3"` is not the number `3`. */
function scalarText(scalar: Scalar): string {
  if (typeof scalar !== "string") return formatJson(scalar);
  const isPlain =
    PLAIN.test(scalar) && !WORDS_WITH_MEANING.test(scalar) && Number.isNaN(Number(scalar)) && !scalar.includes(": ");
  return isPlain ? scalar : JSON.stringify(scalar);
}
