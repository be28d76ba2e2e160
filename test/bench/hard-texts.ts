/** Two texts. */
export type Pair = readonly [before: string, after: string];

const LINES = 20_000;

/** Pairs of texts of about a megabyte each that are hard to compare line by line, made when asked for. */
export const HARD_TEXTS: Readonly<Record<string, () => Pair>> = {
  "1 % of lines changed": () => edited((index) => index % 100 === 0),
  "10 % of lines changed": () => edited((index) => index % 10 === 0),
  "every second line changed": () => edited((index) => index % 2 === 0),
  "every line changed": () => edited(() => true),
  "every second line removed": () => [join(numbered()), join(numbered().filter((_, index) => index % 2 === 0))],
  shuffled: () => [join(numbered()), join(shuffled(numbered()))],
  "halves swapped": () => [join(numbered()), join([...numbered().slice(LINES / 2), ...numbered().slice(0, LINES / 2)])],
  reversed: () => [join(numbered()), join(numbered().toReversed())],
  "few lines, repeated at random": () => [join(repetitive(1)), join(repetitive(2))],
  "two lines, repeated at random": () => [join(repetitive(1, 2)), join(repetitive(2, 2))],
  "one line": () => ["a".repeat(1 << 20), `${"a".repeat((1 << 20) - 1)}b`],
  "empty lines": () => ["\n".repeat(1 << 20), "\n".repeat((1 << 20) - 1000)],
  "a character in every line, at random": () => [join(characters(1)), join(characters(2))],
};

function edited(isChanged: (index: number) => boolean): Pair {
  const lines = numbered();
  return [join(lines), join(lines.map((line, index) => (isChanged(index) ? `${line} changed` : line)))];
}

function numbered(): readonly string[] {
  return Array.from({ length: LINES }, (_, index) => `  setting.${index}: the value of the setting number ${index}`);
}

function repetitive(seed: number, kinds = 10): readonly string[] {
  const next = random(seed);
  return Array.from({ length: LINES }, () => `  - the same text as in a tenth of all other lines, ${next() % kinds}`);
}

function characters(seed: number): readonly string[] {
  const next = random(seed);
  return Array.from({ length: 1 << 19 }, () => String.fromCharCode(97 + (next() % 26)));
}

function shuffled(lines: readonly string[]): readonly string[] {
  const next = random(7);
  return lines
    .map((line) => ({ line, key: next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ line }) => line);
}

/** Marsaglia's xorshift: the same numbers on every machine. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

function join(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
