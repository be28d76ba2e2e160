import type { Change, Op } from "../model/change.ts";
import { count } from "./count.ts";
import { excerpt } from "./excerpt.ts";
import { isRename } from "./renamed.ts";

/** The verb and the remarks, each part of it formatted: texts that others wrote are in it. */
export function tellingOf(change: Change, format: (text: string) => string): string {
  return joined([verbOf(change), ...remarksOf(change)], change.notes, format);
}

/** What is worth knowing before the fields are read, without the verb where the sign says it; empty when there is nothing. */
export function remarksText(change: Change, format: (text: string) => string): string {
  return joined([...(isRename(change) ? [verbOf(change)] : []), ...remarksOf(change)], change.notes, format);
}

function joined(remarks: readonly string[], notes: readonly string[] = [], format: (text: string) => string): string {
  const first = remarks.map(format).join(", ");
  return [first, ...notes.map((note) => format(shortened(note)))].filter((text) => text !== "").join("; ");
}

const OP_WORDS: Readonly<Record<Op, string>> = {
  create: "created",
  update: "changed",
  replace: "deleted and created again",
  delete: "deleted",
  keep: "kept, although it left Git",
  ownership: "taken over without a change",
};

function verbOf(change: Change): string {
  const { op, fields, movedFrom, differences } = change;
  if (isRename(change)) {
    const changed = differences === undefined ? [] : [count(differences.length, "field")];
    return [`renamed from ${shortened(movedFrom ?? "")}, made anew`, ...changed].join(", ");
  }
  return op === "update" ? count(fields.length, "field") : OP_WORDS[op];
}

function remarksOf(change: Change): readonly string[] {
  const { restarts, movedFrom, certainty, because } = change;
  return [
    ...(movedFrom === undefined || isRename(change) ? [] : [`moves from ${shortened(movedFrom)}`]),
    ...(restarts === undefined || restarts === 0 ? [] : [`restarts ${count(restarts, "pod")}`]),
    ...(certainty === "server" ? [] : [CERTAINTIES[certainty]]),
    ...(because === undefined ? [] : [shortened(because)]),
  ];
}

const LONGEST = 300;

function shortened(text: string): string {
  return excerpt(text, LONGEST);
}

const CERTAINTIES: Readonly<Record<Exclude<Change["certainty"], "server">, string>> = {
  surrogate: "predicted in another namespace",
  offline: "predicted without the server",
  unread: "the live object could not be read",
};
