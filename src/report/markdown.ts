import { visible, visibleLines } from "./visible.ts";

// Everything here takes text that others wrote (manifests, cluster answers, file names) and gives Markdown in which that
// text is only ever text: no link, HTML, emphasis, heading, image, mention or reference comes of it.

const ZERO_WIDTH_SPACE = "\u200b";

/** Text in a line of prose. White space is collapsed. */
export function inline(text: string): string {
  const line = defused(visible(text.replace(/\s+/g, " ").trim()));
  return line.replace(/[\\`*_{}[\]()<>#!|~$&]/g, "\\$&").replace(/^(?:[-+=]|\d+(?=\.))/, escapedStart);
}

/** A sentence of ours: what stands between single backticks is code, all else is plain text. */
export function prose(text: string): string {
  return text
    .split(/`([^`\n]+)`/)
    .map((part, index) => (index % 2 === 1 ? code(part) : spaced(part)))
    .join("");
}

/** A code span, also in a table cell. Line ends are spelled out. */
export function code(text: string): string {
  const line = visible(text);
  // GitHub's tables take a bar for the end of a cell even inside a code span, and disagree about `\|` after a backslash.
  if (/[|\\]/.test(line)) return htmlCode(text);
  const inside = line.replace(MENTION, `$&${ZERO_WIDTH_SPACE}`).replace(ENTITY, `&${ZERO_WIDTH_SPACE}`);
  if (inside.trim() === "") return htmlCode(text);
  const ticks = "`".repeat(longestRun(inside) + 1);
  const padding = /^[` ]|[` ]$/.test(inside) ? " " : "";
  return `${ticks}${padding}${inside}${padding}${ticks}`;
}

/** Code where Markdown is not read (`<summary>`), and where a code span cannot say it. */
export function htmlCode(text: string): string {
  return `<code>${htmlText(text)}</code>`;
}

/** Text inside HTML that stands in Markdown: neither of the two finds anything in it. */
export function htmlText(text: string): string {
  return defused(visible(text)).replace(/[^\p{L}\p{N}\p{M}\p{S} ./:,;=?%'-]|[`^~|$<>]/gu, (character) =>
    character.charCodeAt(0) > 127 ? character : `&#${character.charCodeAt(0)};`,
  );
}

/** A fenced block whose fence is longer than any run of backticks inside. Unseen characters are spelled out. */
export function fence(language: string, lines: readonly string[]): string {
  const content = visibleLines(lines.join("\n"));
  const ticks = "`".repeat(Math.max(3, longestRun(content) + 1));
  return `${ticks}${language}\n${content}\n${ticks}`;
}

/** One row of a table; the cells are Markdown already. */
export function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** A fold. `summary` is HTML, `body` is Markdown. */
export function fold(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** One of GitHub's highlighted blocks; the lines are Markdown. */
export function alert(kind: "CAUTION" | "WARNING" | "NOTE", lines: readonly string[]): string {
  return [`> [!${kind}]`, ...lines.map((line) => `> ${line}`)].join("\n");
}

// What GitHub turns into links after Markdown is done, in the text as a reader sees it: mentions, issue numbers, commits,
// addresses. Escaping does not stop that; a character without width does. E-mail shows the source, so entities are
// broken up as well.
const MENTION = /(?<![\w.])@(?=\w)/g;
const ENTITY = /&(?=#?\w+;)/g;
const LINKED: readonly RegExp[] = [
  /@(?=\w)/g,
  /#(?=\d)/g,
  /\bGH-(?=\d)/gi,
  /\b\w+:(?=\/\/)/g,
  /\b(?:mailto|xmpp):/gi,
  /\bwww(?=\.)/gi,
  /\b[0-9a-f](?=[0-9a-f]{6,39}\b)(?=[a-f]*\d)(?=\d*[a-f])/gi,
  ENTITY,
];

function defused(text: string): string {
  return LINKED.reduce((rest, pattern) => rest.replace(pattern, `$&${ZERO_WIDTH_SPACE}`), text);
}

/** Inline text that keeps one space at its ends, because a code span follows or went before. */
function spaced(text: string): string {
  const line = inline(text);
  if (line === "") return text === "" ? "" : " ";
  return `${/^\s/.test(text) ? " " : ""}${line}${/\s$/.test(text) ? " " : ""}`;
}

function escapedStart(start: string): string {
  return /\d/.test(start) ? `${start}${ZERO_WIDTH_SPACE}` : `\\${start}`;
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
