import type { Value } from "../model/change.ts";
import { isMap, parseJson, type Json, type JsonMap } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import type { Path } from "../model/path.ts";
import type { Ref } from "../model/ref.ts";
import { changeNamed, namedIn, nameAt } from "./named-secret.ts";
import { leaves } from "./secret-parts.ts";

const MASKED = { masked: true } as const;

// All that a Secret has beside what is secret. Anything else is `data`, `stringData`, or one of them misspelled.
const OPEN_FIELDS = ["apiVersion", "kind", "metadata", "type", "immutable"];

/** Whether everything at a path is secret. Decided by the parsed object's kind, never by its text (Argo CD CVE-2026-42880). */
export function isSecretPath(ref: Pick<Ref, "group" | "kind">, path: Path): boolean {
  const [field] = path;
  return isSecretKind(ref) && typeof field === "string" && !OPEN_FIELDS.includes(field);
}

export function isSecretKind(ref: Pick<Ref, "group" | "kind">): boolean {
  return ref.kind === "Secret" && ref.group === "";
}

/** A value as people may see it: below a secret path each leaf is replaced, and map keys stay. */
export function maskValue(ref: Pick<Ref, "group" | "kind">, path: Path, value: Json): Value {
  return isSecretKind(ref) ? maskInSecret(path, value) : changeNamed(value, nameAt(path), () => MASKED);
}

function maskInSecret(path: Path, value: Json): Json {
  if (isMap(value)) {
    const members = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
    return Object.fromEntries(members.map(([key, member]) => [key, maskInSecret([...path, key], member)]));
  }
  return isSecretValue(path, value) ? MASKED : value;
}

const SECRET = { group: "", kind: "Secret" };

// Annotations in which tools keep the object as they applied it, or a hash of its values: kubectl, kapp, Fleet and
// wrangler, external-secrets. Their values may be older than what the Secret holds now, so nobody else knows them.
const COPIES =
  /last-applied|(?:^|\/)original(?:-diff.*)?$|objectset\.rio\.cattle\.io\/|(?:data|content|secret)-?hash$|checksum/i;

/** Whether a value inside of a Secret tells something secret: one of its own, or a copy of them in an annotation. */
export function isSecretValue(path: Path, value: Json): boolean {
  return isSecretPath(SECRET, path) || isCopy(path, value);
}

function isCopy([top, field, key]: Path, value: Json): boolean {
  if (top !== "metadata" || field !== "annotations" || typeof key !== "string" || typeof value !== "string")
    return false;
  return COPIES.test(key) || /^\s*[[{]/.test(value) || isPacked(value);
}

/** Long, and in characters that only programs read: a copy in base64, a hash. */
function isPacked(text: string): boolean {
  return text.length >= 32 && /^[A-Za-z0-9+/_=-]+$/.test(text) && /\d/.test(text) && /[A-Za-z]/.test(text);
}

/** Every secret text of an object, encoded and decoded: what the masker has to learn before anything of it is mentioned. */
export function secretTexts(object: KubeObject): readonly string[] {
  if (object.kind !== "Secret") return namedSecrets(object);
  const encoded = leaves(object["data"]);
  const others = Object.entries(object).filter(([field]) => field !== "data" && !OPEN_FIELDS.includes(field));
  const texts = [...encoded.map(decodeBase64), ...others.flatMap(([, value]) => leaves(value))];
  return [...encoded, ...texts, ...copiedTexts(object)];
}

/** What annotations hold of an older state of the same Secret. */
function copiedTexts({ metadata }: KubeObject): readonly string[] {
  return leaves(metadata.annotations).flatMap((text) => {
    const copy = objectIn(text);
    return isMap(copy?.["data"]) || isMap(copy?.["stringData"])
      ? secretTexts({ apiVersion: "v1", kind: "Secret", metadata: { name: "" }, ...pick(copy, ["data", "stringData"]) })
      : [];
  });
}

function objectIn(text: string): JsonMap | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const value = parseJson(text);
    return isMap(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function pick(map: JsonMap | undefined, keys: readonly string[]): JsonMap {
  return Object.fromEntries(keys.flatMap((key) => (map?.[key] === undefined ? [] : [[key, map[key]]])));
}

/** Secrets that stand outside of Secrets, by their names. Who claims which field names no value. */
function namedSecrets({
  metadata: { managedFields: _managedFields, ...metadata },
  ...content
}: KubeObject): readonly string[] {
  return namedIn({ ...content, metadata }).flatMap(leaves);
}

function decodeBase64(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}
