import { diffArrays } from "diff";

export interface DiffLine {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** Every line of both texts, in order: `same` and `removed` lines rebuild the old text, `same` and `added` lines the new one. */
export interface LineDiff {
  readonly lines: readonly DiffLine[];
  /** The texts were too different to be compared line by line: what lies between their common ends is replaced as a whole. */
  readonly coarse: boolean;
}

/** Compares two texts line by line, in time that is bounded by their length, whatever they hold. */
export function lineDiff(before: string, after: string): LineDiff {
  const old = before.split("\n");
  const fresh = after.split("\n");
  const start = commonStart(old, fresh);
  const end = commonEnd(old, fresh, start);
  const oldMiddle = old.slice(start, old.length - end);
  const freshMiddle = fresh.slice(start, fresh.length - end);
  const matches = findMatches(oldMiddle, freshMiddle);
  return {
    lines: [
      ...toLines("same", old.slice(0, start)),
      ...weave(oldMiddle, freshMiddle, matches ?? []),
      ...toLines("same", old.slice(old.length - end)),
    ],
    coarse: matches === undefined,
  };
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

/** Positions of a line that stays. */
interface Match {
  readonly old: number;
  readonly fresh: number;
}

/** Which lines stay, in order; `undefined` when finding out would cost too much. */
function findMatches(old: readonly string[], fresh: readonly string[]): readonly Match[] | undefined {
  // A line that only one side has can match nothing; without it, texts that differ everywhere cost nothing to compare.
  const oldShared = sharedPositions(old, fresh);
  const freshShared = sharedPositions(fresh, old);
  const ids = new Map<string, number>();
  const runs = diffArrays(intern(old, oldShared, ids), intern(fresh, freshShared, ids), {
    maxEditLength: mostEdits(oldShared.length + freshShared.length),
  });
  if (runs === undefined) return undefined;
  const matches: Match[] = [];
  let [inOld, inFresh] = [0, 0];
  for (const { added, removed, count } of runs) {
    if (!added && !removed)
      for (let step = 0; step < count; step += 1)
        matches.push({ old: oldShared[inOld + step] ?? 0, fresh: freshShared[inFresh + step] ?? 0 });
    if (!added) inOld += count;
    if (!removed) inFresh += count;
  }
  return matches;
}

function sharedPositions(lines: readonly string[], others: readonly string[]): readonly number[] {
  const shared = new Set(others);
  return lines.flatMap((line, at) => (shared.has(line) ? [at] : []));
}

/** Lines as numbers: comparing long lines over and over is what makes a diff slow. */
function intern(lines: readonly string[], positions: readonly number[], ids: Map<string, number>): number[] {
  return positions.map((at) => {
    const line = lines[at] ?? "";
    const id = ids.get(line) ?? ids.size;
    ids.set(line, id);
    return id;
  });
}

// The search takes about edits² steps, plus at most lines x edits for runs of equal lines. Both bounds keep the cost of a
// text proportional to its length (some 64 steps a line) and below some tenths of a second: without a limit, `diff`
// takes more than a minute for 20,000 shuffled lines.
const STEPS_PER_LINE = 64;
const MOST_STEPS = 20_000_000;
const ALWAYS_FOUND = 100;

function mostEdits(lines: number): number {
  const proportional = Math.max(ALWAYS_FOUND, Math.floor(Math.sqrt(STEPS_PER_LINE * lines)));
  return Math.min(proportional, Math.floor(MOST_STEPS / Math.max(1, lines)));
}

/** Between two lines that stay, the old lines go before the new ones come. */
function weave(old: readonly string[], fresh: readonly string[], matches: readonly Match[]): readonly DiffLine[] {
  const lines: DiffLine[] = [];
  let [fromOld, fromFresh] = [0, 0];
  for (const match of [...matches, { old: old.length, fresh: fresh.length }]) {
    for (const line of toLines("removed", old.slice(fromOld, match.old))) lines.push(line);
    for (const line of toLines("added", fresh.slice(fromFresh, match.fresh))) lines.push(line);
    for (const line of toLines("same", old.slice(match.old, match.old + 1))) lines.push(line);
    [fromOld, fromFresh] = [match.old + 1, match.fresh + 1];
  }
  return lines;
}

function toLines(kind: DiffLine["kind"], texts: readonly string[]): readonly DiffLine[] {
  return texts.map((text) => ({ kind, text }));
}
