import type { Change, FieldChange } from "../model/change.ts";
import type { KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { refKey } from "../model/ref.ts";
import type { Planned } from "../preflight/planned.ts";
import { gitFields } from "../diff/attribute.ts";
import type { Rename } from "../preflight/renames.ts";
import { NO_VOLUMES } from "../preflight/volumes.ts";
import { readingAids, type ReadingAid } from "../preflight/reading-aids.ts";
import type { Assessment } from "./assess.ts";
import { checkDefinitions } from "./changed-definitions.ts";
import type { Judged } from "./judged-plan.ts";
import { maskedField } from "./described-change.ts";
import { dryRemove, NO_REMOVALS } from "./dry-removals.ts";
import { checkQuotas } from "./live-quotas.ts";
import { readVolumes } from "./live-volumes.ts";
import { checkReferences } from "./outside-references.ts";
import type { Prediction } from "./prediction.ts";
import type { Subject } from "./subjects.ts";

/** What looking at the plan as a whole adds. */
export interface Checked {
  readonly changes: readonly Change[];
  readonly problems: readonly Problem[];
}

/** Tells what single objects cannot: what goes with them, what they do to each other, what a reader must not miss. */
export async function checkPlan(judged: Judged, signal: AbortSignal): Promise<Checked> {
  const { request, subjects, assessments } = judged;
  const plan = plannedOf(subjects, assessments);
  // Only what changes is worth a question to the cluster, and only if somebody thinks of writing it.
  const isQuiet = assessments.every(({ change }) => change === undefined);
  const access = isQuiet || request.purpose === "look" ? undefined : request.access;
  const asked = access && { cluster: access.cluster, plan, judged };
  const [volumes, removals, ...problems] = await Promise.all([
    asked ? readVolumes(asked, signal) : NO_VOLUMES,
    asked ? dryRemove(judged, signal) : NO_REMOVALS,
    asked ? checkDefinitions(asked, signal) : [],
    asked ? checkQuotas(asked, signal) : [],
    asked ? checkReferences(asked, signal) : [],
  ]);
  const aids = readingAids(plan, volumes);
  const renamed = renamedFields(aids.renames, subjects);
  const changes = assessments.flatMap(({ change }) => change ?? []);
  return {
    changes: changes
      .map((change) => withAid(change, aids.changes.get(refKey(change.ref))))
      .map((change) => withDifferences(change, renamed.get(refKey(change.ref))))
      .map((change) => withDoubt(change, removals.unasked.get(refKey(change.ref)))),
    problems: [...removals.problems, ...problems.flat(), ...aids.problems],
  };
}

/** An object may leave another app and so have come from there already. */
function withAid(change: Change, aid: ReadingAid | undefined): Change {
  if (aid === undefined) return change;
  const notes = [...(change.notes ?? []), ...(aid.notes ?? [])];
  const { movedFrom = aid.movedFrom } = change;
  return { ...change, ...aid, ...(notes.length > 0 && { notes }), ...(movedFrom !== undefined && { movedFrom }) };
}

/** In what objects under a new name differ from the old ones, as Git has the two; by ref key of the new. */
function renamedFields(
  renames: readonly Rename[],
  subjects: readonly Subject[],
): ReadonlyMap<string, readonly FieldChange[]> {
  const byKey = new Map(subjects.map((subject) => [refKey(subject.ref), subject]));
  return new Map(
    renames.flatMap(({ from, to }) => {
      const old = byKey.get(refKey(from.ref))?.base?.object;
      const fresh = byKey.get(refKey(to.ref))?.head?.object;
      if (old === undefined || fresh === undefined) return [];
      return [[refKey(to.ref), gitFields(old, fresh).map((field) => maskedField(to.ref, field))] as const];
    }),
  );
}

function withDifferences(change: Change, differences: readonly FieldChange[] | undefined): Change {
  return differences === undefined ? change : { ...change, differences };
}

function withDoubt(change: Change, because: string | undefined): Change {
  return because === undefined ? change : { ...change, certainty: "offline", because };
}

function plannedOf(subjects: readonly Subject[], assessments: readonly Assessment[]): readonly Planned[] {
  return subjects.map((subject, index) => {
    const { ref, live, base, head } = subject;
    const op = assessments[index]?.change?.op;
    const before = predictedObject(subject.predictedBase) ?? base?.object;
    const after = predictedObject(subject.predictedHead) ?? head?.object;
    return {
      ref,
      ...(op && { op }),
      ...(live && { live }),
      ...(before && { base: before }),
      ...(after && { head: after }),
      ...(head && { at: head.at }),
    };
  });
}

function predictedObject(prediction: Prediction | undefined): KubeObject | undefined {
  return prediction?.kind === "predicted" ? prediction.object : undefined;
}
