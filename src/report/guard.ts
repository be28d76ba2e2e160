import { formatJson, parseJson } from "../model/json.ts";
import type { Masker } from "../model/masker.ts";
import type { RunReport } from "../model/run.ts";
import type { SafeText } from "../model/safe-text.ts";
import { htmlEscaped } from "./html-text.ts";
import { fence } from "./markdown.ts";
import { maskJson, maskReport, type MaskedReport } from "./masked-report.ts";
import { visible, visibleLines } from "./visible.ts";

/** What stands in front of every way out: it masks first, then formats. Nothing else makes a `SafeText`. */
export interface Guard {
  /** A run without its secrets, for the texts of `report/` to be made of. */
  report(report: RunReport): MaskedReport;
  /** Markdown as the texts of `report/` compose it; never Markdown that others wrote. */
  markdown(text: string): SafeText;
  /** A whole HTML page as `report/html.ts` composes it. */
  html(text: string): SafeText;
  /** Lines for a runner's log: no workflow command, no control character, no colour. */
  log(line: string): SafeText;
  /** Lines for a terminal as `report/console.ts` composes them: colours stay, all other control characters go. */
  terminal(text: string): SafeText;
  /** One line without markup: a title, an output. */
  plain(text: string): SafeText;
  /** JSON, masked value by value so that it stays JSON. Throws SyntaxError for anything else. */
  json(text: string): SafeText;
}

export function createGuard(masker: Masker): Guard {
  const hide = (text: string): string => masker.text(text);
  return {
    report: (report) => maskReport(report, masker),
    markdown: (text) => safe(keepingStructure(text, hide(text), asFence)),
    html: (text) => safe(keepingStructure(text, hide(text), asPage)),
    log: (line) => safe(withoutCommands(visibleLines(withoutColour(hide(line))))),
    terminal: (text) => safe(keepingColour(hide(text))),
    plain: (text) => safe(visible(hide(text).replace(/\s+/g, " ").trim())),
    json: (text) => safe(maskedJson(text, hide)),
  };
}

/** Spaced as it came: in one line, or indented with a line end. */
function maskedJson(text: string, hide: (text: string) => string): string {
  const value = maskJson(parseJson(text), hide);
  return text.includes("\n") ? `${formatJson(value, 2)}\n` : formatJson(value);
}

/**
 * The masked text, unless masking took markup away: somebody may write `</details>` or the start of a fence into a
 * Secret, and without it the texts of others would be read as markup. Then the whole is shown as plain text.
 */
function keepingStructure(text: string, masked: string, plain: (text: string) => string): string {
  return masked === text || markupOf(masked) === markupOf(text) ? masked : plain(masked);
}

function markupOf(text: string): string {
  return (text.match(/[\n`<>|[\]()\\*_~#"'=!@]/g) ?? []).join("");
}

function asFence(text: string): string {
  return `Shown as plain text, because a secret value looks like its markup.\n\n${fence("text", text.split("\n"))}`;
}

function asPage(text: string): string {
  return `<!doctype html><meta charset="utf-8"><pre>${htmlEscaped(text)}</pre>`;
}

const ESCAPE = String.fromCharCode(27);
const COLOUR = new RegExp(`${ESCAPE}\\[[0-9;]*m`, "g");
// Every other terminal sequence: cursor, screen, title, hyperlink.
const SEQUENCE = new RegExp(`${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\u0007${ESCAPE}]*(?:\\u0007|${ESCAPE}\\\\)?)`, "g");

function withoutColour(text: string): string {
  return text.replace(SEQUENCE, "");
}

function keepingColour(text: string): string {
  const colours = text.match(COLOUR) ?? [];
  const parts = text.split(COLOUR).map((part) => visibleLines(withoutColour(part)));
  return parts.map((part, index) => part + (colours[index] ?? "")).join("");
}

const WORD_JOINER = "\u2060";

// The runner reads `::command::` at the start of a line, white space before it ignored, and `##[command]` anywhere
// (github.com/actions/runner, ActionCommand.cs).
function withoutCommands(text: string): string {
  return text.replace(/^([^\S\n]*):(?=:)/gm, `$1:${WORD_JOINER}`).replaceAll("##[", `##${WORD_JOINER}[`);
}

function safe(text: string): SafeText {
  return text as SafeText;
}
