import type { Op } from "../model/change.ts";
import type { Outcome, OutcomeKind } from "../model/outcome.ts";
import type { TargetReport } from "../model/plan.ts";
import { formatRef } from "../model/ref.ts";
import { formatTarget } from "../model/target.ts";
import { excerpt } from "./excerpt.ts";
import { fit, type Part } from "./fit.ts";
import { footer } from "./footer.ts";
import type { MaskedReport } from "./masked-report.ts";
import { code, prose } from "./markdown.ts";
import { durationText, momentText } from "./moment.ts";
import { notePart } from "./note-list.ts";
import { countOps, doneText } from "./op-words.ts";
import { COMMENT_ROOM, cutNote, type Room } from "./plan-comment.ts";
import { problemAlerts } from "./problem-alerts.ts";
import { RESULT_ICONS, resultText } from "./result-words.ts";
import { ROUNDS } from "./rounds.ts";
import { shortSha } from "./short-sha.ts";
import { resultCell, targetTable } from "./target-table.ts";

/** What an apply says in one line of plain text: `🟢 Applied: 1 created, 2 changed`. */
export function applyVerdict({ result, targets }: MaskedReport): string {
  const outcomes = targets.flatMap((target) => target.outcomes);
  const counts = [doneText(outcomes.filter(isDone)), ...TROUBLES.map((kind) => troubleText(outcomes, kind))];
  const told = counts.filter((text) => text !== "");
  const verb = result === "applied" ? "Applied" : `Apply ${resultText(result)}`;
  return `${RESULT_ICONS[result]} ${verb}${told.length === 0 ? "" : `: ${told.join(", ")}`}`;
}

const TROUBLES: readonly OutcomeKind[] = ["failed", "unsettled", "restored", "skipped"];

function troubleText(outcomes: readonly Outcome[], kind: OutcomeKind): string {
  const number = outcomes.filter(({ outcome }) => outcome === kind).length;
  return number === 0 ? "" : `${number} ${kind}`;
}

function isDone({ outcome }: Outcome): boolean {
  return outcome === "applied";
}

/** The report of an apply on the merged pull request, without the marker line: what was written, what was not and why, what is there now. */
export function applyComment(report: MaskedReport, { limit, elsewhere }: Room = COMMENT_ROOM): string {
  const commit = report.head === undefined ? "" : ` — ${code(shortSha(report.head))}`;
  const before: readonly Part[] = [
    { text: `## ${applyVerdict(report)}${commit}\n\n`, shorter: [] },
    ...problemAlerts(report),
    ...notePart(report.notes),
    ...(report.targets.length === 0 ? [] : [applyTable(report.targets)]),
    ...report.targets.flatMap(targetParts),
  ];
  const after: Part = { text: `\n${[nextStep(report), footer(report)].join("\n\n")}\n`, shorter: [] };
  return fit(before, [after], { limit, note: (cut) => cutNote(cut, elsewhere) });
}

function applyTable(targets: readonly TargetReport[]): Part {
  const heading = [
    "| Target | Result | Created | Changed | Deleted | Unchanged | Failed |",
    "|---|---|--:|--:|--:|--:|--:|",
  ];
  return targetTable(targets, { heading, cells: applyCells });
}

const WRITES: readonly Op[] = ["create", "update", "replace", "ownership"];

function applyCells(report: TargetReport): readonly string[] {
  const { outcomes, objects } = report;
  const done = outcomes.filter(isDone);
  const failed = outcomes.filter(({ outcome }) => outcome === "failed" || outcome === "unsettled").length;
  return [
    code(formatTarget(report.target)),
    resultCell(report),
    String(countOps(done, "create")),
    String(countOps(done, "update", "replace", "ownership")),
    String(countOps(done, "delete")),
    hasEnded(report) ? String(Math.max(0, objects - countOps(outcomes, ...WRITES))) : "?",
    String(failed),
  ];
}

/** What is unchanged is known of an apply that went to work, or that found nothing to do. */
function hasEnded({ outcomes, result }: TargetReport): boolean {
  return outcomes.length > 0 || result === "no-changes" || result === "applied";
}

function targetParts(report: TargetReport): readonly Part[] {
  const { target, outcomes, changes } = report;
  const troubled = outcomes.filter((outcome) => !isDone(outcome));
  const kept = changes.filter(({ op }) => op === "keep");
  const lines = [
    ...troubled.map((outcome) => linePart(outcomeLine(outcome), ROUNDS.deletions)),
    ...kept.map(({ ref, because }) => linePart(keptLine(formatRef(ref), because), ROUNDS.names)),
    ...outcomes.filter(isDone).map((outcome) => linePart(outcomeLine(outcome), ROUNDS.bodies)),
  ];
  // The table has said all there is of a target that nothing was written to.
  if (lines.length === 0) return [];
  const heading = `### ${code(formatTarget(target))}\n\n${revisionText(report)}\n\n`;
  return [
    { text: heading, shorter: [{ round: ROUNDS.tables, text: "", shows: "nothing" }] },
    ...lines,
    { text: "\n", shorter: [] },
  ];
}

function linePart(text: string, round: number): Part {
  return { text, shorter: [{ round, text: "", shows: "nothing" }], counted: true };
}

function revisionText({ appliedRevision: applied }: TargetReport): string {
  if (applied === undefined) return "Applied revision: none yet";
  return `Applied revision: ${code(shortSha(applied.commit))} since ${momentText(applied.time)}`;
}

const OUTCOME_ICONS: Readonly<Record<OutcomeKind, string>> = {
  applied: "✅",
  failed: "❌",
  skipped: "⏭",
  unsettled: "⏳",
  restored: "↩",
};

const DONE_WORDS: Readonly<Record<Op, string>> = {
  create: "created",
  update: "changed",
  replace: "deleted and created again",
  delete: "deleted",
  keep: "kept",
  ownership: "taken over",
};

const WANTED_WORDS: Readonly<Record<Op, string>> = {
  create: "to create",
  update: "to change",
  replace: "to replace",
  delete: "to delete",
  keep: "to keep",
  ownership: "to take over",
};

const LONGEST_TEXT = 600;

function outcomeLine(result: Outcome): string {
  const { ref, op, outcome, message, settledAfterMilliseconds: settled } = result;
  const words = isDone(result) ? DONE_WORDS[op] : `${outcome} (${WANTED_WORDS[op]})`;
  const time = settled === undefined ? "" : `, settled after ${durationText(settled)}`;
  const why = message === undefined ? "" : `: ${prose(excerpt(message, LONGEST_TEXT))}`;
  return `- ${OUTCOME_ICONS[outcome]} ${code(excerpt(formatRef(ref), LONGEST_TEXT))} ${words}${time}${why}\n`;
}

function keptLine(name: string, because: string | undefined): string {
  const why = because === undefined ? "" : `: ${prose(excerpt(because, LONGEST_TEXT))}`;
  return `- = ${code(excerpt(name, LONGEST_TEXT))} left Git and is kept${why}\n`;
}

function nextStep({ result }: MaskedReport): string {
  if (result === "applied" || result === "no-changes") return "**Next**: nothing, the cluster is what Git says";
  if (result === "pending") return "**Next**: nothing, it is applied when its turn comes";
  return "**Next**: mend it in Git and merge, or run this apply again · `/plumb help`";
}
