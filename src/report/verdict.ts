import { applyVerdict } from "./apply-comment.ts";
import { driftVerdict } from "./drift-text.ts";
import type { MaskedReport } from "./masked-report.ts";
import { planVerdict } from "./plan-title.ts";

const VERDICTS: Readonly<Record<MaskedReport["command"], (report: MaskedReport) => string>> = {
  plan: planVerdict,
  apply: applyVerdict,
  drift: driftVerdict,
};

/** A run in one line of plain text. */
export function verdict(report: MaskedReport): string {
  return VERDICTS[report.command](report);
}
