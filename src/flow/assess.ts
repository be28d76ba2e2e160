import type { Change, Drift } from "../model/change.ts";
import type { KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef, refKey, type Ref } from "../model/ref.ts";
import { gitFields, stuck, type AttributedField } from "../diff/attribute.ts";
import { claimOn, claimProblem, wantedTwice, type Claimant } from "../rollout/claim.ts";
import { keepReason, keptCaution, missingEvidence, type Evidence, type PrunePolicy } from "../rollout/prune.ts";
import { assessWrite, type WriteRules } from "./assess-write.ts";
import { countedDrift, toChange, untilLetGo } from "./described-change.ts";
import type { Desired } from "./desired.ts";
import type { Subject } from "./subjects.ts";
import { wantedBy, type WantedElsewhere } from "./wanted.ts";

export interface AssessRules extends Evidence, Pick<WriteRules, "likeIt"> {
  /** No cluster is asked: only Git's two states are compared. */
  readonly offline: boolean;
  readonly claimant: Claimant;
  /** For objects that name none. */
  readonly namespace: string;
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
  /** Differences that somebody asked to leave alone. */
  readonly ignored: number;
}

const NOTHING: Assessment = { fields: [], drift: [], problems: [], ignored: 0 };

export function assess(subject: Subject, rules: AssessRules): Assessment {
  const { head, live } = subject;
  if (rules.offline) return assessOffline(subject, rules);
  // Base wanted it and head does not, but whether it is there nobody knows; the problem that says so blocks the plan.
  if (head === undefined && subject.unread) return NOTHING;
  if (head === undefined) return live === undefined ? onlyDrift(subject, rules) : assessRemoval(subject, live, rules);
  if (subject.unread) return { ...NOTHING, change: toChange(subject, "update", [], "unread") };
  const { ignoring } = subject;
  if (live === undefined)
    return ignoring?.kind === "whole"
      ? assessLeftAlone(subject, head, ignoring.because)
      : assessCreation(subject, head, rules);
  const claim = claimOn(live, rules.claimant);
  const wanted = wantedBy(head.ref, rules.elsewhere);
  const claiming = { adopt: rules.adopt, at: head.at, ...(wanted !== undefined && { wantedBy: wanted }) };
  const problem = claimProblem(claim, head.ref, claiming);
  if (problem !== undefined) return { ...NOTHING, problems: [problem] };
  if (ignoring !== undefined && ignoring.kind !== "paths") return assessLeftAlone(subject, head, ignoring.because);
  const movedFrom = claim.kind === "sibling" && { movedFrom: claim.target };
  const assessment = assessWrite(subject, head, { ...rules, ...movedFrom });
  if (live.metadata.deletionTimestamp === undefined) return assessment;
  return { ...assessment, problems: [...assessment.problems, beingDeleted(head)] };
}

/** The server still takes what is written to it, and forgets it all. */
function beingDeleted({ ref, at }: Desired): Problem {
  return {
    code: "being-deleted",
    level: "caution",
    message: `${formatRef(ref)} is being deleted, with whatever is written to it`,
    remedy: "look at its finalizers, and run again once it is gone",
    at,
  };
}

function assessCreation(subject: Subject, head: Desired, rules: AssessRules): Assessment {
  const assessment = assessWrite(subject, head, rules);
  const other = rules.elsewhere.by.get(refKey(head.ref));
  if (other === undefined) return assessment;
  return { ...assessment, problems: [...assessment.problems, wantedTwice(head.ref, other, head.at)] };
}

function assessOffline(subject: Subject, rules: AssessRules): Assessment {
  const { base, head, movedFrom } = subject;
  const because = "no cluster was asked";
  if (head === undefined) {
    const target = rules.elsewhere.by.get(refKey(placed(subject.ref, rules)));
    const kept = target === undefined ? mayMove(rules.elsewhere) : movesTo(target);
    const op = kept === undefined ? "delete" : "keep";
    return { ...NOTHING, change: { ...toChange(subject, op, [], "offline"), because: kept ?? because } };
  }
  const fields = gitFields(base?.object, head.object);
  const op = base === undefined ? "create" : "update";
  if (op === "update" && fields.length === 0 && movedFrom === undefined) return NOTHING;
  const change = { ...toChange(subject, op, fields, "offline"), because };
  return { ...NOTHING, change: { ...change, ...(movedFrom !== undefined && { movedFrom }) }, fields };
}

/** Without a cluster, an object that names no namespace is taken to be where the app's others are. */
function placed(ref: Ref, { namespace }: AssessRules): Ref {
  return ref.namespace === undefined ? { ...ref, namespace } : ref;
}

/** Nothing is written to it; a reader who changes it in Git has to know that. */
function assessLeftAlone(subject: Subject, head: Desired, because: string): Assessment {
  const { base, live } = subject;
  const changed = base === undefined && live !== undefined ? [] : gitFields(base?.object, head.object);
  const problem: Problem = {
    code: "left-alone",
    level: "caution",
    message: `${formatRef(head.ref)} is left as it is because of ${because}`,
    remedy: "take the annotation or rule away to have it applied",
    at: head.at,
  };
  return { ...NOTHING, problems: changed.length > 0 ? [problem] : [], ignored: 1 };
}

function assessRemoval(subject: Subject, live: KubeObject, rules: AssessRules): Assessment {
  const { ref, base } = subject;
  const isOurs = claimOn(live, rules.claimant).kind === "ours" && !isControlled(live);
  // What others hold in an object of theirs is not ours to show, whatever base wanted it to be.
  if (!isOurs) return NOTHING;
  const target = rules.elsewhere.by.get(refKey(ref));
  // Its drift, and what becomes of it, is told where it goes.
  if (target !== undefined)
    return { ...NOTHING, change: { ...toChange(subject, "keep", [], "server"), because: movesTo(target) } };
  const isCounted = subject.ignoring?.driftUncounted === undefined;
  const drift = base === undefined ? [] : countedDrift(subject).drift;
  if (live.metadata.deletionTimestamp !== undefined)
    return { ...NOTHING, drift: base === undefined && isCounted ? [stuck(live)] : drift };
  const because = keptBecause(subject, live, rules);
  const orphan: readonly Drift[] =
    base === undefined && isCounted
      ? [{ ref, class: "orphan", path: "", onMerge: because === undefined ? "reverted" : "kept", security: false }]
      : drift;
  if (because === undefined)
    return { ...NOTHING, change: untilLetGo(toChange(subject, "delete", [], "server"), live), drift: orphan };
  const change = { ...toChange(subject, "keep", [], "server"), because };
  return { ...NOTHING, change, drift: orphan, problems: [keptCaution(ref, because)] };
}

function keptBecause({ ref, ignoring }: Subject, live: KubeObject, rules: AssessRules): string | undefined {
  if (!rules.prune) return "prune is off";
  if (ignoring?.kind === "whole") return ignoring.because;
  return missingEvidence(live, ref, rules) ?? keepReason(live, ref, rules.policy) ?? mayMove(rules.elsewhere);
}

function movesTo(target: string): string {
  return `it moves to ${target}`;
}

function mayMove({ unknown }: WantedElsewhere): string | undefined {
  return unknown === undefined ? undefined : `${unknown} does not render and may want it`;
}

function onlyDrift(subject: Subject, { elsewhere }: AssessRules): Assessment {
  const isLost = subject.base !== undefined && !elsewhere.by.has(refKey(subject.ref));
  return isLost ? { ...NOTHING, ...countedDrift(subject) } : NOTHING;
}

function isControlled(live: KubeObject): boolean {
  return (live.metadata.ownerReferences ?? []).some(({ controller }) => controller === true);
}
