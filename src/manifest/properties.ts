import { type Cursor, isBlankOrEnd } from "./cursor.ts";
import { Fault } from "./fault.ts";

const NAME = /[0-9A-Za-z_-]+/y;
const AFTER_NAME = new Set("?:,]}%@`");
const TAG = /!(?:<([^<>\s]+)>|([0-9A-Za-z_-]*!)?([\w\-;/?:@&=+$,.!~*'()[\]]*))/y;
const CORE = "tag:yaml.org,2002:";

/** Reads `&name` or `*name` and gives the name. */
export function readAnchorName(cursor: Cursor): string {
  const at = cursor.position;
  const name = match(NAME, cursor, at + 1)?.[0];
  if (name === undefined)
    throw new Fault(at, "this anchor or alias has no name", "quote text that starts with '&' or '*'");
  cursor.position = at + 1 + name.length;
  if (isBlankOrEnd(cursor.code()) || AFTER_NAME.has(cursor.text.charAt(cursor.position))) return name;
  throw new Fault(at, "the name of an anchor holds letters, digits, '-' and '_' only", "rename it");
}

/** Reads a tag and gives it in full: `!!int` as `tag:yaml.org,2002:int`. */
export function readTag(cursor: Cursor): string {
  const at = cursor.position;
  const found = match(TAG, cursor, at);
  cursor.position = at + (found?.[0].length ?? 1);
  if (found === null || !isBlankOrEnd(cursor.code())) {
    throw new Fault(at, "this tag cannot be read", "quote text that starts with '!'");
  }
  const [, verbatim, handle, suffix = ""] = found;
  if (verbatim !== undefined) return verbatim;
  if (handle === undefined) return `!${suffix}`;
  if (handle === "!" && suffix !== "") return CORE + suffix;
  throw new Fault(at, "the handle of this tag is not defined", "remove the tag");
}

function match(pattern: RegExp, cursor: Cursor, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(cursor.text);
}
