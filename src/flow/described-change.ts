import type { Change, Drift, FieldChange, Op } from "../model/change.ts";
import { isList } from "../model/json.ts";
import { versionOf, type KubeObject } from "../model/object.ts";
import { formatPath } from "../model/path.ts";
import type { Ref } from "../model/ref.ts";
import { driftOf, type AttributedField, type Sides } from "../diff/attribute.ts";
import { withoutAllocated, type Settled } from "../diff/allocated.ts";
import { withoutStatus } from "../diff/comparable.ts";
import { maskValue } from "../diff/secrecy.ts";
import type { Subject } from "./subjects.ts";

/** A change as people may see it: secret values are masked. */
export function toChange(
  subject: Subject,
  op: Op,
  fields: readonly AttributedField[],
  certainty: Change["certainty"],
): Change {
  const { ref, head, live, predictedHead } = subject;
  const object = head?.object ?? live ?? subject.base?.object;
  const predicted = predictedHead?.kind === "predicted" ? predictedHead : undefined;
  return {
    op,
    ref,
    version: object === undefined ? "" : versionOf(object.apiVersion),
    certainty,
    ...(predicted?.because !== undefined && { because: predicted.because }),
    fields: fields.map((field) => maskedField(ref, field)),
    warnings: predicted?.warnings ?? [],
    ...(head && { at: head.at }),
  };
}

/** A deletion, or what begins with one, of an object that others hold by finalizers. */
export function untilLetGo(change: Change, { metadata }: KubeObject): Change {
  const listed = metadata["finalizers"];
  const finalizers = isList(listed) ? listed.filter((name) => typeof name === "string") : [];
  if (finalizers.length === 0) return change;
  const note = `it is gone once ${finalizers.join(", ")} is taken off it (metadata.finalizers)`;
  return { ...change, notes: [...(change.notes ?? []), note] };
}

/** A field of an object as people may see it. */
export function maskedField(ref: Ref, { path, before, after, from }: AttributedField): FieldChange {
  return {
    path: formatPath(path),
    ...(before === undefined ? {} : { before: maskValue(ref, path, before) }),
    ...(after === undefined ? {} : { after: maskValue(ref, path, after) }),
    from,
  };
}

/** The drift of an object that counts, and how much of it was left to others by somebody's word. */
export function countedDrift(
  subject: Subject,
  sides = sidesOf(subject),
): { readonly drift: readonly Drift[]; readonly ignored: number } {
  const drift = driftOf(sides);
  const held = subject.sending?.held.length ?? 0;
  if (subject.ignoring?.driftUncounted !== undefined) return { drift: [], ignored: held + drift.length };
  if (sides.leftAlone === undefined) return { drift, ignored: held };
  const { leftAlone: _leftAlone, ...all } = sides;
  return { drift, ignored: held + driftOf(all).length - drift.length };
}

/** One object's sides, without the status where the server alone writes it. */
export function sidesOf(subject: Subject): Sides {
  const { base, head, live, liveAsBase } = subject;
  const [predictedBase, predictedHead] = [settledPrediction(subject, "base"), settledPrediction(subject, "head")];
  const keepsStatus = (head ?? base)?.keepsStatus === true;
  const seen = (object: KubeObject): KubeObject => (keepsStatus ? object : withoutStatus(object));
  const seenLive = live && seen(live);
  const asSeen = (object: KubeObject): KubeObject => (object === live && seenLive ? seenLive : seen(object));
  return {
    ...(base && { base: base.object }),
    ...(head && { head: head.object }),
    ...(seenLive && { live: seenLive }),
    ...(liveAsBase && { liveAsBase: seen(liveAsBase) }),
    ...(predictedBase && { predictedBase: asSeen(predictedBase.object) }),
    ...(predictedHead && { predictedHead: asSeen(predictedHead.object) }),
    ...(subject.ignoring?.kind === "paths" && { leftAlone: subject.ignoring.paths }),
  };
}

/** What is predicted of an object, as far as it will be so: numbers that the server picks at the write are left out. */
export function settledPrediction(subject: Subject, side: "base" | "head"): Settled | undefined {
  const prediction = side === "base" ? subject.predictedBase : subject.predictedHead;
  const desired = subject[side];
  if (prediction?.kind !== "predicted" || desired === undefined) return undefined;
  return withoutAllocated(prediction.object, desired.object, prediction.replaces ? undefined : subject.live);
}
