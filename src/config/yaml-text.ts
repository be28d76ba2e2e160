import { isAlias, isMap, isNode, isSeq, LineCounter, parseDocument, visit, type Document, type Node } from "yaml";
import type { Place } from "../model/place.ts";
import type { Problem } from "../model/problem.ts";

/** A step into a YAML value: a map's key or a list's position. */
export type YamlStep = string | number;

export interface YamlText {
  readonly value: unknown;
  /** Where the value at a path stands, or the deepest part of the path that is written. */
  placeOfValue(path: readonly YamlStep[]): Place;
  /** Where the key that ends a path stands. */
  placeOfKey(path: readonly YamlStep[]): Place;
}

const MAX_CHARACTERS = 256 * 1024;
// One wrong bracket can make hundreds of mistakes of what follows it.
const MAX_MISTAKES = 20;

type Mistake = Document["errors"][number] | Document["warnings"][number];

/** Reads one document of YAML 1.2, in which `yes` and `on` are texts. Every mistake has its place; a key may be written once. */
export function parseYamlText(text: string, file: string): { yaml: YamlText } | { problems: readonly Problem[] } {
  const start = { file, line: 1, column: 1 };
  if (text.length > MAX_CHARACTERS) return refuse("the file is larger than 256 KiB", "make it smaller", start);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const toPlace = (offset: number): Place => placeAt(lines, { file, offset });
  const mistakes: readonly Mistake[] = [...document.errors, ...document.warnings];
  const tooDeep = mistakes.find((mistake) => mistake.code === "RESOURCE_EXHAUSTION");
  if (tooDeep !== undefined)
    return refuse("the file is nested too deeply", "write it flatter", toPlace(tooDeep.pos[0]));
  if (mistakes.length > 0) return { problems: mistakes.slice(0, MAX_MISTAKES).map((one) => toProblem(one, toPlace)) };
  const forbidden = findForbidden(document);
  if (forbidden !== undefined)
    return refuse(forbidden.message, forbidden.remedy, toPlace(offsetOf(forbidden.node) ?? 0));
  const value = toValue(document);
  if (value === "too large")
    return refuse("the file is nested too deeply or repeats its anchors too often", "write the values out", start);
  return {
    yaml: {
      value: value.of,
      placeOfValue: (path) => toPlace(findOffset(document, path, "value")),
      placeOfKey: (path) => toPlace(findOffset(document, path, "key")),
    },
  };
}

function refuse(message: string, remedy: string, at: Place): { problems: readonly Problem[] } {
  return { problems: [{ code: "config-invalid", level: "error", message, remedy, at }] };
}

function placeAt(lines: LineCounter, { file, offset }: { readonly file: string; readonly offset: number }): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}

function toProblem(mistake: Mistake, toPlace: (offset: number) => Place): Problem {
  const at = toPlace(mistake.pos[0]);
  if (mistake.code === "DUPLICATE_KEY")
    return {
      code: "config-invalid",
      level: "error",
      message: "a key is written twice in one map",
      remedy: "remove one of them",
      at,
    };
  if (mistake.code === "MULTIPLE_DOCS")
    return {
      code: "config-invalid",
      level: "error",
      message: "the file holds several documents",
      remedy: "remove the line ---",
      at,
    };
  return {
    code: "config-invalid",
    level: "error",
    message: `not valid YAML: ${reasonOf(mistake)}`,
    remedy: "correct it here or in the lines above",
    at,
  };
}

// What the library says of a bracket that is never closed is about indentation, which is only how it noticed.
const OPEN_BRACKET = /^Flow (?:map|sequence) in block collection must be sufficiently indented/;

function reasonOf({ message }: Mistake): string {
  if (OPEN_BRACKET.test(message)) return "a bracket is not closed";
  const [first = ""] = message.split("\n", 1);
  return `${first.charAt(0).toLowerCase()}${first.slice(1).replace(/[.:]$/, "")}`;
}

interface Forbidden {
  readonly node: Node;
  readonly message: string;
  readonly remedy: string;
}

function findForbidden(document: Document): Forbidden | undefined {
  let forbidden: Forbidden | undefined;
  visit(document, {
    Alias: (_, node) => {
      if (node.resolve(document) !== undefined) return undefined;
      forbidden = { node, message: `no anchor has the name ${node.source}`, remedy: "write the value out" };
      return visit.BREAK;
    },
    Scalar: (key, node) => {
      // Records of JavaScript cannot hold this key; checks would pass it over in silence.
      if (key !== "key" || node.value !== "__proto__") return undefined;
      forbidden = { node, message: "the key __proto__ is not allowed", remedy: "choose another name" };
      return visit.BREAK;
    },
  });
  return forbidden;
}

function toValue(document: Document): { readonly of: unknown } | "too large" {
  try {
    return { of: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    // The library throws the first for aliases that would grow into gigabytes; the second is the stack, for deep nesting.
    if (error instanceof ReferenceError || error instanceof RangeError) return "too large";
    throw error;
  }
}

function findOffset(document: Document, path: readonly YamlStep[], what: "key" | "value"): number {
  let node: unknown = document.contents;
  let offset = offsetOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    const entry = entryOf(follow(node, document), step);
    if (entry === undefined) return offset;
    const wantsKey = what === "key" && index === path.length - 1;
    offset = (wantsKey ? undefined : offsetOf(entry.value)) ?? offsetOf(entry.key) ?? offset;
    node = entry.value;
  }
  return offset;
}

function follow(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function entryOf(node: unknown, step: YamlStep): { readonly key?: unknown; readonly value: unknown } | undefined {
  if (isMap(node)) return node.items.find((pair) => String(pair.key) === String(step));
  if (!isSeq(node) || typeof step !== "number" || step >= node.items.length) return undefined;
  return { value: node.items[step] };
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
