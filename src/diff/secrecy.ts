import type { Value } from "../model/change.ts";
import { isList, isMap, type Json } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import type { Path } from "../model/path.ts";
import type { Ref } from "../model/ref.ts";

const MASKED = { masked: true } as const;

/** Whether everything at a path is secret. Decided by the parsed object's kind, never by its text (Argo CD CVE-2026-42880). */
export function isSecretPath(ref: Pick<Ref, "group" | "kind">, path: Path): boolean {
  return isSecretKind(ref) && (path[0] === "data" || path[0] === "stringData");
}

export function isSecretKind(ref: Pick<Ref, "group" | "kind">): boolean {
  return ref.kind === "Secret" && ref.group === "";
}

/** A value as people may see it: below a secret path each leaf is replaced, and map keys stay. */
export function maskValue(ref: Pick<Ref, "group" | "kind">, path: Path, value: Json): Value {
  if (isSecretPath(ref, path)) return isMap(value) ? maskMembers(ref, path, value) : MASKED;
  if (!isSecretKind(ref)) return value;
  if (isMap(value)) return maskMembers(ref, path, value);
  return value;
}

function maskMembers(
  ref: Pick<Ref, "group" | "kind">,
  path: Path,
  map: { readonly [key: string]: Json | undefined },
): Value {
  const members = Object.entries(map).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return Object.fromEntries(members.map(([key, value]) => [key, maskValue(ref, [...path, key], value) as Json]));
}

/** Every secret text of an object, encoded and decoded: what the masker has to learn before anything of it is mentioned. */
export function secretTexts(object: KubeObject): readonly string[] {
  if (object.kind !== "Secret") return [];
  const encoded = leaves(object["data"]);
  const texts = [...encoded.map(decodeBase64), ...leaves(object["stringData"])];
  // People encode once more than they have to; what is meant is as secret.
  return [...encoded, ...texts, ...texts.filter(isBase64).map(decodeBase64)];
}

function isBase64(text: string): boolean {
  return text.length >= 8 && Buffer.from(text.trim(), "base64").toString("base64") === text.trim();
}

function leaves(value: Json | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  // No valid Secret holds a number, but the server's answer to one that does repeats it.
  if (typeof value === "number" || typeof value === "bigint") return [String(value)];
  if (isList(value)) return value.flatMap(leaves);
  return isMap(value) ? Object.values(value).flatMap(leaves) : [];
}

function decodeBase64(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}
