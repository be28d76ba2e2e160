import type { Change } from "../model/change.ts";
import type { Outcome } from "../model/outcome.ts";
import { formatPlace } from "../model/place.ts";
import type { TargetReport } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef } from "../model/ref.ts";
import { formatTarget } from "../model/target.ts";
import { driftSentence } from "./drift-sentence.ts";
import { fieldLines } from "./field-lines.ts";
import { hiddenText } from "./hidden-line.ts";
import { PAGE_STYLE } from "./html-style.ts";
import { htmlEscaped } from "./html-text.ts";
import type { MaskedReport } from "./masked-report.ts";
import { momentText } from "./moment.ts";
import { signOf } from "./op-words.ts";
import { tellingOf } from "./remarks.ts";
import { toldChanges, toldFields } from "./renamed.ts";
import { resultText } from "./result-words.ts";
import { serverWarnings, warnedObjects, type ServerWarning } from "./server-warnings.ts";
import { verdict } from "./verdict.ts";
import { visible, visibleLines } from "./visible.ts";

// Nothing is loaded and nothing runs, even if an escape were missed.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** A run as one page of HTML that needs nothing else: no script, no address, no image. */
export function htmlPage(report: MaskedReport): string {
  const title = text(verdict(report));
  const hidden = hiddenText(report);
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>${title}</title><style>${PAGE_STYLE}</style></head><body>`,
    `<h1>${title}</h1>`,
    `<p>${text([report.repository, report.head ?? ""].filter((part) => part !== "").join(" at "))}</p>`,
    list(report.problems.map(problemItem)),
    list(report.notes.map(text)),
    ...report.targets.map((target) => section(target, report.time)),
    hidden === "" ? "" : `<p>Not shown: ${hidden}</p>`,
    `<footer>Live state of ${momentText(report.time)}, ${report.requests} requests</footer>`,
    "</body></html>",
    "",
  ].join("\n");
}

function section(report: TargetReport, now: string): string {
  const why = report.reason === undefined ? "" : `: ${text(report.reason)}`;
  return [
    `<section><h2>${text(formatTarget(report.target))}</h2>`,
    `<p><strong>${resultText(report.result)}</strong>${why}</p>`,
    list(report.problems.map(problemItem)),
    list(serverWarnings([report]).map(warningItem)),
    ...toldChanges(report).map(changeBlock),
    list(report.outcomes.map(outcomeItem)),
    list(report.drift.map((drift) => driftSentence(drift, now, codeText))),
    "</section>",
  ].join("\n");
}

function list(items: readonly string[]): string {
  if (items.length === 0) return "";
  return `<ul>${items.map((item) => `<li>${item}</li>`).join("\n")}</ul>`;
}

function problemItem({ level, message, remedy, at }: Problem): string {
  const place = at === undefined ? "" : ` (${codeText(formatPlace(at))})`;
  return `<strong class="${level}">${level}</strong> ${text(message)}${place}<br>To do: ${text(remedy)}`;
}

const CONTEXT = 3;

function warningItem(warning: ServerWarning): string {
  return `<strong class="caution">the server warns</strong> ${text(warning.text)} — ${warnedObjects(warning, codeText)}`;
}

function changeBlock(change: Change): string {
  const { ref, at, op } = change;
  const head = `${signOf(change)} ${codeText(formatRef(ref))} — ${tellingOf(change, text)}`;
  const lines = fieldLines(toldFields(change), { context: CONTEXT }).map(diffLine);
  const diff = lines.length === 0 ? "" : `<pre>${lines.join("\n")}</pre>`;
  const place = at === undefined ? "" : `<p>${codeText(formatPlace(at))}</p>`;
  const isOpen = op === "delete" || op === "replace";
  return `<details${isOpen ? " open" : ""}><summary>${head}</summary>${diff}${place}</details>`;
}

function diffLine(line: string): string {
  const escaped = htmlEscaped(visibleLines(line));
  if (line.startsWith("+")) return `<ins>${escaped}</ins>`;
  if (line.startsWith("-")) return `<del>${escaped}</del>`;
  return escaped;
}

function outcomeItem({ ref, op, outcome, message }: Outcome): string {
  const why = message === undefined ? "" : `: ${text(message)}`;
  return `<strong class="${outcome}">${outcome}</strong> ${op} ${codeText(formatRef(ref))}${why}`;
}

function codeText(raw: string): string {
  return `<code>${text(raw)}</code>`;
}

function text(raw: string): string {
  return htmlEscaped(visible(raw));
}
