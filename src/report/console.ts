import type { Change } from "../model/change.ts";
import type { Outcome } from "../model/outcome.ts";
import { untoldReason, type TargetReport } from "../model/plan.ts";
import { formatPlace } from "../model/place.ts";
import { messageBeside, type Problem } from "../model/problem.ts";
import { formatRef } from "../model/ref.ts";
import { formatTarget } from "../model/target.ts";
import { COLOURS, NO_COLOURS, type Paint } from "./colour.ts";
import { driftSentence } from "./drift-sentence.ts";
import { excerpt } from "./excerpt.ts";
import { fieldLines } from "./field-lines.ts";
import { hiddenText } from "./hidden-line.ts";
import type { MaskedReport } from "./masked-report.ts";
import { durationText } from "./moment.ts";
import { signOf } from "./op-words.ts";
import { remarksText } from "./remarks.ts";
import { isRename, toldChanges, toldFields } from "./renamed.ts";
import { resultText } from "./result-words.ts";
import { serverWarnings, warnedObjects, type ServerWarning } from "./server-warnings.ts";
import { verdict } from "./verdict.ts";
import { visible, visibleLines } from "./visible.ts";

/** A run for a terminal. `colour` is off for files, pipes and `NO_COLOR`. */
export function consoleText(report: MaskedReport, { colour }: { readonly colour: boolean }): string {
  const paint = colour ? COLOURS : NO_COLOURS;
  const hidden = hiddenText(report);
  const blocks = [
    ...report.problems.map((problem) => problemText(problem, paint)),
    ...report.notes.map((note) => paint.dim(visible(note))),
    ...report.targets.map((target) => targetText(target, report.time, paint)),
    [...(hidden === "" ? [] : [paint.dim(`not shown: ${hidden}`)]), paint.bold(verdict(report))].join("\n"),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function targetText(report: TargetReport, now: string, paint: Paint): string {
  const reason = untoldReason(report);
  const why = reason === undefined ? "" : ` (${visible(reason)})`;
  return [
    `${paint.bold(formatTarget(report.target))}: ${resultText(report.result)}${why}`,
    ...report.problems.map((problem) => problemText(problem, paint, [formatTarget(report.target)])),
    ...serverWarnings([report]).map((warning) => warningText(warning, paint)),
    ...toldChanges(report).map((change) => changeText(change, paint)),
    ...report.outcomes.map((outcome) => outcomeText(outcome, paint)),
    ...report.drift.map((drift) => `  ${paint.cyan("≠")} ${driftSentence(drift, now, visible)}`),
  ].join("\n");
}

function problemText(problem: Problem, paint: Paint, told: readonly string[] = []): string {
  const { level, remedy, at } = problem;
  const mark = level === "caution" ? paint.yellow("caution") : paint.red(level);
  const place = at === undefined ? "" : ` (${visible(formatPlace(at))})`;
  return `  ${mark}: ${visible(messageBeside(problem, told))}${place}\n    to do: ${visible(remedy)}`;
}

const CONTEXT = 3;

function warningText(warning: ServerWarning, paint: Paint): string {
  const text = visible(excerpt(warning.text, LONGEST_TEXT));
  return `  ${paint.yellow("the server warns")}: ${text}\n    of ${warnedObjects(warning, visible)}`;
}

function changeText(change: Change, paint: Paint): string {
  const remarks = remarksText(change, visible);
  const tail = remarks === "" ? "" : paint.dim(` (${remarks})`);
  const head = `  ${paintedSign(change, paint)} ${visible(formatRef(change.ref))}${tail}`;
  const lines = fieldLines(toldFields(change), { context: CONTEXT });
  return [head, ...lines.map((line) => `      ${painted(line, paint)}`)].join("\n");
}

function paintedSign(change: Change, paint: Paint): string {
  const sign = signOf(change);
  if (change.op === "create" && !isRename(change)) return paint.green(sign);
  return ["create", "delete", "replace"].includes(change.op) ? paint.red(sign) : paint.yellow(sign);
}

function painted(line: string, paint: Paint): string {
  const text = visibleLines(line);
  if (text.startsWith("+")) return paint.green(text);
  if (text.startsWith("-")) return paint.red(text);
  return text.startsWith("@@") ? paint.cyan(text) : text;
}

function outcomeText({ ref, outcome, message, settledAfterMilliseconds: settled }: Outcome, paint: Paint): string {
  const word = outcome === "applied" ? paint.green(outcome) : paint.red(outcome);
  const time = settled === undefined ? "" : `, settled after ${durationText(settled)}`;
  const why = message === undefined ? "" : `: ${visible(excerpt(message, LONGEST_TEXT))}`;
  return `  ${word} ${visible(formatRef(ref))}${time}${why}`;
}

const LONGEST_TEXT = 2_000;
