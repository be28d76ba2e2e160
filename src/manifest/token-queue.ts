import type { Scanner } from "./scanner.ts";
import type { Token, TokenKind } from "./token.ts";

/** The tokens of a document, read from the front, of which few are kept; past the last one there is `end`. */
export class TokenQueue {
  readonly #scanner: Scanner;
  #index = 0;
  #forgotten = 0;
  #first: Token | undefined;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  peek(): Token {
    this.#first ??= this.#scanner.read(this.#index) ?? END;
    return this.#first;
  }

  second(): Token {
    return this.#scanner.read(this.#index + 1) ?? END;
  }

  next(): Token {
    const token = this.peek();
    this.#first = undefined;
    this.#index += 1;
    if (this.#index - this.#forgotten >= KEPT) {
      this.#scanner.forget(this.#index);
      this.#forgotten = this.#index;
    }
    return token;
  }

  /** Takes the next token if it is of this kind. */
  takes(kind: TokenKind): boolean {
    if (this.peek().kind !== kind) return false;
    this.next();
    return true;
  }
}

/** To forget tokens one by one would move the others each time. */
const KEPT = 1000;
const END: Token = { kind: "end", at: 0, text: "", plain: false };
