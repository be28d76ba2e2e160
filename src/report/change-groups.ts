import type { Change } from "../model/change.ts";
import { canonicalJson, type Json } from "../model/json.ts";
import { compareRefs, compareText, refKey } from "../model/ref.ts";
import { formatTarget, type Target } from "../model/target.ts";
import type { TargetReport } from "../model/plan.ts";
import { OP_ORDER } from "./op-words.ts";
import { isRename, toldChanges, toldFields } from "./renamed.ts";

/** Changes that are the same, field by field, in each of these targets. */
export interface ChangeGroup {
  readonly targets: readonly Target[];
  readonly changes: readonly Change[];
}

/** The changes of all targets with each change once: what most targets share comes first, and in a group what cannot be undone. */
export function groupChanges(targets: readonly TargetReport[]): readonly ChangeGroup[] {
  const all = targets.flatMap((report) => toldChanges(report).map((change) => ({ target: report.target, change })));
  const same = [...Map.groupBy(all, ({ change }) => identity(change)).values()];
  const shared = same.flatMap((entries) => {
    const change = entries[0]?.change;
    return change === undefined ? [] : [{ change, targets: entries.map(({ target }) => target) }];
  });
  const groups = [...Map.groupBy(shared, (entry) => entry.targets.map(formatTarget).join()).values()];
  return groups
    .map((entries) => ({
      targets: entries[0]?.targets ?? [],
      changes: entries.map(({ change }) => change).toSorted(compareChanges),
    }))
    .toSorted(compareGroups);
}

/** Everything people see of a change, without the target. */
function identity(change: Change): string {
  const { op, ref, version, movedFrom, certainty, because, restarts, notes } = change;
  const told = {
    op,
    key: refKey(ref),
    version,
    movedFrom,
    certainty,
    because,
    restarts,
    notes,
    fields: toldFields(change),
  };
  return canonicalJson(told as unknown as Json);
}

function compareChanges(a: Change, b: Change): number {
  return rank(a) - rank(b) || compareRefs(a.ref, b.ref);
}

/** A rename deletes as well. */
function rank(change: Change): number {
  return OP_ORDER.indexOf(isRename(change) ? "replace" : change.op);
}

function compareGroups(a: ChangeGroup, b: ChangeGroup): number {
  return b.targets.length - a.targets.length || compareText(groupKey(a), groupKey(b));
}

function groupKey({ targets }: ChangeGroup): string {
  return targets.map(formatTarget).join();
}
