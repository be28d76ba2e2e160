import type { Json } from "../model/json.ts";
import { Assembly, openMap } from "./assembly.ts";
import { readBlock } from "./block-scalar.ts";
import type { Composition } from "./composition.ts";
import { Cursor } from "./cursor.ts";
import { LIMITS } from "./limits.ts";
import { readQuoted } from "./quoted-scalar.ts";
import { doubtOf, isText, resolvePlain, scalarJson } from "./scalar.ts";
import type { Chunk } from "./split.ts";

/**
 * Reads a document of the form that nearly all manifests have: maps and lists in block style, keys and scalars that end on
 * their line, block scalars, short flow lists. `undefined` for every other one, be it right or wrong. `readYaml` reads all of
 * them, these to the same result, and several times slower. Throws Fault, as `readYaml`.
 */
export function readUsual(chunk: Chunk): Composition | undefined {
  return new UsualDocument(chunk).read();
}

// No two neighbours match the same character, and repeated groups are counted: no text makes this slow, or the stack too deep.
const PLAIN = String.raw`(?:[^\s?:,[\]{}#&*!|>'"%@\x60-]|-(?=\S))[^\s:#]*(?:(?::(?=\S)|#| +(?=[^\s#:]))[^\s:#]*){0,200}`;
const QUOTED = String.raw`"[^"\\\r\n]*(?:\\.[^"\\\r\n]*){0,200}"|'[^'\r\n]*'`;
const ITEM = String.raw`(?:[A-Za-z][\w./-]*|"[^",\\\r\n]*")`;
const FLOW = String.raw`\[(?:${ITEM}(?:, *${ITEM}){0,200})?\]|\{\}`;
const BLOCK = String.raw`[|>][-+1-9]{0,2}`;
const KEY = String.raw`[\w./][\w./-]*|"[^"\\\r\n]*"|'[^'\r\n]*'`;

/** A line: its indentation, the mark of a list item, a key, and a value or its beginning. */
const LINE = new RegExp(
  String.raw`( *)(?! )(-(?: +(?! )|(?=\n)))?(?:(${KEY}):(?=[ \n]) *(?! ))?(${PLAIN}|${QUOTED}|${FLOW}|${BLOCK})? *(?:(?<![^ \n])#.*)?\n`,
  "y",
);

/** A ':' further away makes no key. */
const LONGEST_KEY = 1000;
const END = -1;

class UsualDocument {
  readonly #cursor: Cursor;
  readonly #origin: number;
  readonly #assembly: Assembly;
  #usual = true;
  #depth = 0;
  /** Of the line that is read next: of its content, or of the mark of its list item. Past the last one, END. */
  #column = END;
  #isItem = false;
  /** Where its key or value stands. */
  #at = 0;
  #key: string | undefined;
  #value: string | undefined;

  constructor({ text, offset }: Chunk) {
    this.#cursor = new Cursor(text);
    this.#origin = offset;
    this.#assembly = new Assembly(offset);
  }

  read(): Composition | undefined {
    this.#next();
    if (this.#column === END) return undefined;
    const offset = this.#origin + this.#cursor.lineStart + this.#column;
    const value = this.#collection();
    if (this.#column !== END || !this.#usual) return undefined;
    const { duplicates, unlisted, items, doubtful } = this.#assembly;
    return { value, offset, duplicates, unlisted, items, doubtful };
  }

  /** Goes on to the next line with content. */
  #next(): void {
    const cursor = this.#cursor;
    while (this.#usual && !cursor.atEnd()) {
      LINE.lastIndex = cursor.position;
      const found = LINE.exec(cursor.text);
      if (found === null) return this.#giveUp();
      cursor.lineStart = cursor.position;
      cursor.position = LINE.lastIndex;
      // By index: taking the match apart as an iterable costs more than matching.
      const mark = found[2];
      this.#key = found[3];
      this.#value = found[4];
      if (mark === undefined && this.#key === undefined && this.#value === undefined) continue;
      this.#column = found[1]?.length ?? 0;
      this.#isItem = mark !== undefined;
      this.#at = cursor.lineStart + this.#column + (mark?.length ?? 0);
      return;
    }
    this.#column = END;
  }

  /** To all loops it looks like the end of the text. */
  #giveUp(): void {
    this.#usual = false;
    this.#column = END;
  }

  #collection(): Json {
    if (this.#depth + 1 === LIMITS.depth) {
      this.#giveUp();
      return null;
    }
    this.#depth += 1;
    const column = this.#column;
    const collection = this.#isItem ? this.#list(column) : this.#map(column);
    if (this.#column > column) this.#giveUp();
    this.#depth -= 1;
    return collection;
  }

  #map(column: number): Json {
    const map = openMap();
    while (this.#column === column && !this.#isItem) {
      const at = this.#at;
      const key = this.#keyText();
      if (key === undefined) {
        this.#giveUp();
        break;
      }
      this.#assembly.enter(key);
      const value = this.#value === undefined ? this.#below(column) : this.#lineValue(column, this.#value);
      this.#assembly.leave();
      this.#assembly.set(map, key, value, at);
    }
    return map.members;
  }

  /** Undefined when it is none, or not text only. */
  #keyText(): string | undefined {
    const key = this.#key;
    if (key === undefined || key.length > LONGEST_KEY) return undefined;
    const text = isQuoted(key) ? key.slice(1, -1) : key;
    if (text === "__proto__") return undefined;
    return text !== key || isText(key) || resolvePlain(key).type === "text" ? text : undefined;
  }

  /** The value of a key with nothing behind it: what is indented below, or a list that is not. */
  #below(column: number): Json {
    this.#next();
    const isBelow = this.#column > column || (this.#column === column && this.#isItem);
    return isBelow ? this.#collection() : null;
  }

  #list(column: number): Json {
    const list: Json[] = [];
    while (this.#column === column && this.#isItem) {
      const at = this.#at;
      this.#assembly.enter(list.length);
      const value = this.#item(column);
      this.#assembly.leave();
      this.#assembly.noteItem(value, at);
      list.push(value);
    }
    return list;
  }

  #item(column: number): Json {
    if (this.#key !== undefined) {
      this.#isItem = false;
      this.#column = this.#at - this.#cursor.lineStart;
      return this.#collection();
    }
    if (this.#value !== undefined) return this.#lineValue(column, this.#value);
    this.#giveUp();
    return null;
  }

  /** A value that begins on the line of its key or mark. */
  #lineValue(column: number, source: string): Json {
    const value = this.#read(column, source);
    this.#next();
    return value;
  }

  #read(column: number, source: string): Json {
    const first = source.charAt(0);
    if (first === "|" || first === ">") return this.#block(column, source);
    if (first === "[") return this.#flowList(source);
    if (first === "{") return {};
    if (!isQuoted(source)) return this.#plain(source);
    return source.includes("\\") ? this.#escaped(source) : source.slice(1, -1);
  }

  #block(column: number, source: string): string {
    this.#cursor.position = this.#startOf(source);
    const text = readBlock(this.#cursor, column);
    this.#cursor.position = this.#cursor.lineStart;
    return text;
  }

  #escaped(source: string): string {
    const next = this.#cursor.position;
    this.#cursor.position = this.#startOf(source);
    const text = readQuoted(this.#cursor);
    this.#cursor.position = next;
    return text;
  }

  #flowList(source: string): Json {
    const items = source === "[]" ? [] : source.slice(1, -1).split(/, */);
    return items.map((item, index) => {
      if (isQuoted(item)) return item.slice(1, -1);
      this.#assembly.enter(index);
      const value = this.#plain(item);
      this.#assembly.leave();
      return value;
    });
  }

  #plain(text: string): Json {
    if (isText(text)) return text;
    const scalar = resolvePlain(text);
    const doubt = doubtOf(text, scalar);
    if (doubt !== undefined) this.#assembly.doubt(doubt, this.#startOf(text));
    const value = scalarJson(scalar);
    if (typeof value === "number" && !Number.isFinite(value)) this.#giveUp();
    return value;
  }

  /** Only white space stands between a key and its value. */
  #startOf(source: string): number {
    return this.#cursor.text.indexOf(source, this.#key === undefined ? this.#at : this.#at + this.#key.length + 1);
  }
}

function isQuoted(source: string): boolean {
  return source.startsWith('"') || source.startsWith("'");
}
