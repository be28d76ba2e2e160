import { formatJson, parseJson, type Json } from "../model/json.ts";

/** A value inside a text that people read: one line at the end that GitHub does not show. */
export function embed(name: string, value: Json): string {
  // Neither the end of the comment nor anything that GitHub would look at can be in it.
  const json = formatJson(value).replace(/[<>&@#]|-(?=-)/g, escaped);
  return `<!-- plumbline:${name} ${json} -->`;
}

/** The value of this name among the last lines of a text; `undefined` when there is none or it cannot be read. Anybody may have written it. */
export function embedded(name: string, text: string): Json | undefined {
  const [start, end] = [`<!-- plumbline:${name} `, " -->"];
  const line = lastLines(text).findLast((candidate) => candidate.startsWith(start) && candidate.endsWith(end));
  if (line === undefined) return undefined;
  try {
    return parseJson(line.slice(start.length, -end.length));
  } catch {
    return undefined;
  }
}

/** Only what nothing but other values follows is ours: further up, a line is part of what people read. */
function lastLines(text: string): readonly string[] {
  const lines = text.trimEnd().split(/\r?\n/);
  const before = lines.findLastIndex((line) => !line.startsWith("<!-- plumbline:"));
  return lines.slice(before + 1);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
