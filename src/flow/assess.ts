import type { Change, Drift, FieldChange, Op } from "../model/change.ts";
import { canonicalJson, isMap, type Json } from "../model/json.ts";
import { versionOf, type KubeObject } from "../model/object.ts";
import { formatPath } from "../model/path.ts";
import type { Problem } from "../model/problem.ts";
import { refKey, type Ref } from "../model/ref.ts";
import {
  attributedFields,
  createdFields,
  driftOf,
  gitFields,
  type AttributedField,
  type Sides,
} from "../diff/attribute.ts";
import { withoutStatus } from "../diff/comparable.ts";
import { problemOfRefusal } from "../diff/refused.ts";
import { maskValue } from "../diff/secrecy.ts";
import { claimOn, claimProblem } from "../rollout/claim.ts";
import { keepReason, keptCaution, missingEvidence, type Evidence, type PrunePolicy } from "../rollout/prune.ts";
import type { Desired } from "./desired.ts";
import type { Subject } from "./subjects.ts";
import type { WantedElsewhere } from "./wanted.ts";

export interface AssessRules extends Evidence {
  /** No cluster is asked: only Git's two states are compared. */
  readonly offline: boolean;
  readonly adopt: boolean;
  readonly elsewhere: WantedElsewhere;
  readonly prune: boolean;
  readonly policy: PrunePolicy;
}

/** One object's part of a plan. `fields` hold the values as they are and are for digests only; those of `change` are masked. */
export interface Assessment {
  readonly change?: Change;
  readonly fields: readonly AttributedField[];
  readonly drift: readonly Drift[];
  readonly problems: readonly Problem[];
}

export function assess(subject: Subject, rules: AssessRules): Assessment {
  const { head, live } = subject;
  if (rules.offline) return assessOffline(subject);
  // Base wanted it and head does not, but whether it is there nobody knows; the problem that says so blocks the plan.
  if (head === undefined && subject.unread) return { fields: [], drift: [], problems: [] };
  if (head === undefined) return live === undefined ? onlyDrift(subject) : assessRemoval(subject, live, rules);
  if (subject.unread) return { change: toChange(subject, "update", [], "unread"), fields: [], drift: [], problems: [] };
  const problem = live && claimProblem(claimOn(live, rules.setId), head.ref, rules.adopt, head.at);
  if (problem !== undefined) return { fields: [], drift: [], problems: [problem] };
  return assessWrite(subject, head);
}

function assessOffline(subject: Subject): Assessment {
  const { base, head } = subject;
  const fields = head === undefined ? [] : gitFields(base?.object, head.object);
  const op = head === undefined ? "delete" : base === undefined ? "create" : "update";
  if (op === "update" && fields.length === 0) return { fields, drift: [], problems: [] };
  const change = { ...toChange(subject, op, fields, "offline"), because: "no cluster was asked" };
  return { change, fields, drift: [], problems: [] };
}

function assessWrite(subject: Subject, head: Desired): Assessment {
  const { live, predictedHead: prediction } = subject;
  const drift = driftOf(sidesOf(subject));
  // What the server did not say is told as Git has it; it is never taken for "nothing changes".
  if (prediction?.kind !== "predicted" || (prediction.certainty === "offline" && live !== undefined)) {
    const fields = gitFields(subject.base?.object, head.object);
    const certainty = prediction?.kind === "refused" ? "server" : "offline";
    const change = toChange(subject, live === undefined ? "create" : "update", fields, certainty);
    const refusal = prediction?.kind === "refused" ? prediction.refusal : undefined;
    return { change, fields, drift, problems: refusal ? [problemOfRefusal(refusal, head.ref, head.at)] : [] };
  }
  if (live === undefined) {
    const fields = createdFields(head.object).map((field) => ({ ...field, from: originOfCreation(subject) }));
    return { change: toChange(subject, "create", fields, prediction.certainty), fields, drift, problems: [] };
  }
  const fields = attributedFields(sidesOf(subject));
  const op = fields.length > 0 ? "update" : ownershipDiffers(live, prediction.object) ? "ownership" : undefined;
  if (op === undefined) return { fields: [], drift, problems: [] };
  return { change: toChange(subject, op, fields, prediction.certainty), fields, drift, problems: [] };
}

// Git had it before and the cluster has lost it: this pull request is not what creates it.
function originOfCreation({ base }: Subject): "drift" | "pull-request" {
  return base === undefined ? "pull-request" : "drift";
}

function assessRemoval(subject: Subject, live: KubeObject, rules: AssessRules): Assessment {
  const { ref, base } = subject;
  const isOurs = claimOn(live, rules.setId).kind === "ours" && !isControlled(live);
  // What others hold in an object of theirs is not ours to show, whatever base wanted it to be.
  if (!isOurs) return { fields: [], drift: [], problems: [] };
  const drift = base === undefined ? [] : driftOf(sidesOf(subject));
  if (live.metadata.deletionTimestamp !== undefined) return { fields: [], drift, problems: [] };
  const because = keptBecause(live, ref, rules);
  const orphan: readonly Drift[] =
    base === undefined
      ? [{ ref, class: "orphan", path: "", onMerge: because === undefined ? "reverted" : "kept", security: false }]
      : drift;
  if (because === undefined)
    return { change: toChange(subject, "delete", [], "server"), fields: [], drift: orphan, problems: [] };
  const change = { ...toChange(subject, "keep", [], "server"), because };
  return { change, fields: [], drift: orphan, problems: [keptCaution(ref, because)] };
}

function keptBecause(live: KubeObject, ref: Ref, rules: AssessRules): string | undefined {
  if (!rules.prune) return "prune is off";
  return (
    missingEvidence(live, ref, rules) ?? keepReason(live, ref, rules.policy) ?? wantedBecause(ref, rules.elsewhere)
  );
}

function wantedBecause(ref: Ref, { by, unknown }: WantedElsewhere): string | undefined {
  const target = by.get(refKey(ref));
  if (target !== undefined) return `${target} wants it now`;
  return unknown === undefined ? undefined : `${unknown} does not render and may want it`;
}

function onlyDrift(subject: Subject): Assessment {
  return { fields: [], drift: subject.base === undefined ? [] : driftOf(sidesOf(subject)), problems: [] };
}

function isControlled(live: KubeObject): boolean {
  return (live.metadata.ownerReferences ?? []).some(({ controller }) => controller === true);
}

function sidesOf(subject: Subject): Sides {
  const { base, head, live, liveAsBase, predictedBase, predictedHead } = subject;
  const keepsStatus = (head ?? base)?.keepsStatus === true;
  const seen = (object: KubeObject): KubeObject => (keepsStatus ? object : withoutStatus(object));
  return {
    ...(base && { base: base.object }),
    ...(head && { head: head.object }),
    ...(live && { live: seen(live) }),
    ...(liveAsBase && { liveAsBase: seen(liveAsBase) }),
    ...(predictedBase?.kind === "predicted" && { predictedBase: seen(predictedBase.object) }),
    ...(predictedHead?.kind === "predicted" && { predictedHead: seen(predictedHead.object) }),
  };
}

// A no-op answer equals the live object; times are written anew on every change of a manager's set.
function ownershipDiffers(live: KubeObject, predicted: KubeObject): boolean {
  return claimsText(live) !== claimsText(predicted);
}

function claimsText({ metadata }: KubeObject): string {
  const claims = (metadata.managedFields ?? []).map(({ time: _time, ...claim }) => canonicalJson(claim));
  return claims.toSorted().join("\n");
}

function toChange(
  subject: Subject,
  op: Op,
  fields: readonly AttributedField[],
  certainty: Change["certainty"],
): Change {
  const { ref, head, live, predictedHead } = subject;
  const object = head?.object ?? live ?? subject.base?.object;
  const predicted = predictedHead?.kind === "predicted" ? predictedHead : undefined;
  const restarts = op === "update" && live !== undefined ? restartsOf(live, fields) : undefined;
  return {
    op,
    ref,
    version: object === undefined ? "" : versionOf(object.apiVersion),
    certainty,
    ...(predicted?.because !== undefined && { because: predicted.because }),
    ...(restarts !== undefined && { restarts }),
    fields: fields.map((field) => maskedField(ref, field)),
    warnings: predicted?.warnings ?? [],
    ...(head && { at: head.at }),
  };
}

function maskedField(ref: Ref, { path, before, after, from }: AttributedField): FieldChange {
  return {
    path: formatPath(path),
    ...(before === undefined ? {} : { before: maskValue(ref, path, before) }),
    ...(after === undefined ? {} : { after: maskValue(ref, path, after) }),
    from,
  };
}

const ROLLING = ["Deployment", "StatefulSet", "DaemonSet"];

/** How many pods a changed template replaces. */
function restartsOf(live: KubeObject, fields: readonly AttributedField[]): number | undefined {
  if (!ROLLING.includes(live.kind) || !fields.some(({ path }) => path[0] === "spec" && path[1] === "template"))
    return undefined;
  const replicas = numberAt(live["spec"], "replicas") ?? numberAt(live["status"], "desiredNumberScheduled");
  return replicas ?? 1;
}

function numberAt(value: Json | undefined, key: string): number | undefined {
  const number = isMap(value) ? value[key] : undefined;
  return typeof number === "number" ? number : undefined;
}
