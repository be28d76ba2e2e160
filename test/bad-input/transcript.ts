import type { Ending, Trial } from "./trial.ts";

/** What a person reads of a trial, way by way: the log, then the title and the alerts of the comment. What an earlier way said word for word is not repeated. */
export function transcript({ endings }: Trial): string {
  const told = new Map<string, string>();
  return endings
    .map((ending) => {
      const text = textOf(ending);
      const earlier = told.get(text);
      told.set(text, earlier ?? ending.way);
      const heading = `=== ${ending.way}: exit code ${ending.code}${ending.result === undefined ? "" : `, result ${ending.result}`}`;
      return `${heading}\n${earlier === undefined ? text : `(as ${earlier})\n`}`;
    })
    .join("\n");
}

function textOf({ stdout, stderr, comment }: Ending): string {
  const log = [stderr, stdout].map((text) => steady(withoutChanges(text)).trim()).filter((text) => text !== "");
  const posted = comment === undefined ? [] : [`--- comment`, steady(verdictOf(comment))];
  return `${[...log, ...posted].join("\n")}\n`;
}

// The runner obeys and hides these lines.
const OBEYED = /^::(?:add-mask|group|endgroup)::.*\n?/gm;
/** A change, or a line of its patch, on a terminal. */
const CHANGE = /^(?: {2}[-+~−±≠=↻⇄].*| {6}.*)\n?/gm;

function withoutChanges(text: string): string {
  return text
    .replaceAll(OBEYED, "")
    .replaceAll(CHANGE, "")
    .replaceAll(/\n{2,}/g, "\n");
}

/** The title of a comment and its alerts: what follows is not about what is wrong. */
function verdictOf(comment: string): string {
  const lines = comment.split("\n");
  return lines
    .filter((line) => line.startsWith("## ") || (line.startsWith(">") && !line.startsWith("> [!")))
    .join("\n");
}

/** Without what differs from run to run. */
function steady(text: string): string {
  return text
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:<port>")
    .replaceAll("%0A", "\n")
    .replaceAll("%25", "%")
    .replaceAll(/\b[0-9a-f]{40}\b/g, "<sha>")
    .replaceAll(/(?<= on )[0-9a-f]{12}\b/g, "<sha>")
    .replaceAll(/(?<=`)[0-9a-f]{7}(?=`)/g, "<sha>")
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<uid>")
    .replaceAll(/\/tmp\/[\w./-]+/g, "<path>");
}
