import type { Json } from "../model/json.ts";
import { Fault } from "./fault.ts";
import { LIMITS } from "./limits.ts";

/** A document as a value, and what was seen on the way. Offsets are those of the text that was read. */
export interface Composition {
  readonly value: Json;
  /** Where its first key or item stands. */
  readonly offset: number;
  /** At most as many as are listed for one file; `unlisted` counts the others. */
  readonly duplicates: readonly DuplicateKey[];
  readonly unlisted: number;
  /** Where the maps stand that are items of a list called `items`. */
  readonly items: ReadonlyMap<Json, number>;
}

export interface DuplicateKey {
  /** Of the later one, which counts. */
  readonly offset: number;
  readonly path: Path;
}

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

/** `spec.containers[0].image`; keys that are no plain words are quoted and cut. */
export function formatPath(path: Path): string {
  return path.map((step, index) => formatStep(step, index === 0)).join("");
}

function formatStep(step: string | number, first: boolean): string {
  if (typeof step === "number") return `[${step}]`;
  if (/^[\w-]{1,63}$/.test(step)) return first ? step : `.${step}`;
  const shown = step.length > 100 ? `${step.slice(0, 100)}...` : step;
  return `[${JSON.stringify(shown)}]`;
}
