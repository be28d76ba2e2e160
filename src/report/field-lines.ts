import type { FieldChange, Origin, Value } from "../model/change.ts";
import type { Json } from "../model/json.ts";
import { lineDiff } from "../diff/lines.ts";
import { excerpt, excerpts } from "./excerpt.ts";
import { hunkLines, LONGEST_LINE } from "./hunk-lines.ts";
import { isMasked, MASK, namedLines, valueLines, valueText } from "./value-text.ts";

/** How the changes of an object are drawn. */
export interface Drawing {
  /** Unchanged lines around a change inside a text of several lines. */
  readonly context: number;
}

const ORIGINS: readonly (readonly [Origin, string | undefined])[] = [
  ["pull-request", undefined],
  ["drift", "@@ already different in the cluster @@"],
  ["server", "@@ set by the server @@"],
];

/** The changed fields of an object as lines of a diff: first what this change does, then what was different before, then what the server adds. */
export function fieldLines(fields: readonly FieldChange[], drawing: Drawing): readonly string[] {
  return ORIGINS.flatMap(([origin, heading]) => {
    const lines = fields.filter(({ from }) => from === origin).flatMap((field) => linesOf(field, drawing));
    return heading === undefined || lines.length === 0 ? lines : [heading, ...lines];
  });
}

function linesOf(field: FieldChange, drawing: Drawing): readonly string[] {
  const path = field.path === "" ? "(whole object)" : field.path;
  const { before, after } = field;
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return oneSide("+", path, after);
  if (after === undefined) return oneSide("-", path, before);
  if (isMasked(before) && isMasked(after)) return [`- ${path}: ${MASK} before`, `+ ${path}: ${MASK} after`];
  if (isOneLine(before) && isOneLine(after)) {
    const shown = excerpts(valueText(before), valueText(after), LONGEST_LINE);
    return [`- ${path}: ${shown.before}`, `+ ${path}: ${shown.after}`];
  }
  return hunkLines(path, lineDiff(fullText(before), fullText(after)), drawing.context);
}

function oneSide(sign: "+" | "-", path: string, value: Value | undefined): readonly string[] {
  if (value === undefined) return [];
  return namedLines(path, value).map((line) => `${sign} ${excerpt(line, LONGEST_LINE)}`);
}

function isOneLine(value: Value): boolean {
  return valueLines(value).length === 1;
}

function fullText(value: Value): string {
  const json = value as Json;
  return typeof json === "string" ? json : valueLines(value).join("\n");
}
