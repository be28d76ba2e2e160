/** The candidate that is fewest edits away from the word, two fifths of its length at most; `undefined` when none is. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.round(candidate.length * 0.4)))
    .toSorted((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate;
}

/** Insertions, deletions and substitutions that turn one text into the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  // A word longer than any name of ours is no typing mistake, and the table would grow with it.
  if (a.length > 100) return a.length;
  const first = Array.from({ length: b.length + 1 }, (_, index) => index);
  return (
    a
      .split("")
      .reduce((row, letter, index) => nextRow(row, letter, { b, index }), first)
      .at(-1) ?? 0
  );
}

function nextRow(row: readonly number[], letter: string, { b, index }: { readonly b: string; readonly index: number }) {
  const next = [index + 1];
  for (let column = 0; column < b.length; column += 1) {
    const substituted = (row[column] ?? 0) + (b[column] === letter ? 0 : 1);
    next.push(Math.min(substituted, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
  }
  return next;
}
