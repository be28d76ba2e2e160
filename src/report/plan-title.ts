import type { Problem } from "../model/problem.ts";
import type { Result } from "../model/result.ts";
import { count } from "./count.ts";
import { code } from "./markdown.ts";
import type { MaskedReport } from "./masked-report.ts";
import { plannedText } from "./op-words.ts";
import { RESULT_ICONS, resultText } from "./result-words.ts";
import { shortSha } from "./short-sha.ts";

/** The verdict in one line of plain text: `🟡 Plan: 1 to create, 2 to change`. What failed or is incomplete is never said to be without changes. */
export function planVerdict(report: MaskedReport): string {
  const { result, targets } = report;
  const problems = [...report.problems, ...targets.flatMap((target) => target.problems)];
  const counts = [
    countLevel(problems, "error"),
    countLevel(problems, "blocker"),
    plannedText(targets.flatMap((target) => target.changes)),
  ].filter((text) => text !== "");
  const plan = IN_QUESTION.includes(result) ? `Plan ${resultText(result)}` : "Plan";
  const whole = counts.length > 0 || result !== "no-changes" ? counts : ["no changes"];
  return `${RESULT_ICONS[result]} ${plan}${whole.length === 0 ? "" : `: ${whole.join(", ")}`}`;
}

const IN_QUESTION: readonly Result[] = ["failed", "incomplete", "refused", "skipped"];

function countLevel(problems: readonly Problem[], level: "error" | "blocker"): string {
  const number = problems.filter((problem) => problem.level === level).length;
  return number === 0 ? "" : count(number, level);
}

/** The title line of a plan's comment. `where` is Markdown. */
export function planTitle(report: MaskedReport, where = ""): string {
  return `## ${planVerdict(report)}${where}${atCommit(report.head)}`;
}

function atCommit(head: string | undefined): string {
  return head === undefined ? "" : ` — ${code(shortSha(head))}`;
}

const NEXT = /^\*\*Next\*\*:.*\n*/m;

/** A plan's comment once its pull request was closed unmerged: the title says so, and no next step is offered. Applied twice, it changes nothing. */
export function closedPlanComment(body: string, head: string | undefined): string {
  const [, ...rest] = body.replace(/^<!--.*?-->\s*/s, "").split("\n");
  const title = `## ⚫ Closed without merging, nothing was applied${atCommit(head)}`;
  return [title, ...rest].join("\n").replace(NEXT, "");
}
