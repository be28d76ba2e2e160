import type { Cursor } from "./cursor.ts";
import { Fault } from "./fault.ts";

/** A token that is a key if a `:` follows on its line. */
export interface PossibleKey {
  /** Of the token, counted from the first of the document. */
  readonly index: number;
  readonly at: number;
  readonly line: number;
  readonly column: number;
  /** Nothing but a key can stand here. */
  readonly required: boolean;
}

/** The ':' of a key without '?' is looked for no further. */
const KEY_LENGTH = 1024;

/** At most one possible key for each open flow collection, and one for the block around them. */
export class PossibleKeys {
  readonly #levels: (PossibleKey | undefined)[] = [undefined];

  get flowDepth(): number {
    return this.#levels.length - 1;
  }

  openFlow(): void {
    this.#levels.push(undefined);
  }

  closeFlow(): void {
    if (this.flowDepth > 0) this.#levels.pop();
  }

  keep(key: PossibleKey): void {
    this.drop();
    this.#levels[this.flowDepth] = key;
  }

  /** The innermost one turned out to be none. */
  drop(): void {
    const key = this.#levels[this.flowDepth];
    if (key === undefined) return;
    if (key.required) throw noValue(key);
    this.#levels[this.flowDepth] = undefined;
  }

  /** Takes the innermost one, if a ':' at the cursor makes it a key. */
  take(cursor: Cursor): PossibleKey | undefined {
    const key = this.#levels[this.flowDepth];
    if (key === undefined || !isNear(key, cursor)) return undefined;
    this.#levels[this.flowDepth] = undefined;
    return key;
  }

  /** The first token that may still turn out to be a key. */
  firstIndex(cursor: Cursor): number | undefined {
    for (const key of this.#levels) {
      if (key === undefined) continue;
      if (isNear(key, cursor)) return key.index;
      if (key.required) throw noValue(key);
    }
    return undefined;
  }
}

function noValue(key: PossibleKey): Fault {
  return new Fault(key.at, "a key without a ':'", "write `key: value`, the ':' on the same line");
}

function isNear(key: PossibleKey, cursor: Cursor): boolean {
  return key.line === cursor.line && cursor.position - key.at <= KEY_LENGTH;
}
