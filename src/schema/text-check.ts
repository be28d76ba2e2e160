import type { Path } from "../model/path.ts";
import { hasFormat } from "./format.ts";
import { matchesPattern } from "./pattern.ts";
import type { Schema } from "./schema.ts";
import type { Walk } from "./walk.ts";

/** A text against length (in code points) and pattern; the first that does not hold is told. */
export function checkText(text: string, { minLength, maxLength, pattern }: Schema, path: Path, walk: Walk): void {
  const length = minLength === undefined && maxLength === undefined ? 0 : codePoints(text);
  if (maxLength !== undefined && length > maxLength)
    return walk.found(path, `may not be more than ${maxLength} characters`);
  if (minLength !== undefined && length < minLength)
    return walk.found(path, `should be at least ${minLength} characters long`);
  if (pattern === undefined) return;
  const matches = matchesPattern(text, pattern, walk);
  if (matches === undefined) walk.leftOut(path, `pattern ${pattern}`);
  if (matches === false) walk.found(path, `should match '${pattern}'`);
}

/** A text against its format. */
export function checkFormat(text: string, format: string, path: Path, walk: Walk): void {
  const has = hasFormat(text, format);
  if (has === undefined) walk.leftOut(path, `format ${format}`);
  if (has === false) walk.found(path, `must be of type ${format}`);
}

function codePoints(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
