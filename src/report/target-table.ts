import type { Certainty } from "../model/change.ts";
import { untoldReason, type TargetReport } from "../model/plan.ts";
import { RESULTS } from "../model/result.ts";
import { compareText } from "../model/ref.ts";
import { formatTarget } from "../model/target.ts";
import { excerpt } from "./excerpt.ts";
import type { Part } from "./fit.ts";
import { code, prose, row } from "./markdown.ts";
import { countOps } from "./op-words.ts";
import { RESULT_ICONS, resultText } from "./result-words.ts";
import { ROUNDS } from "./rounds.ts";

/** A table with a row per target; where space is short, only the targets with the worst results are kept. */
export function targetTable(
  targets: readonly TargetReport[],
  columns: { readonly heading: readonly string[]; readonly cells: (target: TargetReport) => readonly string[] },
): Part {
  const worstFirst = targets.toSorted((a, b) => RESULTS.indexOf(a.result) - RESULTS.indexOf(b.result));
  const draw = (shown: readonly TargetReport[]): string => {
    const more = targets.length > shown.length ? `\n\nand ${targets.length - shown.length} more targets` : "";
    return `${[...columns.heading, ...shown.map((target) => row(columns.cells(target)))].join("\n")}${more}\n\n`;
  };
  const shorter = [50, 10, 2].filter((most) => most < targets.length);
  return {
    text: draw(targets),
    shorter: shorter.map((most) => ({ round: ROUNDS.targets, text: draw(worstFirst.slice(0, most)), shows: "all" })),
  };
}

/** What a plan says of each target. */
export function planTable(targets: readonly TargetReport[]): Part {
  const heading = ["| Target | Result | + | ~ | − | Already different | Certainty |", "|---|---|--:|--:|--:|--:|---|"];
  return targetTable(targets, { heading, cells: planCells });
}

function planCells(report: TargetReport): readonly string[] {
  const { changes, drift } = report;
  const counts = [
    String(countOps(changes, "create")),
    String(countOps(changes, "update", "replace", "ownership")),
    String(countOps(changes, "delete")),
    String(drift.length),
    certaintyText(report),
  ];
  return [code(formatTarget(report.target)), resultCell(report), ...(unknownCells(report) ?? counts)];
}

/** What stands for counts that nobody has: nothing where nobody looked, and a question where somebody tried. */
function unknownCells(report: TargetReport): readonly string[] | undefined {
  if (report.result === "skipped") return ["", "", "", "", ""];
  return isUnknown(report) ? ["?", "?", "?", "?", "—"] : undefined;
}

/** Nothing was found out, which is not the same as nothing to do. */
function isUnknown({ result, changes, drift }: TargetReport): boolean {
  return ["failed", "incomplete", "refused"].includes(result) && changes.length + drift.length === 0;
}

const LONGEST_REASON = 200;

/** Colour, word and, where the result is not the good one, why. */
export function resultCell(report: TargetReport): string {
  const { result } = report;
  const reason = untoldReason(report);
  const why = reason === undefined ? "" : `: ${prose(excerpt(reason, LONGEST_REASON))}`;
  return `${RESULT_ICONS[result]} ${resultText(result)}${why}`;
}

/** How sure the predictions of a target are, the surest first. */
export function certaintyText({ changes, cluster }: TargetReport): string {
  const certainties = new Set<Certainty>(changes.map(({ certainty }) => certainty));
  if (certainties.size === 0) return cluster === undefined ? "offline" : "server";
  return [...certainties].toSorted((a, b) => compareText(CERTAINTY_ORDER[a], CERTAINTY_ORDER[b])).join(", ");
}

const CERTAINTY_ORDER: Readonly<Record<Certainty, string>> = { server: "a", surrogate: "b", offline: "c", unread: "d" };
