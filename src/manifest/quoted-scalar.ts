import { type Cursor, isBlank, isBreak } from "./cursor.ts";
import { Fault } from "./fault.ts";
import { readEscapedBreak, readSpace } from "./folding.ts";

const DOUBLE = 0x22;
const SINGLE = 0x27;
const BACKSLASH = 0x5c;

/** Reads a scalar in quotes; the cursor stands on the first quote. Its lines may be indented anyhow. */
export function readQuoted(cursor: Cursor): string {
  const start = cursor.position;
  const quote = cursor.code();
  cursor.position += 1;
  let text = "";
  while (true) {
    text += readRun(cursor, quote);
    const code = cursor.code();
    if (code === quote && quote === SINGLE && cursor.code(1) === SINGLE) {
      cursor.position += 2;
      text += "'";
    } else if (code === quote) {
      cursor.position += 1;
      return text;
    } else if (code === BACKSLASH) {
      text += readEscape(cursor);
    } else if (cursor.atEnd()) {
      throw new Fault(start, "a quote is not closed", "close it");
    } else {
      text += readSpace(cursor, 0);
    }
  }
}

/** Everything up to a quote, an escape or white space that touches a line break. */
function readRun(cursor: Cursor, quote: number): string {
  const start = cursor.position;
  while (!cursor.atEnd()) {
    const code = cursor.code();
    if (code === quote || isBlank(code) || isBreak(code) || (code === BACKSLASH && quote === DOUBLE)) break;
    cursor.position += 1;
  }
  return cursor.text.slice(start, cursor.position);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["0", "\0"],
  ["a", "\u0007"],
  ["b", "\b"],
  ["t", "\t"],
  ["\t", "\t"],
  ["n", "\n"],
  ["v", "\v"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\u001B"],
  [" ", " "],
  ['"', '"'],
  ["'", "'"],
  ["\\", "\\"],
  ["N", "\u0085"],
  ["_", "\u00A0"],
  ["L", "\u2028"],
  ["P", "\u2029"],
]);

const HEX_DIGITS: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

function readEscape(cursor: Cursor): string {
  const start = cursor.position;
  cursor.position += 1;
  if (isBreak(cursor.code())) return readEscapedBreak(cursor);
  const letter = cursor.text.charAt(cursor.position);
  cursor.position += 1;
  const digits = HEX_DIGITS.get(letter);
  if (digits !== undefined) return readCodePoint(cursor, digits);
  const escaped = ESCAPES.get(letter);
  if (escaped !== undefined) return escaped;
  throw new Fault(start, "this escape is not known", "write the backslash twice, or use single quotes");
}

function readCodePoint(cursor: Cursor, digits: number): string {
  const start = cursor.position;
  const text = cursor.text.slice(start, start + digits);
  const code = /^[0-9A-Fa-f]+$/.test(text) && text.length === digits ? Number.parseInt(text, 16) : Number.NaN;
  // Half of a surrogate pair is no character, so kubectl refuses it here, and JSON readers replace it.
  if (!(code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff)) {
    throw new Fault(start, "this escape names no character", "write the character itself");
  }
  cursor.position += digits;
  return String.fromCodePoint(code);
}
