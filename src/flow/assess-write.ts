import type { Change } from "../model/change.ts";
import { canonicalJson } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import { isManagedByUs } from "../model/ownership-marks.ts";
import { formatPath } from "../model/path.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef, type Ref } from "../model/ref.ts";
import { attributedFields, createdFields, gitFields, isGitChange, type Sides } from "../diff/attribute.ts";
import { problemOfRefusal } from "../diff/refused.ts";
import { takeoverProblems, takeovers } from "../diff/takeover.ts";
import type { Assessment } from "./assess.ts";
import { countedDrift, settledPrediction, sidesOf, toChange, untilLetGo } from "./described-change.ts";
import type { Desired } from "./desired.ts";
import type { Predicted, Unpredicted } from "./prediction.ts";
import type { Subject } from "./subjects.ts";

export interface WriteRules {
  /** Live objects of the same kind: they may have the field that a misspelled one means. */
  readonly likeIt: (ref: Ref) => readonly KubeObject[];
  readonly adopt: boolean;
  /** The target that the object leaves for this one. */
  readonly movedFrom?: string;
}

/** What writing a desired object changes. */
export function assessWrite(subject: Subject, head: Desired, rules: WriteRules): Assessment {
  const { predictedHead: prediction } = subject;
  const sides = sidesOf(subject);
  const found = countedDrift(subject, sides);
  if (prediction?.kind === "refused") {
    const sent = subject.sending?.object ?? head.object;
    const known = { sent, ...(subject.live && { live: subject.live }), siblings: rules.likeIt(head.ref) };
    const problems = [problemOfRefusal(prediction.refusal, head.ref, head.at, known)];
    return { ...found, ...asGitHasIt(subject, head, "server"), problems };
  }
  if (prediction?.kind !== "predicted") return { ...found, ...asGitHasIt(subject, head, "offline", prediction) };
  const { change, fields } = predictedChange(subject, { head, sides }, prediction, rules);
  const problems = [
    ...(prediction.problems ?? []),
    ...ownershipProblems(subject, head, prediction, { ...rules, drift: found.drift }),
    ...heldProblems(subject, head),
  ];
  return { ...found, ...(change && { change }), fields, problems };
}

/** What the server did not say is told as Git has it; it is never taken for "nothing changes". */
function asGitHasIt(
  subject: Subject,
  head: Desired,
  certainty: Change["certainty"],
  unpredicted?: Unpredicted,
): Pick<Assessment, "change" | "fields" | "problems"> {
  const fields = gitFields(subject.base?.object, head.object);
  const change = toChange(subject, subject.live === undefined ? "create" : "update", fields, certainty);
  const because = unpredicted === undefined ? {} : { because: unpredicted.because };
  return { change: { ...change, ...because }, fields, problems: unpredicted?.problems ?? [] };
}

function predictedChange(
  subject: Subject,
  { head, sides }: { readonly head: Desired; readonly sides: Sides },
  prediction: Predicted,
  { movedFrom }: WriteRules,
): Pick<Assessment, "change" | "fields"> {
  const { live, base } = subject;
  const { certainty } = prediction;
  if (live === undefined) {
    // Git had it before and the cluster has lost it: this pull request is not what creates it.
    const from = base === undefined ? "pull-request" : "drift";
    const fields = createdFields(head.object).map((field) => ({ ...field, from }) as const);
    return { change: toChange(subject, "create", fields, certainty), fields };
  }
  const allocated = (settledPrediction(subject, "head")?.allocated ?? []).map(formatPath);
  // What the server picks anew is told in a note: no value before or after it means anything.
  const fields = attributedFields(sides).filter(({ path }) => !allocated.includes(formatPath(path)));
  if (prediction.replaces)
    return {
      change: untilLetGo(withAllocated(toChange(subject, "replace", fields, certainty), allocated), live),
      fields,
    };
  if (movedFrom !== undefined)
    return {
      change: { ...withAllocated(toChange(subject, "update", fields, certainty), allocated), movedFrom },
      fields,
    };
  const op = fields.length > 0 ? "update" : ownershipDiffers(live, prediction.object) ? "ownership" : undefined;
  if (op === undefined) return { fields: [] };
  return { change: withAllocated(toChange(subject, op, fields, certainty), allocated), fields };
}

function withAllocated(change: Change, allocated: readonly string[]): Change {
  if (allocated.length === 0) return change;
  return { ...change, notes: [`the server allocates ${allocated.join(", ")} when it is written`] };
}

/** Writing it makes fields ours or takes them from us, even where no server could say so. */
function ownershipDiffers(live: KubeObject, predicted: KubeObject): boolean {
  return !isManagedByUs(live) || claimsDiffer(live, predicted);
}

// A no-op answer equals the live object; times are written anew on every change of a manager's set.
function claimsDiffer(live: KubeObject, predicted: KubeObject): boolean {
  return live !== predicted && claimsText(live) !== claimsText(predicted);
}

function claimsText({ metadata }: KubeObject): string {
  const claims = (metadata.managedFields ?? []).map(({ time: _time, ...claim }) => canonicalJson(claim));
  return claims.toSorted().join("\n");
}

/**
 * Fields that writing takes away from somebody else; what becomes ours as a whole is not among them. Who drifted, and that
 * merging reverts it, is told with the drift already.
 */
function ownershipProblems(
  { live, sending }: Subject,
  head: Desired,
  prediction: Predicted,
  { adopt, drift }: Pick<WriteRules, "adopt"> & Pick<Assessment, "drift">,
): readonly Problem[] {
  if (live === undefined || sending === undefined) return [];
  const written = prediction.certainty === "server" ? prediction.object : sending.object;
  if (written === live) return [];
  const told = new Set(drift.filter(({ by }) => by !== undefined).map(({ path }) => path));
  const taken = takeovers(written, live, { absorbed: sending.absorbs }).filter(
    ({ path, declarative }) => declarative || !told.has(formatPath(path)),
  );
  return takeoverProblems(head.ref, taken, { adopting: adopt && !isManagedByUs(live), at: head.at });
}

/** This change sets fields in Git that are left to somebody else: merging does not bring them about. */
function heldProblems({ base, sending }: Subject, head: Desired): readonly Problem[] {
  const changed = (sending?.held ?? []).filter(({ path, git }) =>
    base === undefined ? git !== undefined : isGitChange(path, { base: base.object, head: head.object }),
  );
  if (changed.length === 0) return [];
  return [
    {
      code: "left-alone",
      level: "caution",
      message: `${formatRef(head.ref)}: ${changed.map(({ path }) => formatPath(path)).join(", ")} changes in Git but is left as it is live: an ignore rule or an autoscaler looks after it`,
      remedy: "take the field out of Git, or take the rule away",
      at: head.at,
    },
  ];
}
