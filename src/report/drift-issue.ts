import type { Drift } from "../model/change.ts";
import type { TargetReport } from "../model/plan.ts";
import { formatRef } from "../model/ref.ts";
import { formatTarget, type Target } from "../model/target.ts";
import { count } from "./count.ts";
import {
  driftId,
  eventText,
  formatDriftHistory,
  parseDriftHistory,
  withSighting,
  type DriftHistory,
} from "./drift-history.ts";
import { driftSentence } from "./drift-sentence.ts";
import { excerpt } from "./excerpt.ts";
import { fit, type Part } from "./fit.ts";
import { runLink } from "./footer.ts";
import { code, row } from "./markdown.ts";
import type { MaskedReport } from "./masked-report.ts";
import { momentText } from "./moment.ts";
import { ROUNDS } from "./rounds.ts";
import { shortSha } from "./short-sha.ts";

export interface IssueDraft {
  /** Plain text. */
  readonly title: string;
  /** Markdown, without the marker line. */
  readonly body: string;
}

const LIMIT = 60_000;

/** A difference that makes a target drifted. What Git does not declare is only listed, unless it touches security. */
export function countsAsDrift({ class: kind, security, counts }: Drift): boolean {
  return counts ?? (kind !== "extra" || security);
}

/** The one issue of a target while something differs. What it remembers between runs is in the body of the one before. */
export function driftIssue(report: MaskedReport, target: Target, previousBody = ""): IssueDraft {
  const { drift, appliedRevision: applied } = findTarget(report, target);
  const counting = drift.filter(countsAsDrift);
  const listed = drift.filter((entry) => !countsAsDrift(entry));
  const history = withSighting(parseDriftHistory(previousBody), counting, report.time);
  const since = applied === undefined ? "" : ` since ${code(shortSha(applied.commit))} was applied`;
  const before: readonly Part[] = [
    kept(`**${count(counting.length, "difference")} between Git and ${code(formatTarget(target))}**${since}.\n\n`),
    ...counting.map((entry) => sentencePart(entry, report.time)),
    kept("\n"),
    tablePart(counting, history),
    ...listedParts(listed, report.time),
    kept(`### What to do\n\n${SETTLE.join("\n")}\n\n`),
    kept(historyTable(history)),
  ];
  return {
    title: `Drift in ${formatTarget(target)}: ${count(counting.length, "difference")}`,
    body: finish(before, report, history),
  };
}

/** The issue when nothing that counts differs any more: why it is closed, and its history. */
export function closedDriftIssue(report: MaskedReport, target: Target, previousBody = ""): IssueDraft {
  const history = withSighting(parseDriftHistory(previousBody), [], report.time);
  const commit = report.head === undefined ? "" : ` of ${code(shortSha(report.head))}`;
  const why =
    report.command === "apply"
      ? `Reverted by the apply${commit}: ${code(formatTarget(target))} is what Git says since ${momentText(report.time)}.`
      : `Nothing differs since ${momentText(report.time)}: ${code(formatTarget(target))} is what Git says.`;
  return {
    title: `Drift in ${formatTarget(target)}: settled`,
    body: finish([kept(`${why}\n\n`), kept(historyTable(history))], report, history),
  };
}

function findTarget(report: MaskedReport, target: Target): TargetReport {
  const found = report.targets.find((entry) => formatTarget(entry.target) === formatTarget(target));
  if (found === undefined) throw new TypeError(`${formatTarget(target)} is not in the report`);
  return found;
}

function finish(before: readonly Part[], report: MaskedReport, history: DriftHistory): string {
  const block = formatDriftHistory(history);
  const seen = history.lastSeen === undefined ? [] : [`last seen ${momentText(history.lastSeen)}`];
  const link = runLink(report.link);
  const checked = [`last checked ${momentText(report.time)}`, ...link].join(", ");
  const after = kept(`\n<sub>${[...seen, checked].join(" · ")}</sub>\n\n${block}\n`);
  return fit(before, [after], {
    limit: LIMIT,
    note: ({ total, all }) => `\n${all} of ${total} differences are shown.\n\n`,
  });
}

function kept(text: string): Part {
  return { text, shorter: [] };
}

function sentencePart(drift: Drift, now: string): Part {
  const gone = { round: ROUNDS.names, text: "", shows: "nothing" } as const;
  return { text: `- ${driftSentence(drift, now)}\n`, shorter: [gone], counted: true };
}

function tablePart(drift: readonly Drift[], history: DriftHistory): Part {
  const draw = (most: number): string => {
    const rows = drift.slice(0, most).map((entry) => row(cells(entry, history)));
    const more = drift.length > most ? `\n\nand ${drift.length - most} more` : "";
    return `${["| Object | Field | Class | First seen |", "|---|---|---|---|", ...rows].join("\n")}${more}\n\n`;
  };
  const shorter = [50, 10].filter((most) => most < drift.length);
  return {
    text: draw(drift.length),
    shorter: shorter.map((most) => ({ round: ROUNDS.longTables, text: draw(most), shows: "all" })),
  };
}

const LONGEST_CELL = 160;

function cells(drift: Drift, { firstSeen }: DriftHistory): readonly string[] {
  const seen = firstSeen[driftId(drift)];
  return [
    code(excerpt(formatRef(drift.ref), LONGEST_CELL)),
    drift.path === "" ? "(whole object)" : code(excerpt(drift.path, LONGEST_CELL)),
    drift.class,
    seen === undefined ? "—" : momentText(seen),
  ];
}

function listedParts(listed: readonly Drift[], now: string): readonly Part[] {
  if (listed.length === 0) return [];
  const heading = "### Only listed\n\nNot declared in Git; alone this neither opens nor holds this issue.\n\n";
  return [kept(heading), ...listed.map((entry) => sentencePart(entry, now)), kept("\n")];
}

const SETTLE = [
  "- **Revert** what was done in the cluster: run the apply of the default branch again",
  "- **Accept** it: write the live value into Git and merge",
  "- This issue is closed by the first complete check that finds nothing that counts",
];

function historyTable({ events }: DriftHistory): string {
  if (events.length === 0) return "";
  const rows = events.toReversed().map((event) => row([momentText(event.time), eventText(event)]));
  return ["### History", "", "| When | Found |", "|---|---|", ...rows, "", ""].join("\n");
}
