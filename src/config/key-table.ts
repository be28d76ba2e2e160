import type { JsonSchema } from "./json-schema.ts";
import { SETTING_KEYS } from "./setting-schema.ts";
import { unbuiltNote } from "./unbuilt.ts";

/** A Markdown table of all keys of the configuration; settings are listed once, under `defaults`. */
export function formatKeyTable(schema: JsonSchema): string {
  const rows = rowsOf(schema, []).map((row) => `| ${row.join(" | ")} |`);
  return ["| key | value | default | meaning |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

type Row = readonly [key: string, value: string, fallback: string, meaning: string];

function rowsOf(schema: JsonSchema, path: readonly string[]): readonly Row[] {
  const inner = membersOf(schema).filter(([key]) => !isRepeated(path, key));
  return inner.flatMap(([key, member]) => {
    const keyPath = [...path, key];
    const isOpen = key === "*" || membersOf(member).length > 0;
    const isRow = key !== "*" && (!isOpen || member.anyOf !== undefined || isNamed(member));
    return [...(isRow ? [toRow(member, keyPath)] : []), ...rowsOf(member, keyPath)];
  });
}

function membersOf(schema: JsonSchema): readonly (readonly [string, JsonSchema])[] {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap(membersOf);
  if (schema.items !== undefined) return membersOf(schema.items).map(([key, member]) => [`[].${key}`, member] as const);
  const { properties = {}, additionalProperties } = schema;
  const named = typeof additionalProperties === "object" ? [["*", additionalProperties] as const] : [];
  return [...Object.entries(properties), ...named];
}

function isNamed({ additionalProperties, items }: JsonSchema): boolean {
  return typeof additionalProperties === "object" || items !== undefined;
}

function isRepeated(path: readonly string[], key: string): boolean {
  if (path[0] === "apps" && path.length === 2 && key === "*") return true;
  return (path[0] === "apps" || path[0] === "environments") && path.length === 2 && SETTING_KEYS.includes(key);
}

function toRow(schema: JsonSchema, path: readonly string[]): Row {
  const name = path
    .map((step) => (step === "*" ? "<name>" : step))
    .join(".")
    .replaceAll(".[]", "[]");
  const note = unbuiltNote(path);
  const meaning = `${schema.description ?? ""}${note === undefined ? "" : ` *${note}*`}`;
  return [`\`${name}\``, valueOf(schema), formatDefault(schema.default), meaning.replaceAll("|", "\\|")];
}

function formatDefault(value: unknown): string {
  if (value === undefined) return "";
  const text = JSON.stringify(value);
  return text === "{}" || text === "[]" ? "none" : code(toFlow(text));
}

// As one writes it in YAML.
function toFlow(json: string): string {
  return json.replaceAll('"', "").replaceAll(/[,:](?=.)/g, "$& ");
}

function code(value: unknown): string {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function valueOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(", ");
  if (schema.anyOf !== undefined) return schema.anyOf.map(valueOf).join(", ");
  if (schema.items !== undefined)
    return schema.items.enum === undefined ? `list of ${pluralOf(schema.items)}` : `list of ${valueOf(schema.items)}`;
  return TYPES[schema.type ?? ""] ?? "";
}

function pluralOf({ type }: JsonSchema): string {
  return type === "string" ? "texts" : "maps";
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  boolean: "`true`, `false`",
  integer: "whole number",
  number: "number",
  object: "map",
};
