/** Choices that depend on a seed alone: the same seed gives the same choices on every machine. */
export interface Random {
  /** A whole number from 0 up to, and without, `below`. */
  int(below: number): number;
  chance(probability: number): boolean;
  /** Throws RangeError for an empty list. */
  pick<Item>(items: readonly Item[]): Item;
  /** Between `least` and `most` of the items, in their order. */
  some<Item>(items: readonly Item[], least: number, most: number): readonly Item[];
  shuffled<Item>(items: readonly Item[]): readonly Item[];
  /** The part with that probability, else nothing: to be spread into an object. */
  maybe<Part extends object>(probability: number, part: () => Part): Part | Record<string, never>;
}

/** A stream of choices of its own for each seed. */
export function randomOf(seed: string): Random {
  const next = streamOf(seed);
  const int = (below: number): number => Math.floor(next() * below);
  const shuffled = <Item>(items: readonly Item[]): readonly Item[] =>
    items
      .map((item) => ({ item, place: next() }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ item }) => item);
  return {
    int,
    chance: (probability) => next() < probability,
    pick(items) {
      if (items.length === 0) throw new RangeError("nothing to pick from");
      return items[int(items.length)]!;
    },
    some(items, least, most) {
      const count = least + int(Math.min(most, items.length) - least + 1);
      const chosen = new Set(shuffled(items.map((_, index) => index)).slice(0, count));
      return items.filter((_, index) => chosen.has(index));
    },
    shuffled,
    maybe: (probability, part) => (next() < probability ? part() : {}),
  };
}

/** Mulberry32 on an FNV-1a hash of the seed: numbers from 0 up to, and without, 1. */
function streamOf(seed: string): () => number {
  let state = [...Buffer.from(seed)].reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
