import type { Json } from "../model/json.ts";
import { isList, isMap } from "../model/json.ts";
import type { Doubt, DoubtfulScalar, DuplicateKey } from "./composition.ts";
import { Fault } from "./fault.ts";
import { LIMITS, tooDeep } from "./limits.ts";
import { mayNeedText } from "./text-place.ts";

/** A map under construction. */
export interface OpenMap {
  readonly members: Record<string, Json>;
  /** Keys that only a merge has set so far. */
  merged?: Set<string>;
}

/** Puts maps together, the same way for YAML and JSON: the last of equal keys wins and is noted, depth is bounded. */
export class Assembly {
  readonly duplicates: DuplicateKey[] = [];
  unlisted = 0;
  readonly items = new Map<Json, number>();
  readonly doubtful: DoubtfulScalar[] = [];
  readonly #path: (string | number)[] = [];
  readonly #origin: number;
  #depth = 0;

  /** What is read lies at `origin` of its file: noted offsets are those of the file, others those of what is read. */
  constructor(origin = 0) {
    this.#origin = origin;
  }

  enter(step: string | number): void {
    this.#path.push(step);
  }

  leave(): void {
    this.#path.pop();
  }

  /** Reads a collection that lies inside the present one. */
  nest(offset: number, read: () => Json): Json {
    this.#depth += 1;
    if (this.#depth > LIMITS.depth) throw tooDeep(offset);
    const value = read();
    this.#depth -= 1;
    return value;
  }

  set(map: OpenMap, key: string, value: Json, offset: number): void {
    // As own key it does no harm here, but the first `result[key] = value` behind us would set a prototype.
    if (key === "__proto__") throw new Fault(offset, "the key __proto__ is not accepted", "rename the key");
    if (Object.hasOwn(map.members, key) && map.merged?.delete(key) !== true) {
      if (this.duplicates.length < LIMITS.problems)
        this.duplicates.push({ offset: this.#origin + offset, path: [...this.#path, key] });
      else this.unlisted += 1;
    }
    map.members[key] = value;
  }

  /** `<<`: overwrites what stands before it, and of a list of maps the first that has a key wins. */
  merge(map: OpenMap, source: Json, offset: number): void {
    const sources = isList(source) ? source.toReversed() : [source];
    for (const one of sources) {
      if (!isMap(one)) throw new Fault(offset, "'<<' needs a map or a list of maps", "name a map, or remove the key");
      for (const [key, value] of Object.entries(one)) {
        if (!Object.hasOwn(map.members, key)) (map.merged ??= new Set()).add(key);
        map.members[key] = value ?? null;
      }
    }
  }

  /** Remembers a scalar or key at the present place, if it may mislead there. */
  doubt(doubt: Doubt, offset: number): void {
    if (this.doubtful.length >= MOST_DOUBTFUL || (doubt === "typed" && !mayNeedText(this.#path))) return;
    this.doubtful.push({ offset: this.#origin + offset, path: [...this.#path], doubt });
  }

  /** Remembers where an item of `items` stands: it may be an object of its own. */
  noteItem(value: Json, offset: number): void {
    if (isMap(value) && this.#path.at(-1) === "items") this.items.set(value, this.#origin + offset);
  }
}

// Most are cleared later; a file of nothing else is not worth the memory.
const MOST_DOUBTFUL = 2_000;

export function openMap(): OpenMap {
  return { members: {} };
}
