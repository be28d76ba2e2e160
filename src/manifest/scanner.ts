import { Cursor, isBlank, isBlankOrEnd, isBreak, SPACE } from "./cursor.ts";
import { readBlock } from "./block-scalar.ts";
import { Fault } from "./fault.ts";
import { LIMITS, tooDeep } from "./limits.ts";
import { readPlain } from "./plain-scalar.ts";
import { type PossibleKey, PossibleKeys } from "./possible-keys.ts";
import { readQuoted } from "./quoted-scalar.ts";
import { readAnchorName, readTag } from "./properties.ts";
import type { Token, TokenKind } from "./token.ts";

/** Whatever starts with anything else is plain text. */
const INDICATORS = "\t-?:,[]{}#&*!|>'\"%@`";

function isIndent(code: number): boolean {
  return code === SPACE;
}

/**
 * Cuts one YAML document into tokens, a few at a time. The grammar is that of YAML 1.1 as kubectl's reader has it, which differs
 * from YAML 1.2 in what people do write: a closing bracket or a continued quote may stand left of its key. One pass, no recursion.
 */
export class Scanner {
  readonly #cursor: Cursor;
  readonly #tokens: Token[] = [];
  #forgotten = 0;
  /** Columns of the open block collections around the innermost one. */
  readonly #outer: number[] = [];
  #indent = -1;
  readonly #keys = new PossibleKeys();
  #keyAllowed = true;
  /** Before so many tokens nothing is inserted any more. */
  #settled = 0;
  #ended = false;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
  }

  /** The token at `index`, for which nothing can be put before it any more; undefined past `end`. Throws Fault. */
  read(index: number): Token | undefined {
    while (!this.#ended && index >= this.#settled) {
      this.#step();
      this.#settled = this.#keys.firstIndex(this.#cursor) ?? this.#count;
    }
    return this.#tokens[index - this.#forgotten];
  }

  /** Tokens before `index` are not read again. */
  forget(index: number): void {
    this.#tokens.splice(0, index - this.#forgotten);
    this.#forgotten = index;
  }

  get #count(): number {
    return this.#forgotten + this.#tokens.length;
  }

  #step(): void {
    this.#skipToToken();
    if (this.#cursor.atEnd()) return this.#end();
    this.#closeBlocks(this.#cursor.column);
    const character = this.#cursor.text.charAt(this.#cursor.position);
    if (INDICATORS.includes(character)) this.#readIndicator(character, this.#cursor.code(1));
    else this.#plain();
  }

  #end(): void {
    this.#closeBlocks(-1);
    this.#keys.drop();
    this.#add("end");
    this.#ended = true;
  }

  get #inFlow(): boolean {
    return this.#keys.flowDepth > 0;
  }

  #skipToToken(): void {
    const cursor = this.#cursor;
    while (true) {
      // A tab may not indent, but it may stand between two tokens of a line.
      const isSpace = this.#inFlow || !this.#keyAllowed ? isBlank : isIndent;
      while (isSpace(cursor.code())) cursor.position += 1;
      if (cursor.text.charAt(cursor.position) === "#") cursor.skipToBreak();
      if (!isBreak(cursor.code())) return;
      cursor.skipBreak();
      if (!this.#inFlow) this.#keyAllowed = true;
    }
  }

  #readIndicator(character: string, next: number): void {
    const inFlow = this.#inFlow;
    const apart = isBlankOrEnd(next);
    if (character === "[") return this.#openFlow("flow-list");
    if (character === "{") return this.#openFlow("flow-map");
    if (character === "]") return this.#closeFlow("flow-list-end");
    if (character === "}") return this.#closeFlow("flow-map-end");
    if (character === ",") return this.#flowEntry();
    if (character === "-" && apart) return this.#blockEntry();
    if (character === "?" && (inFlow || apart)) return this.#explicitKey();
    if (character === ":" && (inFlow || apart)) return this.#value();
    if (character === "*") return this.#property("alias");
    if (character === "&") return this.#property("anchor");
    if (character === "!") return this.#property("tag");
    if ((character === "|" || character === ">") && !inFlow) return this.#block();
    if (character === "'" || character === '"') return this.#quoted();
    if (character === "-" || (!inFlow && (character === "?" || character === ":"))) return this.#plain();
    throw this.#unexpected(character);
  }

  #openFlow(kind: TokenKind): void {
    this.#keepKey();
    if (this.#keys.flowDepth >= LIMITS.depth) throw tooDeep(this.#cursor.position);
    this.#keys.openFlow();
    this.#keyAllowed = true;
    this.#take(kind);
  }

  #closeFlow(kind: TokenKind): void {
    this.#keys.drop();
    this.#keys.closeFlow();
    this.#keyAllowed = false;
    this.#take(kind);
  }

  #flowEntry(): void {
    this.#keys.drop();
    this.#keyAllowed = true;
    this.#take("flow-entry");
  }

  #blockEntry(): void {
    if (!this.#inFlow) {
      if (!this.#keyAllowed) throw this.#misplaced("a list item");
      this.#openBlock("block-list", this.#cursor.column);
    }
    this.#keys.drop();
    this.#keyAllowed = true;
    this.#take("block-entry");
  }

  #explicitKey(): void {
    if (!this.#inFlow) {
      if (!this.#keyAllowed) throw this.#misplaced("a key");
      this.#openBlock("block-map", this.#cursor.column);
    }
    this.#keys.drop();
    this.#keyAllowed = !this.#inFlow;
    this.#take("key");
  }

  #value(): void {
    const key = this.#keys.take(this.#cursor);
    if (key !== undefined) {
      this.#insert(key.index, "key", key.at);
      this.#openBlock("block-map", key.column, key);
      this.#keyAllowed = false;
    } else {
      this.#keys.drop();
      if (!this.#inFlow) {
        if (!this.#keyAllowed) throw this.#misplaced("a ':'");
        this.#openBlock("block-map", this.#cursor.column);
      }
      this.#keyAllowed = !this.#inFlow;
    }
    this.#take("value");
  }

  #property(kind: "alias" | "anchor" | "tag"): void {
    this.#keepKey();
    this.#keyAllowed = false;
    this.#add(kind, this.#cursor.position, kind === "tag" ? readTag(this.#cursor) : readAnchorName(this.#cursor));
  }

  #block(): void {
    this.#keys.drop();
    this.#keyAllowed = true;
    this.#add("scalar", this.#cursor.position, readBlock(this.#cursor, this.#indent));
  }

  #quoted(): void {
    this.#keepKey();
    this.#keyAllowed = false;
    this.#add("scalar", this.#cursor.position, readQuoted(this.#cursor));
  }

  #plain(): void {
    this.#keepKey();
    this.#keyAllowed = false;
    const at = this.#cursor.position;
    const scalar = readPlain(this.#cursor, { indent: this.#indent + 1, inFlow: this.#inFlow });
    if (scalar.broken) this.#keyAllowed = true;
    this.#tokens.push({ kind: "scalar", at, text: scalar.text, plain: true });
  }

  #keepKey(): void {
    if (!this.#keyAllowed) return;
    const { position: at, line, column } = this.#cursor;
    const required = !this.#inFlow && this.#indent === column;
    this.#keys.keep({ index: this.#count, at, line, column, required });
  }

  #openBlock(kind: TokenKind, column: number, key?: PossibleKey): void {
    if (this.#inFlow || this.#indent >= column) return;
    if (this.#outer.length >= LIMITS.depth) throw tooDeep(this.#cursor.position);
    this.#outer.push(this.#indent);
    this.#indent = column;
    if (key === undefined) this.#add(kind);
    else this.#insert(key.index, kind, key.at);
  }

  #closeBlocks(column: number): void {
    if (this.#inFlow) return;
    while (this.#indent > column) {
      this.#add("block-end");
      this.#indent = this.#outer.pop() ?? -1;
    }
  }

  #take(kind: TokenKind): void {
    this.#add(kind);
    this.#cursor.position += 1;
  }

  #add(kind: TokenKind, at = this.#cursor.position, text = ""): void {
    this.#tokens.push({ kind, at, text, plain: false });
  }

  #insert(index: number, kind: TokenKind, at: number): void {
    this.#tokens.splice(index - this.#forgotten, 0, { kind, at, text: "", plain: false });
  }

  #misplaced(what: string): Fault {
    return new Fault(
      this.#cursor.position,
      `${what} cannot stand here`,
      "check the indentation, and quote text that holds ': '",
    );
  }

  #unexpected(character: string): Fault {
    const { position } = this.#cursor;
    if (isBlank(this.#cursor.code()))
      return new Fault(position, "a tab stands where indentation is expected", "indent with spaces");
    if (character === "%" && this.#cursor.column === 0)
      return new Fault(position, "YAML directives are not read", "remove this line");
    return new Fault(position, `a value cannot start with '${character}'`, "quote it");
  }
}
