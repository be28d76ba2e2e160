import type { TargetReport } from "../model/plan.ts";
import { formatTarget } from "../model/target.ts";
import { count } from "./count.ts";
import { countsAsDrift } from "./drift-issue.ts";
import { driftSentence } from "./drift-sentence.ts";
import { fit, type Part } from "./fit.ts";
import { footer } from "./footer.ts";
import { code } from "./markdown.ts";
import type { MaskedReport } from "./masked-report.ts";
import { notePart } from "./note-list.ts";
import { cutNote, type Room } from "./plan-comment.ts";
import { problemAlerts } from "./problem-alerts.ts";
import { RESULT_ICONS, resultText } from "./result-words.ts";
import { ROUNDS } from "./rounds.ts";
import { resultCell, targetTable } from "./target-table.ts";

/** What a drift run says in one line of plain text: `🟠 Drift: 2 differences`. */
export function driftVerdict({ result, targets }: MaskedReport): string {
  const counting = targets.flatMap(({ drift }) => drift.filter(countsAsDrift)).length;
  const found = counting === 0 ? resultText(result) : count(counting, "difference");
  const plainly = result === "drifted" || counting === 0 ? found : `${resultText(result)}, ${found}`;
  return `${RESULT_ICONS[result]} Drift: ${plainly}`;
}

/** A drift run as Markdown, for the job summary and the check. */
export function driftText(report: MaskedReport, { limit, elsewhere }: Room): string {
  const before: readonly Part[] = [
    { text: `## ${driftVerdict(report)}\n\n`, shorter: [] },
    ...problemAlerts(report),
    ...notePart(report.notes),
    ...(report.targets.length === 0 ? [] : [driftTargets(report.targets)]),
    ...report.targets.flatMap((target) => sentences(target, report.time)),
  ];
  const after: Part = { text: `\n${footer(report)}\n`, shorter: [] };
  return fit(before, [after], { limit, note: (cut) => cutNote(cut, elsewhere) });
}

function driftTargets(targets: readonly TargetReport[]): Part {
  const heading = ["| Target | Result | Differences | Only listed |", "|---|---|--:|--:|"];
  return targetTable(targets, {
    heading,
    cells: (report) => {
      const counting = report.drift.filter(countsAsDrift).length;
      return [
        code(formatTarget(report.target)),
        resultCell(report),
        String(counting),
        String(report.drift.length - counting),
      ];
    },
  });
}

function sentences({ target, drift }: TargetReport, now: string): readonly Part[] {
  if (drift.length === 0) return [];
  const heading = `### ${code(formatTarget(target))}\n\n`;
  const gone = { round: ROUNDS.names, text: "", shows: "nothing" } as const;
  return [
    { text: heading, shorter: [{ ...gone, round: ROUNDS.tables }] },
    ...drift.map((entry): Part => {
      const remark = countsAsDrift(entry) ? "" : " (only listed)";
      return { text: `- ${driftSentence(entry, now)}${remark}\n`, shorter: [gone], counted: true };
    }),
  ];
}
