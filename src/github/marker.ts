import type { Marker } from "../model/github.ts";

const START = "<!-- plumbline:v1 ";
const END = " -->";

/** The first line of a text of ours: `<!-- plumbline:v1 {"kind":"plan","key":""} -->`. */
export function formatMarker(marker: Marker): string {
  const json = JSON.stringify({ kind: marker.kind, key: marker.key });
  // A comment of HTML ends at the first `-->`: within JSON a `>` may be written so that there is none.
  return `${START}${json.replaceAll(">", "\\u003e")}${END}`;
}

/** Whether a text begins, at its first byte, with exactly this marker as its first line. */
export function hasMarker(text: string, marker: Marker): boolean {
  const line = formatMarker(marker);
  if (!text.startsWith(line)) return false;
  const next = text.slice(line.length, line.length + 1);
  return next === "" || next === "\n" || next === "\r";
}

/** The text with the marker as its first line; a text that has it already stays as it is. */
export function withMarker(text: string, marker: Marker): string {
  return hasMarker(text, marker) ? text : `${formatMarker(marker)}\n${text}`;
}
