import { formatJson } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";
import type { Change } from "../../src/model/change.ts";
import type { TargetPlan } from "../../src/flow/plan-target.ts";
import type { TargetReport } from "../../src/model/plan.ts";
import type { Case } from "./case.ts";
import { EDITS, startAs } from "./edits.ts";
import type { Stage } from "./stage.ts";
import { anchors, targetOf } from "./target.ts";

/** What was seen of one case, from the plan to what became of it. */
export interface Course {
  readonly one: Case;
  readonly plan: TargetPlan;
  /** The object's part of the plan; absent: the plan says that nothing happens to it. */
  readonly change?: Change;
  readonly before?: KubeObject;
  /** In the version that Git had before, where it now writes another one. */
  readonly after?: KubeObject;
  readonly report: TargetReport;
  /** The edit that was really made: the server may have refused to have any. */
  readonly edited: boolean;
}

/** A case that could not be brought to its beginning: a fault of the generator, not of the product. */
export interface Unusable {
  readonly one: Case;
  readonly because: string;
}

/** Somebody who looks at the object while it is being brought along. */
export interface Onlooker {
  /** It has just been applied, and is as Git wants it. */
  inSync(one: Case, stage: Stage): Promise<void>;
  /** The plan is made and nothing is written yet. */
  planned(course: Omit<Course, "report" | "after">, stage: Stage): Promise<void>;
}

/** Plays one case: the object as it was, the hand of somebody else, the plan of the change, and the change itself. */
export async function play(one: Case, stage: Stage, onlooker: Onlooker): Promise<Course | Unusable> {
  await stage.freshNamespace(one.spot.namespace);
  const because = await begin(one, stage, onlooker);
  if (because !== undefined) return { one, because };
  const edited = await editLive(one, stage);
  const target = targetOf(one);
  const wanted = one.after ?? one.before;
  const before = await stage.read(wanted);
  const plan = await stage.plan(target);
  const change = plan.report.changes.find(
    ({ ref }) => ref.kind === one.recipe.kind && ref.name === one.before.metadata.name,
  );
  const course = { one, plan, edited, ...(change && { change }), ...(before && { before }) };
  await onlooker.planned(course, stage);
  const report = await stage.apply(target);
  const after = await stage.read(wanted);
  return { ...course, report, ...(after && { after }) };
}

async function begin(one: Case, stage: Stage, onlooker: Onlooker): Promise<string | undefined> {
  if (one.mutation === "create") return undefined;
  if (one.start !== "ours") return startAs(one, stage);
  const report = await stage.apply({ ...targetOf(one), head: [one.before, ...anchors(one)], base: [] });
  if (report.result !== "applied") return formatJson(report.problems.map(({ message }) => message));
  await onlooker.inSync(one, stage);
  return undefined;
}

async function editLive(one: Case, stage: Stage): Promise<boolean> {
  if (one.edit === "none") return true;
  const live = await stage.read(one.before);
  return live !== undefined && EDITS[one.edit].perform(one, live, stage);
}
