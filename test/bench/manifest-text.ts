import { isMap, type Json, type JsonMap } from "../../src/model/json.ts";

/** An object as people write it in YAML: block style, two spaces, quotes only where they are needed. */
export function manifestText(object: JsonMap): string {
  return `${mapLines(object).join("\n")}\n`;
}

function mapLines(map: JsonMap): readonly string[] {
  return Object.entries(map).flatMap(([key, value]) => entryLines(scalar(key), value));
}

function entryLines(key: string, value: Json | undefined): readonly string[] {
  if (value === undefined) return [];
  if (typeof value === "string" && value.includes("\n") && value.endsWith("\n"))
    return [`${key}: |`, ...indented(value.slice(0, -1).split("\n"))];
  if (Array.isArray(value) && value.length > 0) return [`${key}:`, ...indented(value.flatMap(itemLines))];
  if (isMap(value) && Object.keys(value).length > 0) return [`${key}:`, ...indented(mapLines(value))];
  return [`${key}: ${scalar(value)}`];
}

function itemLines(value: Json): readonly string[] {
  const [first = "", ...rest] = isMap(value) ? mapLines(value) : [scalar(value)];
  return [`- ${first}`, ...indented(rest)];
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

function scalar(value: Json): string {
  const text = JSON.stringify(value);
  if (typeof value !== "string") return text;
  const isWord = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z][\w./-]*$/i.test(value);
  return isWord ? value : text;
}
