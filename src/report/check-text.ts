import type { CheckConclusion } from "../model/github.ts";
import type { Result } from "../model/result.ts";
import { formatTarget, type Target } from "../model/target.ts";
import { byteLength } from "./fit.ts";
import { formatMachineBlock } from "./machine-block.ts";
import { code, prose } from "./markdown.ts";
import type { MaskedReport } from "./masked-report.ts";
import { summary } from "./summary.ts";
import { verdict } from "./verdict.ts";

/** A check run before the guard: the title is plain text, the other two are Markdown. */
export interface CheckDraft {
  readonly conclusion: CheckConclusion;
  readonly title: string;
  readonly summary: string;
  readonly text: string;
}

/** `plumb plan production/web` */
export function checkName(report: Pick<MaskedReport, "command">, target: Target): string {
  return `plumb ${report.command} ${formatTarget(target)}`;
}

// GitHub takes 65,535 characters; bytes are never fewer.
const LIMIT = 60_000;

/** What the check of one target says; its text ends with the block that later runs read. */
export function checkText(report: MaskedReport, target: Target): CheckDraft {
  const own = report.targets.filter((entry) => formatTarget(entry.target) === formatTarget(target));
  const [only] = own;
  if (only === undefined) throw new TypeError(`${formatTarget(target)} is not in the report`);
  const alone: MaskedReport = { ...report, result: only.result, targets: own };
  const block = formatMachineBlock(only);
  const room = { limit: LIMIT - byteLength(block) - 2, elsewhere: "in the job summary" };
  const digest = only.digest === undefined ? [] : [`Digest: ${code(only.digest)}`];
  const reason = only.reason === undefined ? [] : [prose(only.reason)];
  return {
    conclusion: CONCLUSIONS[only.result],
    title: verdict(alone),
    summary: [prose(verdict(alone)), ...reason, ...digest].join("\n\n"),
    text: `${summary(alone, room).trimEnd()}\n\n${block}`,
  };
}

const CONCLUSIONS: Readonly<Record<Result, CheckConclusion>> = {
  failed: "failure",
  refused: "failure",
  incomplete: "failure",
  blocked: "failure",
  drifted: "neutral",
  changes: "success",
  applied: "success",
  pending: "neutral",
  "in-sync": "success",
  "no-changes": "success",
  skipped: "skipped",
};
