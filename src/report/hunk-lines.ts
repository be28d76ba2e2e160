import type { DiffLine, LineDiff } from "../diff/lines.ts";
import { excerpt } from "./excerpt.ts";

/** UTF-16 units of one line that are shown: a minified file in a ConfigMap is one line of a megabyte. */
export const LONGEST_LINE = 1_000;

const SIGNS: Readonly<Record<DiffLine["kind"], string>> = { same: " ", removed: "-", added: "+" };

/** The changed lines of a text with `context` unchanged ones around them; each run of them below a line that says where it is. */
export function hunkLines(path: string, { lines, coarse }: LineDiff, context: number): readonly string[] {
  const near = nearChanges(lines, context);
  const drawn: string[] = [];
  let number = 1;
  let gap = true;
  for (const [index, line] of lines.entries()) {
    const isShown = near.has(index) && !isFinalLineEnd(lines, index);
    if (isShown && gap) drawn.push(heading(path, { number, coarse }));
    if (isShown) drawn.push(`${SIGNS[line.kind]} ${excerpt(line.text, LONGEST_LINE)}`.trimEnd());
    gap = !isShown;
    if (line.kind !== "removed") number += 1;
  }
  return drawn;
}

/** Positions of all lines that changed, or that are at most `context` lines away from one that did. */
function nearChanges(lines: readonly DiffLine[], context: number): ReadonlySet<number> {
  const near = new Set<number>();
  let shownUntil = -1;
  for (const [index, line] of lines.entries()) {
    if (line.kind === "same") continue;
    for (let at = Math.max(shownUntil + 1, index - context); at <= index + context; at += 1) near.add(at);
    shownUntil = index + context;
  }
  return near;
}

// A text that ends with a line end splits into one empty line more.
function isFinalLineEnd(lines: readonly DiffLine[], index: number): boolean {
  return index === lines.length - 1 && lines[index]?.kind === "same" && lines[index]?.text === "";
}

function heading(path: string, { number, coarse }: { readonly number: number; readonly coarse: boolean }): string {
  const where = number === 1 ? "" : `, line ${number}`;
  return `@@ ${path}${where}${coarse ? " (too different to compare line by line)" : ""} @@`;
}
