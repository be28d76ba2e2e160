import type { Change } from "../model/change.ts";
import { formatPlace } from "../model/place.ts";
import { formatRef } from "../model/ref.ts";
import type { TargetReport } from "../model/plan.ts";
import { groupChanges, type ChangeGroup } from "./change-groups.ts";
import { count } from "./count.ts";
import { excerpt } from "./excerpt.ts";
import { fieldLines } from "./field-lines.ts";
import type { Part } from "./fit.ts";
import { code, fence, fold, htmlCode, htmlText, prose } from "./markdown.ts";
import { signOf } from "./op-words.ts";
import { tellingOf } from "./remarks.ts";
import { toldFields } from "./renamed.ts";
import { ROUNDS } from "./rounds.ts";
import { targetNames } from "./target-names.ts";

/** All changes, each as a part that is shown in full, by name, or not at all; a change that targets share is shown once. */
export function changeParts(targets: readonly TargetReport[]): readonly Part[] {
  return groupChanges(targets).flatMap((group) => [headingPart(group), ...group.changes.map(changePart)]);
}

function headingPart({ targets, changes }: ChangeGroup): Part {
  const names = targets.length > 1 ? `Same change in ${targetNames(targets)}` : targetNames(targets);
  const text = `### ${names} — ${count(changes.length, "object")}\n\n`;
  return { text, shorter: [{ round: ROUNDS.tables, text: "", shows: "nothing" }] };
}

const CONTEXT = 3;

function changePart(change: Change): Part {
  const name = nameLine(change);
  const gone = { round: change.op === "delete" ? ROUNDS.deletions : ROUNDS.names, text: "", shows: "nothing" } as const;
  if (isPlain(change)) return { text: name, shorter: [gone], counted: true };
  const [full, tight] = [bodyText(change, CONTEXT), bodyText(change, 0)];
  return {
    text: full,
    shorter: [
      ...(tight === full ? [] : [{ round: ROUNDS.context, text: tight, shows: "all" as const }]),
      { round: ROUNDS.bodies, text: name, shows: "name" },
      gone,
    ],
    counted: true,
  };
}

/** There is nothing to unfold. */
function isPlain(change: Change): boolean {
  return toldFields(change).length === 0;
}

const LONGEST_NAME = 300;

function nameLine(change: Change): string {
  const name = `${signOf(change)} ${code(excerpt(formatRef(change.ref), LONGEST_NAME))}`;
  return `- ${change.op === "delete" ? `**${name}**` : name} — ${tellingOf(change, prose)}\n`;
}

function bodyText(change: Change, context: number): string {
  const { at, op } = change;
  const fields = toldFields(change);
  const name = `${signOf(change)} ${htmlCode(excerpt(formatRef(change.ref), LONGEST_NAME))}`;
  const summary = `${name} — ${tellingOf(change, htmlText)}`;
  const blocks = [
    ...(fields.length === 0 ? [] : [fence("diff", fieldLines(fields, { context }))]),
    ...(at === undefined ? [] : [`<sub>${htmlCode(formatPlace(at))}</sub>`]),
  ];
  const text = fold(summary, blocks.join("\n\n"));
  return `${op === "delete" || op === "replace" ? text.replace("<details>", "<details open>") : text}\n\n`;
}
