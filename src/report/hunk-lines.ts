import type { LineDiff, LineRun } from "../diff/lines.ts";
import { excerpt } from "./excerpt.ts";

/** UTF-16 units of one line that are shown: a minified file in a ConfigMap is one line of a megabyte. */
export const LONGEST_LINE = 1_000;

const SIGNS: Readonly<Record<LineRun["kind"], string>> = { same: " ", removed: "-", added: "+" };

/** The changed lines of a text with `context` unchanged ones around them; each run of them below a line that says where it is. */
export function hunkLines(path: string, { runs, coarse }: LineDiff, context: number): readonly string[] {
  const drawn: string[] = [];
  let number = 1;
  let gap = true;
  const draw = (kind: LineRun["kind"], lines: readonly string[]): void => {
    if (lines.length === 0) return;
    if (gap) drawn.push(heading(path, { number, coarse }));
    for (const line of lines) drawn.push(`${SIGNS[kind]} ${excerpt(line, LONGEST_LINE)}`.trimEnd());
    gap = false;
    if (kind !== "removed") number += lines.length;
  };
  for (const [index, run] of runs.entries()) {
    const { start, hidden, end } = shownOf(run, { isFirst: index === 0, isLast: index === runs.length - 1, context });
    draw(run.kind, start);
    gap ||= hidden > 0;
    number += hidden;
    draw(run.kind, end);
  }
  return drawn;
}

interface Shown {
  readonly start: readonly string[];
  readonly hidden: number;
  readonly end: readonly string[];
}

/** Of lines that stay, only those next to a change. */
function shownOf(
  { kind, lines }: LineRun,
  { isFirst, isLast, context }: { readonly isFirst: boolean; readonly isLast: boolean; readonly context: number },
): Shown {
  if (kind !== "same") return { start: lines, hidden: 0, end: [] };
  // A text that ends with a line end splits into one empty line more.
  const told = isLast && lines.at(-1) === "" ? lines.slice(0, -1) : lines;
  const [first, last] = [isFirst ? 0 : context, isLast ? 0 : context];
  if (told.length <= first + last) return { start: told, hidden: 0, end: [] };
  return {
    start: told.slice(0, first),
    hidden: told.length - first - last,
    end: told.slice(told.length - last),
  };
}

function heading(path: string, { number, coarse }: { readonly number: number; readonly coarse: boolean }): string {
  const where = number === 1 ? "" : `, line ${number}`;
  return `@@ ${path}${where}${coarse ? " (too different to compare line by line)" : ""} @@`;
}
