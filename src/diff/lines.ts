import { diffArrays } from "diff";

/** Neighbouring lines that stay, go or come together; at least one. */
export interface LineRun {
  readonly kind: "same" | "removed" | "added";
  readonly lines: readonly string[];
}

/** Every line of both texts, in order: `same` and `removed` lines rebuild the old text, `same` and `added` lines the new one. */
export interface LineDiff {
  readonly runs: readonly LineRun[];
  /** The texts were too different to be compared line by line: what lies between their common ends is replaced as a whole. */
  readonly coarse: boolean;
}

/** Compares two texts line by line, in time and memory that are bounded by their length, whatever they hold. */
export function lineDiff(before: string, after: string): LineDiff {
  const old = before.split("\n");
  const fresh = after.split("\n");
  const start = commonStart(old, fresh);
  const end = commonEnd(old, fresh, start);
  const between = { start, oldEnd: old.length - end, freshEnd: fresh.length - end };
  const matches = findMatches(old, fresh, between);
  return { runs: weave(old, fresh, { ...between, matches: matches ?? [] }), coarse: matches === undefined };
}

function commonStart(old: readonly string[], fresh: readonly string[]): number {
  const shorter = Math.min(old.length, fresh.length);
  let count = 0;
  while (count < shorter && old[count] === fresh[count]) count += 1;
  return count;
}

function commonEnd(old: readonly string[], fresh: readonly string[], start: number): number {
  const shorter = Math.min(old.length, fresh.length) - start;
  let count = 0;
  while (count < shorter && old[old.length - 1 - count] === fresh[fresh.length - 1 - count]) count += 1;
  return count;
}

/** Neighbouring lines that stay: where they are in both texts, and how many. */
interface Match {
  readonly old: number;
  readonly fresh: number;
  readonly count: number;
}

/** What lies between the common ends of two texts. */
interface Between {
  readonly start: number;
  readonly oldEnd: number;
  readonly freshEnd: number;
}

/** Which lines stay, in order; `undefined` when finding out would cost too much. */
function findMatches(
  old: readonly string[],
  fresh: readonly string[],
  { start, oldEnd, freshEnd }: Between,
): readonly Match[] | undefined {
  if (start === oldEnd || start === freshEnd) return [];
  const ids = new Map<string, number>();
  const [oldIds, freshIds] = [toIds(old, start, oldEnd, ids), toIds(fresh, start, freshEnd, ids)];
  // A line that only one side has can match nothing; without it, texts that differ everywhere cost nothing to compare.
  const [oldShared, freshShared] = [sharedPositions(oldIds, freshIds), sharedPositions(freshIds, oldIds)];
  const shared = oldShared.length + freshShared.length;
  if (oldShared.length === 0 || freshShared.length === 0) return [];
  if (shared > MOST_LINES) return undefined;
  const runs = diffArrays(idsAt(oldIds, oldShared), idsAt(freshIds, freshShared), { maxEditLength: mostEdits(shared) });
  if (runs === undefined) return undefined;
  const matches: GrowingMatch[] = [];
  let [inOld, inFresh] = [0, 0];
  for (const { added, removed, count } of runs) {
    if (!added && !removed)
      for (let step = 0; step < count; step += 1)
        addMatch(matches, start + (oldShared[inOld + step] ?? 0), start + (freshShared[inFresh + step] ?? 0));
    if (!added) inOld += count;
    if (!removed) inFresh += count;
  }
  return matches;
}

/** Lines as numbers: comparing long lines over and over is what makes a diff slow. */
function toIds(lines: readonly string[], start: number, end: number, ids: Map<string, number>): Int32Array {
  const found = new Int32Array(end - start);
  for (let at = start; at < end; at += 1) {
    const line = lines[at] ?? "";
    let id = ids.get(line);
    if (id === undefined) ids.set(line, (id = ids.size));
    found[at - start] = id;
  }
  return found;
}

/** Where the lines stand that are among the others. */
function sharedPositions(lines: Int32Array, others: Int32Array): Int32Array {
  const isThere = new Uint8Array(lines.length + others.length);
  for (const id of others) isThere[id] = 1;
  const positions = new Int32Array(lines.length);
  let count = 0;
  for (let at = 0; at < lines.length; at += 1) if (isThere[lines[at] ?? 0] === 1) positions[count++] = at;
  return positions.subarray(0, count);
}

function idsAt(ids: Int32Array, positions: Int32Array): number[] {
  return Array.from(positions, (at) => ids[at] ?? 0);
}

interface GrowingMatch extends Match {
  count: number;
}

function addMatch(matches: GrowingMatch[], old: number, fresh: number): void {
  const last = matches.at(-1);
  if (last !== undefined && last.old + last.count === old && last.fresh + last.count === fresh) last.count += 1;
  else matches.push({ old, fresh, count: 1 });
}

// The search takes about edits² steps, plus at most lines x edits for runs of equal lines. Both bounds keep the cost of a
// text proportional to its length (some 64 steps a line) and below some tenths of a second: without a limit, `diff`
// takes more than a minute for 20,000 shuffled lines.
const STEPS_PER_LINE = 64;
const MOST_STEPS = 20_000_000;
const ALWAYS_FOUND = 100;
// Texts of a megabyte that have more lines than that have a few characters in each, and nobody reads what is told of them.
const MOST_LINES = 120_000;

function mostEdits(lines: number): number {
  const proportional = Math.max(ALWAYS_FOUND, Math.floor(Math.sqrt(STEPS_PER_LINE * lines)));
  return Math.min(proportional, Math.floor(MOST_STEPS / Math.max(1, lines)));
}

/** Between two lines that stay, the old lines go before the new ones come. */
function weave(
  old: readonly string[],
  fresh: readonly string[],
  { start, oldEnd, freshEnd, matches }: Between & { readonly matches: readonly Match[] },
): readonly LineRun[] {
  const runs: LineRun[] = [];
  const add = (kind: LineRun["kind"], lines: readonly string[], from: number, to: number): void => {
    if (to > from) runs.push({ kind, lines: lines.slice(from, to) });
  };
  add("same", old, 0, start);
  let [fromOld, fromFresh] = [start, start];
  for (const match of matches) {
    add("removed", old, fromOld, match.old);
    add("added", fresh, fromFresh, match.fresh);
    [fromOld, fromFresh] = [match.old + match.count, match.fresh + match.count];
    add("same", old, match.old, fromOld);
  }
  add("removed", old, fromOld, oldEnd);
  add("added", fresh, fromFresh, freshEnd);
  add("same", old, oldEnd, old.length);
  return runs;
}
