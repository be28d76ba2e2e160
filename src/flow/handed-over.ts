import type { Drift } from "../model/change.ts";
import type { TargetReport } from "../model/plan.ts";
import { refKey, type Ref } from "../model/ref.ts";
import { keysOf, wantedBeside, type SiblingRender } from "./wanted.ts";

/**
 * A comparison with the applied revision, without what the branch's head has given to another app of the environment. Until
 * both are applied, such an object is no orphan of the app that let it go; and once the other app has taken it, what is in it
 * is told there. `renders` are asked for all apps of the environment, only when an object is in doubt.
 */
export async function withoutHandedOver(
  report: TargetReport,
  renders: () => Promise<readonly SiblingRender[]>,
): Promise<TargetReport> {
  // What Git has, and is in the set of another app; what left Git, and is still in ours.
  const elsewhere = report.changes.filter(({ movedFrom }) => movedFrom !== undefined).map(({ ref }) => ref);
  const orphans = report.drift.filter((one) => one.class === "orphan").map(({ ref }) => ref);
  const doubtful = new Set([...elsewhere, ...orphans].map(refKey));
  if (doubtful.size === 0) return report;
  const all = await renders();
  const { by } = wantedBeside(report.target, all);
  const own = new Set(
    all.filter(({ target }) => target.app === report.target.app).flatMap((one) => keysOf(one.placed)),
  );
  const isHandedOver = (ref: Ref): boolean => {
    const key = refKey(ref);
    return doubtful.has(key) && by.has(key) && !own.has(key);
  };
  const told = report.drift.filter(({ ref }) => !isHandedOver(ref));
  return { ...report, drift: [...told, ...elsewhere.filter((ref) => !isHandedOver(ref)).map(taken)] };
}

/** Somebody put it into the other app's set, which does not want it: nobody else would tell. */
function taken(ref: Ref): Drift {
  return { ref, class: "taken", path: "", onMerge: "reverted", security: false };
}
