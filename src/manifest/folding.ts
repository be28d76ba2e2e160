import { type Cursor, isBlank, isBreak, TAB } from "./cursor.ts";
import { Fault } from "./fault.ts";

/**
 * Steps over blanks and line breaks inside a scalar and gives what they stand for: blanks within a line stay, one line
 * break is a space, of more breaks all but the first stay. After a break, a tab before column `indent` is a fault.
 */
export function readSpace(cursor: Cursor, indent: number): string {
  const start = cursor.position;
  while (isBlank(cursor.code())) cursor.position += 1;
  if (!isBreak(cursor.code())) return cursor.text.slice(start, cursor.position);
  const breaks = skipBreaks(cursor, indent);
  return breaks === 1 ? " " : "\n".repeat(breaks - 1);
}

/** Steps over an escaped line break and what follows; further breaks stay. */
export function readEscapedBreak(cursor: Cursor): string {
  return "\n".repeat(skipBreaks(cursor, 0) - 1);
}

function skipBreaks(cursor: Cursor, indent: number): number {
  let breaks = 0;
  for (let code = cursor.code(); isBlank(code) || isBreak(code); code = cursor.code()) {
    if (isBreak(code)) {
      cursor.skipBreak();
      breaks += 1;
      continue;
    }
    if (code === TAB && breaks > 0 && cursor.column < indent) {
      throw new Fault(cursor.position, "a tab stands where indentation is expected", "indent with spaces");
    }
    cursor.position += 1;
  }
  return breaks;
}
