import type { Change } from "../../src/model/change.ts";
import { canonicalJson, isMap, type JsonMap } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { refKey } from "../../src/model/ref.ts";
import type { Desired } from "../../src/flow/desired.ts";
import type { TargetPlan } from "../../src/flow/plan-target.ts";
import type { Problem, ProblemCode } from "../../src/model/problem.ts";
import { problemOfRefusal } from "../../src/diff/refused.ts";
import type { Case } from "./case.ts";
import { claimsOf, contentOf, misplaced, unordered } from "./content.ts";
import {
  differenceText,
  keepsStatus,
  listed,
  listText,
  mismatch,
  told,
  type Mismatch,
  type Verdict,
} from "./mismatch.ts";
import { replay } from "./replay.ts";
import type { Course } from "./story.ts";
import type { Stage } from "./stage.ts";
import { targetOf } from "./target.ts";

/** Lays what the plan said beside what really happened; where the plan says "nothing", the real write is made to see. */
export async function compare(course: Course, stage: Stage): Promise<Verdict> {
  const { one, plan } = course;
  const blockers = plan.report.problems.filter(({ level }) => level !== "caution");
  if (blockers.length > 0) return compareRefusal(course, blockers, stage);
  const refused = course.report.problems.find(({ level }) => level !== "caution");
  if (refused !== undefined) {
    const got = `${refused.code}: ${refused.message}`;
    return verdict(one, course.change?.op ?? "nothing", [mismatch(course, "refusal unforeseen", told(course), got)]);
  }
  if (course.change === undefined) return verdict(one, "nothing", await compareNothing(course, stage));
  const mismatches = course.change.op === "create" ? compareCreation(course) : compareWrite(course, course.change);
  return verdict(one, course.change.op, [...mismatches, ...(await compareAfterwards(course, stage))]);
}

function verdict(one: Case, deed: Verdict["deed"], mismatches: readonly Mismatch[]): Verdict {
  return { one, deed, mismatches };
}

// Codes of guards that are ours alone: the server may well accept what they hold back.
const GUARDS: readonly ProblemCode[] = [
  "duplicate-key",
  "server-owned-field",
  "encrypted-value",
  "unresolved-variable",
  "owned-by-another",
  "field-owned-by-another",
  "namespace-not-allowed",
  "namespace-on-cluster-scoped",
  "prune-limit",
];

async function compareRefusal(course: Course, blockers: readonly Problem[], stage: Stage): Promise<Verdict> {
  const { one, plan } = course;
  const expected = blockers.map(({ code, message }) => `${code}: ${message}`).join("; ");
  // Where others' claims are moved first, a plain write is refused, or accepted, for reasons of its own.
  if (isMigration(course)) return verdict(one, "refused", []);
  const desired = plan.desired.find(({ ref }) => ref.kind === one.recipe.kind);
  if (desired?.address === undefined) return verdict(one, "guarded", []);
  const answer = await stage.access.cluster.apply(desired.address, sentFor(plan, desired), { dryRun: false }, soon());
  if (answer.kind === "accepted") {
    const isGuard = blockers.some(({ code }) => GUARDS.includes(code));
    if (!isGuard) return verdict(one, "guarded", [mismatch(course, "refused without need", expected, "accepted")]);
    // What the guard held back has happened now: what the plan said of it must be true all the same.
    const happened = { ...course, after: answer.object };
    return verdict(one, "guarded", course.change === undefined ? [] : compareWrite(happened, course.change));
  }
  const { code, message } = problemOfRefusal(answer.refusal, desired.ref, desired.at);
  const isSame = blockers.some((blocker) => blocker.code === code || GUARDS.includes(blocker.code));
  return verdict(
    one,
    "refused",
    isSame ? [] : [mismatch(course, "refused otherwise", expected, `${code}: ${message}`)],
  );
}

/** The engine writes nothing where its plan says nothing, so the same write is sent by hand: it must change nothing. */
async function compareNothing(course: Course, stage: Stage): Promise<readonly Mismatch[]> {
  const { one, plan, before, after } = course;
  if (one.mutation === "leave Git")
    return after === undefined ? [mismatch(course, "another deed", "it stays", "it is gone")] : [];
  const desired = plan.desired.find(({ ref }) => ref.kind === one.recipe.kind);
  if (desired?.address === undefined || before === undefined)
    return [mismatch(course, "another deed", "nothing to do", "it is not there")];
  const answer = await stage.access.cluster.apply(desired.address, sentFor(plan, desired), { dryRun: false }, soon());
  if (answer.kind === "refused") return [mismatch(course, "refusal unforeseen", "nothing", answer.refusal.message)];
  // The server may store the same object in other bytes, as it does once with every new PersistentVolumeClaim.
  if (isSameObject(one, before, answer.object)) return [];
  return [mismatch(course, "writes in silence", "nothing", differenceText(course, before, answer.object))];
}

function sentFor({ sendings }: Pick<TargetPlan, "sendings">, { ref, object }: Desired): KubeObject {
  return sendings.get(refKey(ref))?.object ?? object;
}

function compareCreation(course: Course): readonly Mismatch[] {
  const { before, after } = course;
  if (before !== undefined) return [mismatch(course, "another deed", "create", "it is there already")];
  return after === undefined ? [mismatch(course, "another deed", "create", "it is not there")] : [];
}

function compareWrite(course: Course, change: Change): readonly Mismatch[] {
  const { before, after } = course;
  const real = deedOf(course);
  const isSame = real === change.op || (change.op === "keep" && real === "nothing");
  if (!isSame) {
    const got = before && after ? `${real}: ${differenceText(course, before, after)}` : real;
    return [mismatch(course, "another deed", told(course), got)];
  }
  if (before === undefined || after === undefined || !["update", "replace"].includes(change.op)) return [];
  return [...compareFields(course, { before, after }, change), ...leftovers(course, after)];
}

function deedOf({ before, after, one }: Course): Change["op"] | "nothing" {
  if (after === undefined) return "delete";
  if (before === undefined) return "create";
  // Its finalizers have still to run.
  if (after.metadata.deletionTimestamp !== undefined && before.metadata.deletionTimestamp === undefined)
    return "delete";
  if (before.metadata.uid !== after.metadata.uid) return "replace";
  if (!isSameContent(one, before, after)) return "update";
  return isSameObject(one, before, after) ? "nothing" : "ownership";
}

function isSameObject(one: Case, before: KubeObject, after: KubeObject): boolean {
  return isSameContent(one, before, after) && claimsOf(before) === claimsOf(after);
}

function isSameContent(one: Case, before: KubeObject, after: KubeObject): boolean {
  const keeps = { keepsStatus: keepsStatus(one) };
  return canonicalJson(contentOf(before, keeps)) === canonicalJson(contentOf(after, keeps));
}

function compareFields(
  course: Course,
  { before, after }: { readonly before: KubeObject; readonly after: KubeObject },
  change: Change,
): readonly Mismatch[] {
  const keeps = { keepsStatus: keepsStatus(course.one) };
  const [was, is] = [contentOf(before, keeps), contentOf(after, keeps)];
  const { content, faults } = replay(was, change, is);
  const untrue = faults.length === 0 ? [] : [mismatch(course, "untrue field", told(course), listed(faults))];
  if (canonicalJson(unordered(pruned(content))) !== canonicalJson(unordered(pruned(is))))
    return [...untrue, mismatch(course, "another value", told(course), listText(content, is))];
  // Where among the others an item stands that came is not said; but what was there keeps its order unless that is told.
  const places = misplaced(was, content, is);
  if (places.length === 0) return untrue;
  return [...untrue, mismatch(course, "order untold", told(course), `another order of ${listed(places)}`)];
}

/** Without what the trimming of our own marks leaves open: a map of labels or annotations that is empty. */
function pruned(content: JsonMap): JsonMap {
  const { metadata } = content;
  if (!isMap(metadata)) return content;
  const isEmpty = (value: unknown): boolean =>
    typeof value === "object" && value !== null && Object.keys(value).length === 0;
  const kept = Object.entries(metadata).filter(
    ([key, value]) => !(["labels", "annotations"].includes(key) && isEmpty(value)),
  );
  return { ...content, metadata: Object.fromEntries(kept) };
}

const ABSORBED = ["kubectl-client-side-apply", "kubectl-apply", "helm", "kustomize-controller", "argocd-controller"];

/** Once an object is ours, nobody who wrote it in our place before holds on to its fields. */
function leftovers(course: Course, after: KubeObject): readonly Mismatch[] {
  // A Namespace is joined, not adopted: what others put into it stays theirs.
  if (after.apiVersion === "v1" && after.kind === "Namespace") return [];
  // Claims in another version are left for the next run: one entry holds paths of one version.
  if (!isMigration(course) || course.one.before.apiVersion !== after.apiVersion) return [];
  const left = (after.metadata.managedFields ?? []).filter(
    ({ manager = "", subresource }) => subresource === undefined && ABSORBED.includes(manager),
  );
  if (left.length === 0) return [];
  const names = left.map(({ manager, operation }) => `${manager} (${operation})`).join(", ");
  return [mismatch(course, "left half-migrated", "our manager alone", `${names} still holds fields`)];
}

function isMigration({ one }: Course): boolean {
  return one.start !== "ours" || one.edit === "kubectl apply";
}

/**
 * What is applied is in sync: the same plan, made again, finds nothing. Where the server itself wants a second write (it drops an
 * empty map only then), a plan that says so is true.
 */
async function compareAfterwards(course: Course, stage: Stage): Promise<readonly Mismatch[]> {
  const { one, change, after } = course;
  if (change?.op === "delete" || change?.op === "keep" || after === undefined) return [];
  const target = targetOf(one);
  const { desired, sendings, report } = await stage.plan({ ...target, base: target.head });
  const again = [
    ...report.changes.map((next) => `${next.op} ${next.fields.map(({ path }) => path).join(", ")}`),
    ...report.problems.filter(({ level }) => level !== "caution").map(({ code, message }) => `${code}: ${message}`),
  ];
  const entry = desired.find(({ ref }) => ref.kind === one.recipe.kind);
  if (again.length === 0 || entry?.address === undefined) return [];
  const answer = await stage.access.cluster.apply(
    entry.address,
    sentFor({ sendings }, entry),
    { dryRun: true },
    soon(),
  );
  const isRight = answer.kind === "refused" || canonicalJson(answer.object) !== canonicalJson(after);
  return isRight ? [] : [mismatch(course, "not in sync afterwards", "nothing", again.join("; "))];
}

function soon(): AbortSignal {
  return AbortSignal.timeout(60_000);
}
