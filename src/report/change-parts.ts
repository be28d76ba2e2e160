import type { Change, Op } from "../model/change.ts";
import { formatPlace } from "../model/place.ts";
import { formatRef } from "../model/ref.ts";
import type { TargetReport } from "../model/plan.ts";
import { groupChanges, type ChangeGroup } from "./change-groups.ts";
import { count } from "./count.ts";
import { excerpt } from "./excerpt.ts";
import { fieldLines } from "./field-lines.ts";
import type { Part } from "./fit.ts";
import { code, fence, fold, htmlCode, htmlText, prose } from "./markdown.ts";
import { OP_SIGNS } from "./op-words.ts";
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
function isPlain({ fields, warnings }: Change): boolean {
  return fields.length === 0 && warnings.length === 0;
}

const LONGEST_NAME = 300;

function nameLine(change: Change): string {
  const name = `${OP_SIGNS[change.op]} ${code(excerpt(formatRef(change.ref), LONGEST_NAME))}`;
  return `- ${change.op === "delete" ? `**${name}**` : name} — ${remarks(change).map(prose).join(", ")}\n`;
}

const OP_WORDS: Readonly<Record<Op, string>> = {
  create: "created",
  update: "changed",
  replace: "deleted and created again",
  delete: "deleted",
  keep: "kept, although it left Git",
  ownership: "taken over without a change",
};

/** What is worth knowing before the fields are read; texts that others wrote are in it. */
function remarks(change: Change): readonly string[] {
  const { op, fields, restarts, movedFrom, certainty, because } = change;
  const verb = op === "update" ? count(fields.length, "field") : OP_WORDS[op];
  return [
    verb,
    ...(restarts === undefined || restarts === 0 ? [] : [`restarts ${count(restarts, "pod")}`]),
    ...(movedFrom === undefined ? [] : [`moved from ${excerpt(movedFrom, LONGEST_NAME)}`]),
    ...(certainty === "server" ? [] : [CERTAINTIES[certainty]]),
    ...(because === undefined ? [] : [excerpt(because, LONGEST_NAME)]),
  ];
}

const CERTAINTIES: Readonly<Record<Exclude<Change["certainty"], "server">, string>> = {
  surrogate: "predicted in another namespace",
  offline: "predicted without the server",
  unread: "the live object could not be read",
};

function bodyText(change: Change, context: number): string {
  const { fields, warnings, at, op } = change;
  const name = `${OP_SIGNS[op]} ${htmlCode(excerpt(formatRef(change.ref), LONGEST_NAME))}`;
  const summary = `${name} — ${remarks(change).map(htmlText).join(", ")}`;
  const blocks = [
    ...(fields.length === 0 ? [] : [fence("diff", fieldLines(fields, { context }))]),
    ...warnings.map((warning) => `⚠ the server warns: ${prose(excerpt(warning, LONGEST_NAME))}`),
    ...(at === undefined ? [] : [`<sub>${htmlCode(formatPlace(at))}</sub>`]),
  ];
  const text = fold(summary, blocks.join("\n\n"));
  return `${op === "delete" || op === "replace" ? text.replace("<details>", "<details open>") : text}\n\n`;
}
