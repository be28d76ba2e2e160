import { applyComment } from "./apply-comment.ts";
import { driftText } from "./drift-text.ts";
import type { MaskedReport } from "./masked-report.ts";
import { planComment, type Room } from "./plan-comment.ts";

// A step summary above 1 MiB is thrown away as a whole; other texts of the step have to fit beside this one.
const ROOM: Room = { limit: 1_000_000, elsewhere: "in the JSON file of this run" };

const TEXTS: Readonly<Record<MaskedReport["command"], (report: MaskedReport, room: Room) => string>> = {
  plan: planComment,
  apply: applyComment,
  drift: driftText,
};

/** The job summary: what the comment says, with more room. */
export function summary(report: MaskedReport, room: Room = ROOM): string {
  return TEXTS[report.command](report, room);
}
