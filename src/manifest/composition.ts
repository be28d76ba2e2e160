import type { Json } from "../model/json.ts";
import { Fault } from "./fault.ts";
import { LIMITS } from "./limits.ts";

/** A document as a value, and what was seen on the way. Offsets are those of the file. */
export interface Composition {
  readonly value: Json;
  /** Where its first key or item stands. */
  readonly offset: number;
  /** At most as many as are listed for one file; `unlisted` counts the others. */
  readonly duplicates: readonly DuplicateKey[];
  readonly unlisted: number;
  /** Where the maps stand that are items of a list called `items`. */
  readonly items: ReadonlyMap<Json, number>;
  /** Scalars and keys that may not be what they look like; only the first of very many. */
  readonly doubtful: readonly DoubtfulScalar[];
}

export interface DuplicateKey {
  /** Of the later one, which counts. */
  readonly offset: number;
  readonly path: Path;
}

/** A scalar without quotes that is read as something else than its text. */
export interface DoubtfulScalar {
  readonly offset: number;
  readonly path: Path;
  readonly doubt: Doubt;
}

/**
 * - `key`: a key that is read otherwise than it is written
 * - `word`: `on`, `no` and the like, a truth value to kubectl and a text to YAML 1.2
 * - `octal`: a number that begins with 0
 * - `lossy`: a number that is written otherwise when it is printed, such as 1.10
 * - `typed`: a truth value or number like any other
 */
export type Doubt = "key" | "word" | "octal" | "lossy" | "typed";

export type Path = readonly (string | number)[];

/** How many values aliases may still stand for; one per file, so that many documents are no way around the limit. */
export class AliasBudget {
  #left: number = LIMITS.aliased;

  spend(offset: number): void {
    this.#left -= 1;
    if (this.#left < 0)
      throw new Fault(offset, `aliases stand for more than ${LIMITS.aliased} values`, "write the values out");
  }
}

/** `spec.containers[0].image`; keys that are no plain words are quoted. */
export function formatPath(path: Path): string {
  return path.map((step, index) => formatStep(step, index === 0)).join("");
}

function formatStep(step: string | number, first: boolean): string {
  if (typeof step === "number") return `[${step}]`;
  if (/^[\w-]{1,63}$/.test(step)) return first ? step : `.${step}`;
  return `[${JSON.stringify(step)}]`;
}
