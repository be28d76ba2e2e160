import { parseJson, type Json } from "./json.ts";
import { formatPath, type Path, type Scalar, type Step } from "./path.ts";

/** A text that is no path; the problem says what to write instead. */
export interface NoPath {
  readonly problem: string;
}

export function isPath(parsed: Path | NoPath): parsed is Path {
  return !("problem" in parsed);
}

const EXAMPLE = "write a field, such as spec.template.spec.containers[name=web].image";

/**
 * Reads a path as `formatPath` writes it, or a JSON pointer (`/spec/containers[name=web]/image`, `~0` and `~1` for `~` and `/`).
 * `*` is every key or item. A list position is refused: it is another item as soon as one is added before it.
 */
export function parsePath(text: string): Path | NoPath {
  if (text === "") return { problem: EXAMPLE };
  const isPointer = text.startsWith("/");
  const steps: Step[] = [];
  let rest = isPointer || /^[.[]/.test(text) ? text : `.${text}`;
  while (rest !== "") {
    const token = rest.startsWith("[") ? readBracket(rest) : isPointer ? readPointerStep(rest) : readKey(rest);
    if (token === undefined) return wrongAfter(steps);
    if (isPosition(token.step)) return shifting(steps, token.step.index);
    if (token.step !== undefined) steps.push(token.step);
    rest = rest.slice(token.length);
  }
  return steps;
}

/** What was read, and how many characters it took; only the slash before a bracket has no step. */
interface Token {
  readonly step: Step | undefined;
  readonly length: number;
}

function readKey(text: string): Token | undefined {
  const [all, key] = /^\.([\w-]+|\*)/.exec(text) ?? [];
  return all === undefined || key === undefined ? undefined : { step: toStep(key, key), length: all.length };
}

function readPointerStep(text: string): Token | undefined {
  const [all = "", key = ""] = /^\/([^/[\]]*)/.exec(text) ?? [];
  if (key === "") return text.startsWith("/[") ? { step: undefined, length: 1 } : undefined;
  if (/~(?![01])/.test(key)) return undefined;
  return { step: toStep(key, key.replaceAll("~1", "/").replaceAll("~0", "~")), length: all.length };
}

function toStep(written: string, key: string): Step {
  if (written === "*") return { any: true };
  return /^\d+$/.test(written) ? { index: Number(written) } : key;
}

function isPosition(step: Step | undefined): step is { readonly index: number } {
  return typeof step === "object" && "index" in step;
}

function readBracket(text: string): Token | undefined {
  const [short, inner] = /^\[(\*|\d+)\]/.exec(text) ?? [];
  if (short !== undefined && inner !== undefined) return { step: toStep(inner, inner), length: short.length };
  const [quoted, key] = /^\[("(?:[^"\\]|\\.)*")\]/.exec(text) ?? [];
  if (quoted !== undefined && key !== undefined) return token(unquote(key), quoted.length);
  return readItem(text);
}

const ITEM_KEY =
  /^[[,]([A-Za-z_][\w-]*|"(?:[^"\\]|\\.)*")=("(?:[^"\\]|\\.)*"(?=[,\]])|[^,\]"\s](?:[^,\]]*[^,\]\s])?(?=[,\]]))/;

function readItem(text: string): Token | undefined {
  const entries: (readonly [string, Scalar])[] = [];
  let at = 0;
  while (text[at] !== "]") {
    const [all, writtenKey = "", writtenValue = ""] = ITEM_KEY.exec(text.slice(at)) ?? [];
    if (all === undefined) return undefined;
    const key = writtenKey.startsWith('"') ? unquote(writtenKey) : writtenKey;
    const value = toScalar(writtenValue);
    if (key === undefined || value === undefined || entries.some(([name]) => name === key)) return undefined;
    entries.push([key, value]);
    at += all.length;
  }
  return { step: { item: Object.fromEntries(entries) }, length: at + 1 };
}

// An unquoted number or truth value is one; everything else that is not quoted is a text.
function toScalar(written: string): Scalar | undefined {
  if (written.startsWith('"')) return unquote(written);
  const value = tryParse(written);
  return value === undefined || value === null || typeof value === "object" ? written : value;
}

function unquote(quoted: string): string | undefined {
  const value = tryParse(quoted);
  return typeof value === "string" ? value : undefined;
}

function tryParse(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function token(step: Step | undefined, length: number): Token | undefined {
  return step === undefined ? undefined : { step, length };
}

function shifting(before: Path, position: number): NoPath {
  const list = formatPath(before);
  return {
    problem: `write ${list}[name=...] or ${list}[*]: a position shifts when the list changes; a key of a map is written ${list}["${position}"]`,
  };
}

function wrongAfter(before: Path): NoPath {
  if (before.length === 0) return { problem: EXAMPLE };
  return {
    problem: `write what follows ${formatPath(before)} as .key, ["a key with dots or slashes"], [name=web] or [*]`,
  };
}
