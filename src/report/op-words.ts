import type { Change, Op } from "../model/change.ts";
import { isRename } from "./renamed.ts";

/** The sign of a change in lists: what happens to the object. A rename makes an object anew, too. */
export function signOf(change: Pick<Change, "op" | "movedFrom">): string {
  return OP_SIGNS[isRename(change) ? "replace" : change.op];
}

const OP_SIGNS: Readonly<Record<Op, string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "−",
  keep: "=",
  ownership: "◦",
};

/** The order in which people should see changes: what cannot be undone first. */
export const OP_ORDER: readonly Op[] = ["delete", "replace", "update", "create", "ownership", "keep"];

const PLANNED: readonly (readonly [Op, string])[] = [
  ["create", "to create"],
  ["update", "to change"],
  ["replace", "to replace"],
  ["delete", "to delete"],
  ["ownership", "to take over"],
  ["keep", "kept"],
];

const DONE: readonly (readonly [Op, string])[] = [
  ["create", "created"],
  ["update", "changed"],
  ["replace", "replaced"],
  ["delete", "deleted"],
  ["ownership", "taken over"],
];

/** `1 to create, 2 to change`; empty when nothing changes. */
export function plannedText(changes: readonly Pick<Change, "op">[]): string {
  return countText(changes, PLANNED);
}

/** `1 created, 2 changed`; empty when nothing was written. */
export function doneText(written: readonly Pick<Change, "op">[]): string {
  return countText(written, DONE);
}

export function countOps(changes: readonly Pick<Change, "op">[], ...ops: readonly Op[]): number {
  return changes.filter(({ op }) => ops.includes(op)).length;
}

function countText(changes: readonly Pick<Change, "op">[], words: readonly (readonly [Op, string])[]): string {
  return words
    .map(([op, word]) => [countOps(changes, op), word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(", ");
}
