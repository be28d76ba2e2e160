import type { Change, FieldChange } from "../model/change.ts";
import type { TargetReport } from "../model/plan.ts";
import { formatRef } from "../model/ref.ts";

/** A new object that takes the place of one that goes, under another name. */
export function isRename({ op, movedFrom }: Pick<Change, "op" | "movedFrom">): boolean {
  return op === "create" && movedFrom !== undefined;
}

/** The changes of a target as people should read them: a rename stands for both of its changes. */
export function toldChanges({ changes }: Pick<TargetReport, "changes">): readonly Change[] {
  const origins = new Set(changes.filter(isRename).map(({ movedFrom }) => movedFrom));
  if (origins.size === 0) return changes;
  const gone = new Map(changes.filter(({ op }) => op === "delete").map((change) => [formatRef(change.ref), change]));
  return changes
    .filter(({ op, ref }) => op !== "delete" || !origins.has(formatRef(ref)))
    .map((change) => (isRename(change) ? withNotes(change, gone.get(change.movedFrom ?? "")?.notes) : change));
}

function withNotes(change: Change, notes: readonly string[] = []): Change {
  return notes.length === 0 ? change : { ...change, notes: [...notes, ...(change.notes ?? [])] };
}

/** The fields to show of a change: of a rename those in which the two objects differ, where they are known. */
export function toldFields(change: Change): readonly FieldChange[] {
  return isRename(change) && change.differences !== undefined ? change.differences : change.fields;
}
