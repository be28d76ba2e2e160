import { type Cursor, isBlank, isBlankOrEnd, isBreak } from "./cursor.ts";
import { readSpace } from "./folding.ts";

/** Where a scalar stands: continued lines are indented by at least `indent`, or anyhow in a flow collection. */
export interface ScalarPlace {
  readonly indent: number;
  readonly inFlow: boolean;
}

export interface PlainScalar {
  readonly text: string;
  /** A line break lies between its end and the cursor. */
  readonly broken: boolean;
}

const COLON = 0x3a;
const HASH = 0x23;
const FLOW_INDICATORS = new Set(["[", "]", "{", "}", ",", "?"].map((character) => character.charCodeAt(0)));

/** Reads a scalar without quotes and the white space behind it. */
export function readPlain(cursor: Cursor, { indent, inFlow }: ScalarPlace): PlainScalar {
  let text = "";
  let space = "";
  let broken = false;
  while (cursor.code() !== HASH) {
    const start = cursor.position;
    while (!endsWord(cursor, inFlow)) cursor.position += 1;
    if (cursor.position > start) {
      text += space + cursor.text.slice(start, cursor.position);
      broken = false;
    }
    if (!isBlank(cursor.code()) && !isBreak(cursor.code())) break;
    const line = cursor.line;
    space = readSpace(cursor, indent);
    broken = cursor.line > line;
    if (!inFlow && cursor.column < indent) break;
  }
  return { text, broken };
}

function endsWord(cursor: Cursor, inFlow: boolean): boolean {
  const code = cursor.code();
  if (isBlankOrEnd(code)) return true;
  if (code === COLON) return isBlankOrEnd(cursor.code(1));
  return inFlow && FLOW_INDICATORS.has(code);
}
