import type { Json } from "../model/json.ts";
import { Assembly, openMap } from "./assembly.ts";
import type { Composition } from "./composition.ts";
import { Fault } from "./fault.ts";
import { parseJsonInteger } from "./number.ts";

/** A JSON value and where it ends. */
export interface JsonComposition extends Composition {
  readonly end: number;
  /** It is JSON, but no double holds one of its numbers. */
  readonly unusable?: Fault;
}

const SPACE = /[ \t\r\n]*/y;
const WORD = /true|false|null/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const WORDS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** Reads the JSON value at `offset` as kubectl does: integers that int64 holds exactly, all others as doubles, the last of equal keys wins. Throws Fault. */
export function readJson(text: string, offset: number): JsonComposition {
  const reader = new JsonReader(text, offset);
  const start = reader.skipSpace();
  const value = reader.value();
  const { duplicates, unlisted, items } = reader.assembly;
  const read = { value, offset: start, end: reader.position, duplicates, unlisted, items, doubtful: [] };
  return reader.unusable === undefined ? read : { ...read, unusable: reader.unusable };
}

class JsonReader {
  readonly assembly = new Assembly();
  readonly #text: string;
  position: number;
  unusable: Fault | undefined;

  constructor(text: string, position: number) {
    this.#text = text;
    this.position = position;
  }

  skipSpace(): number {
    this.#take(SPACE);
    return this.position;
  }

  value(): Json {
    const start = this.skipSpace();
    const first = this.#text.charAt(start);
    if (first === "{") return this.assembly.nest(start, () => this.#map());
    if (first === "[") return this.assembly.nest(start, () => this.#list());
    if (first === '"') return this.#string();
    const word = WORDS.get(this.#take(WORD) ?? "");
    return word === undefined ? this.#number() : word;
  }

  #map(): Json {
    const map = openMap();
    this.position += 1;
    for (let first = true; !this.#takes("}"); first = false) {
      if (!first) this.#expect(",");
      const at = this.skipSpace();
      const key = this.#string();
      this.#expect(":");
      this.assembly.enter(key);
      const value = this.value();
      this.assembly.leave();
      this.assembly.set(map, key, value, at);
    }
    return map.members;
  }

  #list(): Json {
    const list: Json[] = [];
    this.position += 1;
    while (!this.#takes("]")) {
      if (list.length > 0) this.#expect(",");
      const at = this.skipSpace();
      this.assembly.enter(list.length);
      const value = this.value();
      this.assembly.leave();
      this.assembly.noteItem(value, at);
      list.push(value);
    }
    return list;
  }

  #string(): string {
    const start = this.position;
    if (this.#text.charAt(start) !== '"')
      throw new Fault(start, "a JSON string is expected here", "check quotes and commas");
    const end = this.#closingQuote(start);
    this.position = end + 1;
    const source = this.#text.slice(start, end + 1);
    try {
      // Half of a surrogate pair is no character; kubectl puts U+FFFD in its place.
      return String(JSON.parse(source)).toWellFormed();
    } catch {
      throw new Fault(start, "a JSON string holds an unknown escape or a control character", "escape it");
    }
  }

  #closingQuote(start: number): number {
    for (let index = start + 1; index < this.#text.length; index += 1) {
      const code = this.#text.charCodeAt(index);
      if (code === QUOTE) return index;
      if (code === BACKSLASH) index += 1;
    }
    throw new Fault(start, "a quote is not closed", "close it");
  }

  #number(): Json {
    const start = this.position;
    const source = this.#take(NUMBER);
    if (source === undefined) throw new Fault(start, "a JSON value is expected here", "check commas and brackets");
    const value = /^-?\d+$/.test(source) ? parseJsonInteger(source) : Number(source);
    if (typeof value === "bigint" || Number.isFinite(value)) return value;
    this.unusable ??= new Fault(start, "a number is too large", "quote it");
    return null;
  }

  #expect(character: string): void {
    if (!this.#takes(character)) {
      throw new Fault(this.position, `a '${character}' is expected here`, "check commas, quotes and brackets");
    }
  }

  #takes(character: string): boolean {
    this.skipSpace();
    if (this.#text.charAt(this.position) !== character) return false;
    this.position += 1;
    return true;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.#text)?.[0];
    this.position += found?.length ?? 0;
    return found;
  }
}
