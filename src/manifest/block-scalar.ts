import { type Cursor, isBlank, isBreak, isBreakOrEnd, SPACE, TAB } from "./cursor.ts";
import { Fault } from "./fault.ts";

const PIPE = 0x7c;

interface Header {
  readonly literal: boolean;
  readonly chomp: "" | "+" | "-";
  /** 0: the first line decides. */
  readonly indent: number;
}

/** Reads a `|` or `>` scalar below a block that is indented by `parentIndent` (-1 at the top); the cursor stands on the indicator. */
export function readBlock(cursor: Cursor, parentIndent: number): string {
  const header = readHeader(cursor, parentIndent);
  let { breaks, indent } = skipIndent(cursor, header.indent, parentIndent);
  let text = "";
  let lineBreak = "";
  let wasBlank = false;
  while (cursor.column === indent && !cursor.atEnd()) {
    const startsBlank = isBlank(cursor.code());
    const folds = !header.literal && !wasBlank && !startsBlank && lineBreak !== "";
    text += (folds ? (breaks === 0 ? " " : "") : lineBreak) + "\n".repeat(breaks);
    wasBlank = startsBlank;
    const start = cursor.position;
    cursor.skipToBreak();
    text += cursor.text.slice(start, cursor.position);
    cursor.skipBreak();
    lineBreak = "\n";
    ({ breaks } = skipIndent(cursor, indent, parentIndent));
  }
  if (header.chomp === "-") return text;
  return text + lineBreak + (header.chomp === "+" ? "\n".repeat(breaks) : "");
}

function readHeader(cursor: Cursor, parentIndent: number): Header {
  const literal = cursor.code() === PIPE;
  cursor.position += 1;
  const start = cursor.position;
  while (!isBlank(cursor.code()) && !isBreakOrEnd(cursor.code()) && cursor.position < start + 2) cursor.position += 1;
  const marks = /^(?:([-+])([1-9]?)|([1-9])([-+]?)|)/.exec(cursor.text.slice(start, cursor.position));
  cursor.position = start + (marks?.[0].length ?? 0);
  while (isBlank(cursor.code())) cursor.position += 1;
  if (cursor.text.charAt(cursor.position) === "#") cursor.skipToBreak();
  if (!isBreakOrEnd(cursor.code())) {
    throw new Fault(cursor.position, "text follows the mark of a block scalar", "start the text on the next line");
  }
  cursor.skipBreak();
  const chomp = marks?.[1] ?? marks?.[4] ?? "";
  const increment = Number(marks?.[2] ?? marks?.[3] ?? 0);
  return {
    literal,
    chomp: chomp === "+" || chomp === "-" ? chomp : "",
    indent: increment === 0 ? 0 : Math.max(parentIndent, 0) + increment,
  };
}

/** Steps over empty lines and the indentation of the next one. With `indent` 0, the deepest of these lines sets it. */
function skipIndent(cursor: Cursor, indent: number, parentIndent: number): { breaks: number; indent: number } {
  const limit = indent === 0 ? Number.POSITIVE_INFINITY : indent;
  let breaks = 0;
  let deepest = 0;
  while (true) {
    while (cursor.column < limit && cursor.code() === SPACE) cursor.position += 1;
    deepest = Math.max(deepest, cursor.column);
    if (cursor.column < limit && cursor.code() === TAB) {
      throw new Fault(cursor.position, "a tab stands where indentation is expected", "indent with spaces");
    }
    if (!isBreak(cursor.code())) break;
    cursor.skipBreak();
    breaks += 1;
  }
  return { breaks, indent: indent === 0 ? Math.max(deepest, parentIndent + 1, 1) : indent };
}
