import type { Drift, Value } from "../model/change.ts";
import type { TargetReport } from "../model/plan.ts";
import { formatRef } from "../model/ref.ts";
import { formatTarget } from "../model/target.ts";
import { count } from "./count.ts";
import { excerpt, excerpts } from "./excerpt.ts";
import type { Part } from "./fit.ts";
import { code, fold, htmlCode, row } from "./markdown.ts";
import { momentText } from "./moment.ts";
import { ROUNDS } from "./rounds.ts";
import { valueText } from "./value-text.ts";

const HEADING = ["| Object | Field | Git | Live | Changed by | On merge |", "|---|---|---|---|---|---|"];

/** What differed in a target before this pull request, as a fold with a table. */
export function driftPart({ target, drift }: TargetReport): readonly Part[] {
  if (drift.length === 0) return [];
  const reverted = drift.filter(({ onMerge }) => onMerge === "reverted").length;
  const summary =
    `🌀 <b>Already different in ${htmlCode(formatTarget(target))}, not from this pull request</b>` +
    ` — ${count(drift.length, "difference")}, merging reverts ${reverted}`;
  const draw = (most: number): string => `${fold(summary, driftRows(drift, most))}\n\n`;
  const shorter = [20, 5].filter((most) => most < drift.length);
  return [
    {
      text: draw(drift.length),
      shorter: [
        ...shorter.map((most) => ({ round: ROUNDS.longTables, text: draw(most), shows: "all" as const })),
        { round: ROUNDS.tables, text: `${summary}\n\n`, shows: "name" },
        { round: ROUNDS.targets, text: "", shows: "nothing" },
      ],
    },
  ];
}

/** The first differences as a table, and how many are not in it. */
export function driftRows(drift: readonly Drift[], most: number): string {
  const rows = drift.slice(0, most).map((entry) => row(cells(entry)));
  const more = drift.length > most ? `\n\nand ${count(drift.length - most, "more difference")}` : "";
  return `${[...HEADING, ...rows].join("\n")}${more}`;
}

function cells(drift: Drift): readonly string[] {
  const values = valueCells(drift);
  return [
    code(excerpt(formatRef(drift.ref), LONGEST_CELL)),
    drift.path === "" ? "(whole object)" : code(excerpt(drift.path, LONGEST_CELL)),
    values.git,
    values.live,
    authorCell(drift),
    mergeCell(drift, values.git),
  ];
}

const LONGEST_CELL = 160;
const LONGEST_VALUE = 80;

interface ValueCells {
  readonly git: string;
  readonly live: string;
}

function valueCells({ class: kind, git, live }: Drift): ValueCells {
  if (kind === "missing") return { git: "present", live: "missing" };
  if (kind === "stuck") return { git: "present", live: "being deleted" };
  if (kind === "orphan") return { git: "—", live: "present" };
  const shown = excerpts(textOf(git), textOf(live), LONGEST_VALUE);
  return {
    git: git === undefined ? "—" : code(shown.before),
    live: live === undefined ? "—" : code(shown.after),
  };
}

function textOf(value: Value | undefined): string {
  return value === undefined ? "" : valueText(value);
}

function authorCell({ by }: Drift): string {
  if (by === undefined) return "unknown";
  const time = by.time === undefined ? "" : ` ${momentText(by.time)}`;
  return `${code(excerpt(by.manager, LONGEST_VALUE))}${time}`;
}

function mergeCell({ onMerge, git, class: kind }: Drift, shown: string): string {
  if (onMerge === "kept") return kind === "extra" ? "kept (not in Git)" : "kept";
  if (kind === "orphan") return "deleted";
  return git === undefined ? "reverted" : `reverted to ${shown}`;
}
