import { isList, isMap, parseJson, type Json } from "../model/json.ts";

// As deep as values are packed into each other: base64 of JSON that holds base64 of `user:password`.
const DEEPEST = 4;

/**
 * The secrets inside of a secret text: the leaves of JSON, what stands behind the names of YAML, INI and environment files,
 * passwords of URLs and connection strings, lines of any other text, and all that in what is encoded once more.
 */
export function secretParts(text: string): readonly string[] {
  return partsOf(text, DEEPEST);
}

function partsOf(text: string, depth: number): readonly string[] {
  if (depth === 0) return [];
  const inside = [...(jsonLeaves(text) ?? text.split(/\r?\n/).flatMap(lineParts)), ...decoded(text)];
  return inside.flatMap((part) => (part === text ? [] : [part, ...partsOf(part, depth - 1)]));
}

/** Every scalar of a JSON text; `undefined` when it is none. */
function jsonLeaves(text: string): readonly string[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return leaves(parseJson(text));
  } catch {
    return undefined;
  }
}

/** Texts and numbers below a value. */
export function leaves(value: Json | undefined): readonly string[] {
  const found: string[] = [];
  // Not by recursion: whoever writes the value decides how deep it is.
  const open: (Json | undefined)[] = [value];
  for (let next = open.pop(); open.length > 0 || next !== undefined; next = open.pop()) {
    if (typeof next === "string") found.push(next);
    else if (typeof next === "number" || typeof next === "bigint") found.push(String(next));
    else if (isList(next)) for (const item of next) open.push(item);
    else if (isMap(next)) for (const member of Object.values(next)) open.push(member);
  }
  return found;
}

const ASSIGNMENT = /^\s*(?:export\s+|-\s+)?["']?[\w.@$+/-]{1,256}["']?\s*[:=]\s*(?!\/\/)(.*)$/;
const NOTHING_TOLD = /^[^\p{L}\p{N}]*$|^-----(?:BEGIN|END) [A-Z0-9 ]+-----$/u;

function lineParts(line: string): readonly string[] {
  const trimmed = line.trim();
  if (NOTHING_TOLD.test(trimmed)) return [];
  const value = ASSIGNMENT.exec(trimmed)?.[1];
  const inner = value === undefined ? [trimmed] : [unquoted(value)];
  return [...inner.filter((part) => !isAddress(part)), ...urlPasswords(trimmed), ...pairValues(trimmed)];
}

function unquoted(text: string): string {
  return /^(["'])(.*)\1[,;]?$/.exec(text)?.[2] ?? text;
}

// Where something is, is in every other manifest, and no secret by itself.
const ADDRESS = /^(?:[a-z][a-z0-9+]*:\/\/)?(?:(?:[a-z0-9-]+\.)+[a-z]{2,}|\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?\/?$/;

function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/** As it is written, and as it is meant. */
function urlPasswords(line: string): readonly string[] {
  const passwords = [...line.matchAll(/:\/\/[^\s/:@]*:([^\s/@]+)@/g)].map(([, password = ""]) => password);
  return passwords.flatMap((password) => [password, fromUrl(password)]);
}

function fromUrl(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Of `Server=db;Password=x`, `host=db password=x` and `machine db login me password x`. */
function pairValues(line: string): readonly string[] {
  const named = [...line.matchAll(/\b(?:password|passwd|secret|token)\s+(\S+)/gi)].map(([, value = ""]) => value);
  const pairs = line.split(/[;&?\s,]+/).flatMap((pair) => /^[\w.-]{1,256}=(.+)$/.exec(pair)?.[1] ?? []);
  return [...named, ...pairs.map(unquoted).filter((part) => part !== line && !isAddress(part))];
}

/** What the text means when it is base64; of `user:password`, which is what `auth` of a registry is, the password follows as a part of it. */
function decoded(text: string): readonly string[] {
  const packed = text.replaceAll(/\s+/g, "");
  if (packed.length < SHORTEST_PACKED || packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) return [];
  const bytes = Buffer.from(packed, "base64");
  const meant = bytes.toString("utf8");
  // Most words are base64 of something; only of a text anybody thinks.
  return bytes.equals(Buffer.from(meant, "utf8")) ? [meant] : [];
}

const SHORTEST_PACKED = 8;
