import { hasBlockers, hasErrors } from "../model/problem.ts";
import { changeParts } from "./change-parts.ts";
import { driftPart } from "./drift-table.ts";
import { fit, type Cut, type Part } from "./fit.ts";
import { footer } from "./footer.ts";
import { hiddenText } from "./hidden-line.ts";
import { imageMoves, imageTable } from "./images.ts";
import { notePart } from "./note-list.ts";
import type { MaskedReport } from "./masked-report.ts";
import { planTitle } from "./plan-title.ts";
import { problemAlerts } from "./problem-alerts.ts";
import { ROUNDS } from "./rounds.ts";
import { warningPart } from "./server-warnings.ts";
import { planTable } from "./target-table.ts";
import { targetNames } from "./target-names.ts";

/** How long a text may be, and where the rest is when it is cut. */
export interface Room {
  /** UTF-8 bytes. */
  readonly limit: number;
  readonly elsewhere: string;
}

/** A comment: a quarter of what GitHub takes, and still readable. */
export const COMMENT_ROOM: Room = { limit: 60_000, elsewhere: "in the job summary" };

/**
 * The one comment on a pull request, without the marker line: can this be merged, what is dangerous, what changes,
 * what was different before. The same for identical runs, except for the last line.
 */
export function planComment(report: MaskedReport, { limit, elsewhere }: Room = COMMENT_ROOM): string {
  if (isUneventful(report)) return noChanges(report);
  const before: readonly Part[] = [
    kept(`${planTitle(report)}\n\n`),
    ...problemAlerts(report),
    ...warningPart(report.targets),
    ...notePart(report.notes),
    ...(report.targets.length === 0 ? [] : [planTable(report.targets)]),
    ...imagesPart(report),
    ...changeParts(report.targets),
    ...report.targets.flatMap(driftPart),
  ];
  return fit(before, [kept(closing(report))], { limit, note: (cut) => cutNote(cut, elsewhere) });
}

function isUneventful({ result, targets, problems, notes }: MaskedReport): boolean {
  if (result !== "no-changes" || problems.length > 0 || notes.length > 0) return false;
  return targets.every(
    (target) => target.changes.length === 0 && target.drift.length === 0 && target.problems.length === 0,
  );
}

function noChanges(report: MaskedReport): string {
  const hidden = hiddenText(report);
  const names = targetNames(report.targets.map(({ target }) => target));
  const where = names === "" ? "" : ` in ${names}`;
  return `${planTitle(report, where)}${hidden === "" ? "" : ` · not shown: ${hidden}`}`;
}

function kept(text: string): Part {
  return { text, shorter: [] };
}

function imagesPart(report: MaskedReport): readonly Part[] {
  const moves = imageMoves(report);
  const text = imageTable(moves);
  if (text === "") return [];
  const some = imageTable(moves.slice(0, MOST_IMAGES));
  const shorter = moves.length > MOST_IMAGES ? [{ round: ROUNDS.longTables, text: some, shows: "all" as const }] : [];
  return [{ text, shorter: [...shorter, { round: ROUNDS.tables, text: "", shows: "nothing" }] }];
}

const MOST_IMAGES = 20;

/** What is missing for size. Never longer than with all numbers at their largest. */
export function cutNote({ total, all, name }: Cut, elsewhere: string): string {
  return `\n**Too long to be shown here**: ${all} of ${total} objects are shown in full, ${name} by name; the rest is ${elsewhere}.\n\n`;
}

function closing(report: MaskedReport): string {
  const hidden = hiddenText(report);
  const lines = [
    ...(hidden === "" ? [] : [`<sub>Not shown: ${hidden}</sub>`]),
    `**Next**: ${nextStep(report)} · \`/plumb help\``,
    footer(report),
  ];
  return `\n${lines.join("\n\n")}\n`;
}

function nextStep({ result, targets, problems }: MaskedReport): string {
  const all = [...problems, ...targets.flatMap((target) => target.problems)];
  if (hasErrors(all)) return "mend the errors and push";
  if (hasBlockers(all)) return "remove the blockers and push";
  if (result === "incomplete" || result === "failed") return "run the plan again";
  return "merge to apply";
}
