import { valueAt } from "../model/path.ts";
import { isList, isMap, type Json } from "../model/json.ts";
import { compareText } from "../model/ref.ts";
import type { Refusal, RefusalCause } from "../model/refusal.ts";
import type { KnownObjects } from "./field-suggestion.ts";
import { secretTexts } from "./secrecy.ts";
import { serverPath, serverPathText } from "./server-path.ts";

/** One line, without what the server repeats of values in the words of its own source. It is cut once it is masked, not before. */
export function oneLine(text: string): string {
  return withoutValues(text.replace(PATCH_TEXT, ""))
    .replaceAll(/\s*\n\s*/g, " ")
    .trim();
}

// Of a volume claim's spec the server tells the whole difference, in the words of its source.
const PATCH_TEXT = /\n@@ .*$/s;

// The server repeats a value of the wrong type, a Secret's as well, in the words of its own source or of its JSON reader.
// Short ones are not known to the masker, so they must not come so far.
const GO_VALUE = /, got &.*$/gm;
const JSON_NUMBER = /(cannot unmarshal number) \S+/g;

function withoutValues(text: string): string {
  return text.replaceAll(GO_VALUE, "").replaceAll(JSON_NUMBER, "$1");
}

/** What the server said without any value of a Secret that was sent: admission may repeat one, and the masker does not know short ones. */
export function withoutSecrets(refusal: Refusal, { sent }: KnownObjects): Refusal {
  const texts = sent === undefined ? [] : secretTexts(sent).filter(({ length }) => length >= SHORTEST_SECRET);
  const secrets = texts.flatMap((text) => [text, Buffer.from(text).toString("base64")]);
  if (secrets.length === 0) return refusal;
  const ordered = secrets.toSorted((a, b) => b.length - a.length);
  const masked = (text: string): string => ordered.reduce((rest, secret) => rest.replaceAll(secret, "«masked»"), text);
  const causes = refusal.causes.map((cause) => ({ ...cause, message: masked(cause.message) }));
  return { ...refusal, message: masked(refusal.message), causes };
}

// Below that, the gaps in an English sentence would tell more than they hide.
const SHORTEST_SECRET = 3;

// A problem begins with our own name of the object, which says more: with the group and the namespace.
const SUBJECT = /^[\w.-]+ "[^"]*" is (?:invalid|forbidden): (?:\[\]: )?/;

export function withoutSubject(text: string): string {
  return text.replace(SUBJECT, "");
}

/** What is wrong, field by field: `spec.replicas: must be greater than or equal to 0`. */
export function causesText(refusal: Refusal, known: KnownObjects): string {
  const told = [...new Set(relevantCauses(refusal).map((cause) => causeText(cause, known)))];
  if (told.length === 0) return withoutSubject(refusal.message);
  const more = told.length - MOST_CAUSES;
  return more <= 0 ? told.join("; ") : `${told.slice(0, MOST_CAUSES).join("; ")}; and ${more} more`;
}

const MOST_CAUSES = 4;

/** Those that speak of the object; the server adds one that says it has not looked at everything. */
export function relevantCauses({ causes }: Refusal): readonly RefusalCause[] {
  const relevant = causes.filter(({ message }) => !message.includes("some validation rules were not checked"));
  const told = relevant.length > 0 ? relevant : causes;
  // The server walks maps, so the order changes from one answer to the next.
  return told.toSorted((a, b) => compareText(a.field, b.field));
}

function causeText({ field, message }: RefusalCause, known: KnownObjects): string {
  const path = fieldText(field, known);
  const text = oneLine(withoutLongValue(message, known));
  return path === "" ? text : `${path}: ${text}`;
}

/** A field that the server names, in our form. */
export function fieldText(field: string, { sent, live }: KnownObjects): string {
  return serverPathText(field, sent, live);
}

const VALUE = /^(?:Invalid|Unsupported|Duplicate) value: /;

// A Job's template is told as a whole, several KiB of it; of a Secret, nothing is told.
function withoutLongValue(message: string, { sent }: KnownObjects): string {
  const value = /^[A-Za-z]+ value: (.*)$/s.exec(withoutDetail(message))?.[1] ?? "";
  const isShort = value.length <= LONGEST_VALUE && !/^[{[]/.test(value);
  return sent?.kind !== "Secret" && isShort ? message : withoutValue(message);
}

/** What the server says of a value, without the value, which is the author's text. */
export function withoutValue(message: string): string {
  const told = withoutDetail(message);
  const detail = message.slice(told.length).replace(/^: /, "");
  return detail === "" && VALUE.test(message) ? message.replace(/: .*$/s, "").toLowerCase() : detail || message;
}

/** `Invalid value: -1` of `Invalid value: -1: must be positive`; empty where no value is told. */
function withoutDetail(message: string): string {
  const [start] = VALUE.exec(message) ?? [];
  if (start === undefined) return "";
  const end = endOfValue(message.slice(start.length));
  return end === undefined ? message : message.slice(0, start.length + end);
}

const LONGEST_VALUE = 60;

/** Where the JSON value at the start of a text ends. */
function endOfValue(text: string): number | undefined {
  if (!/^["{[]/.test(text)) return /^[^:]*/.exec(text)?.[0].length;
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (/^[{[]/.test(token)) depth += 1;
    if (/^[}\]]/.test(token)) depth -= 1;
    if (depth === 0) return index + token.length;
  }
  return undefined;
}

/** One thing that the object's schema does not allow. */
export interface SchemaFault {
  /** In our form. */
  readonly field: string;
  readonly path: ReturnType<typeof serverPath>;
  readonly text: string;
}

const TYPED_PATCH = /^failed to (?:create typed patch object|convert new object) \([^)]*\)(?: to \w+ \w+)?: /;

/** The server could not read the object by its schema. It says so with 500 and no reason, yet it is the author's mistake. */
export function isSchemaRefusal({ message }: Refusal): boolean {
  return TYPED_PATCH.test(message);
}

// A path and what is wrong there; quoted texts in brackets may hold anything.
const FAULT = /^\.?((?:\[(?:[^"\]]|"(?:[^"\\]|\\.)*")*\]|[^[:]|:(?! ))*): (.*)$/s;

/** Every fault of `failed to create typed patch object (...): .spec.repicas: field not declared in schema`. */
export function schemaFaults({ message }: Refusal, known: KnownObjects): readonly SchemaFault[] {
  const lines = message
    .replace(TYPED_PATCH, "")
    .replace(/^errors:\s*/, "")
    .split("\n");
  return lines.flatMap((line) => {
    const [, field, text = ""] = FAULT.exec(line.trim()) ?? [];
    if (field === undefined) return line.trim() === "" ? [] : [{ field: "", path: [], text: oneLine(line) }];
    const path = serverPath(field, known.sent, known.live);
    const told = oneLine(text.replaceAll(/([[,][\w.-]+=)"([^"\\]*)"/g, "$1$2"));
    return [{ field: fieldText(field, known), path, text: `${told}${gotText(text, valueAt(known.sent, path))}` }];
  });
}

/** What the server says of it would repeat the value. */
function gotText(text: string, value: Json | undefined): string {
  if (!/, got &/.test(text) || value === undefined) return "";
  const type = value === null ? "null" : isList(value) ? "a list" : isMap(value) ? "a map" : `a ${typeName(value)}`;
  return `, got ${type}`;
}

function typeName(value: string | number | bigint | boolean): string {
  return typeof value === "bigint" ? "number" : typeof value === "string" ? "text" : typeof value;
}
