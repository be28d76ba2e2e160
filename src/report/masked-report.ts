import type { Author, Change, Drift, FieldChange, Value } from "../model/change.ts";
import { formatJson, isList, isMap, type Json } from "../model/json.ts";
import type { Masker } from "../model/masker.ts";
import type { Outcome } from "../model/outcome.ts";
import type { TargetReport } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { Ref } from "../model/ref.ts";
import type { RunReport } from "../model/run.ts";
import { excerptOfEnds } from "./excerpt.ts";

declare const masked: unique symbol;

/**
 * A report in which every text that others wrote has been through the masker. It is masked before it is formatted,
 * because cutting and escaping change a text until the masker no longer knows it.
 */
export type MaskedReport = RunReport & { readonly [masked]: true };

/** Names of targets, commits, digests and times are ours and stay as they are. Sentences are cut here: half a secret is none that the masker knows. */
export function maskReport(report: RunReport, masker: Masker): MaskedReport {
  const hide = (text: string): string => masker.text(text);
  const shown: RunReport = {
    ...report,
    targets: report.targets.map((target) => maskTarget(target, hide)),
    problems: report.problems.map((problem) => maskProblem(problem, hide)),
    notes: report.notes.map(hide),
  };
  return shown as MaskedReport;
}

type Hide = (text: string) => string;

// A server may repeat a whole object, and a manifest may name something with a megabyte.
const LONGEST_SENTENCE = 1000;

/** Of what is too long, the beginning names the subject and the end the reason. */
function tell(sentence: string, hide: Hide): string {
  return excerptOfEnds(hide(sentence), LONGEST_SENTENCE);
}

function maskTarget(target: TargetReport, hide: Hide): TargetReport {
  return {
    ...target,
    ...(target.reason !== undefined && { reason: tell(target.reason, hide) }),
    changes: target.changes.map((change) => maskChange(change, hide)),
    outcomes: target.outcomes.map((outcome) => maskOutcome(outcome, hide)),
    drift: target.drift.map((drift) => maskDrift(drift, hide)),
    problems: target.problems.map((problem) => maskProblem(problem, hide)),
  };
}

function maskChange(change: Change, hide: Hide): Change {
  return {
    ...change,
    ref: maskRef(change.ref, hide),
    ...(change.movedFrom !== undefined && { movedFrom: hide(change.movedFrom) }),
    ...(change.because !== undefined && { because: tell(change.because, hide) }),
    fields: change.fields.map((field) => maskField(field, hide)),
    ...(change.differences && { differences: change.differences.map((field) => maskField(field, hide)) }),
    ...(change.notes && { notes: change.notes.map((note) => tell(note, hide)) }),
    warnings: change.warnings.map(hide),
    ...(change.at && { at: { ...change.at, file: hide(change.at.file) } }),
  };
}

function maskField(field: FieldChange, hide: Hide): FieldChange {
  return {
    ...field,
    path: hide(field.path),
    ...(field.before !== undefined && { before: maskValue(field.before, hide) }),
    ...(field.after !== undefined && { after: maskValue(field.after, hide) }),
  };
}

function maskDrift(drift: Drift, hide: Hide): Drift {
  return {
    ...drift,
    ref: maskRef(drift.ref, hide),
    path: hide(drift.path),
    ...(drift.git !== undefined && { git: maskValue(drift.git, hide) }),
    ...(drift.live !== undefined && { live: maskValue(drift.live, hide) }),
    ...(drift.by && { by: maskAuthor(drift.by, hide) }),
  };
}

function maskAuthor(author: Author, hide: Hide): Author {
  return { ...author, manager: hide(author.manager) };
}

function maskOutcome(outcome: Outcome, hide: Hide): Outcome {
  const message = outcome.message === undefined ? {} : { message: tell(outcome.message, hide) };
  return { ...outcome, ref: maskRef(outcome.ref, hide), ...message };
}

function maskProblem(problem: Problem, hide: Hide): Problem {
  return {
    ...problem,
    message: tell(problem.message, hide),
    remedy: tell(problem.remedy, hide),
    ...(problem.at && { at: { ...problem.at, file: hide(problem.at.file) } }),
  };
}

function maskRef(ref: Ref, hide: Hide): Ref {
  const namespace = ref.namespace === undefined ? {} : { namespace: hide(ref.namespace) };
  return { ...ref, kind: hide(ref.kind), ...namespace, name: hide(ref.name) };
}

function maskValue(value: Value, hide: Hide): Value {
  return maskJson(value as Json, hide);
}

/** A value whose texts, keys and numbers have been through the masker: a password of digits is a number to YAML. */
export function maskJson(value: Json, hide: Hide): Json {
  if (typeof value === "string") return hide(value);
  if (isList(value)) return value.map((item) => maskJson(item, hide));
  if (isMap(value)) {
    const members = Object.entries(value).filter((member): member is [string, Json] => member[1] !== undefined);
    return Object.fromEntries(members.map(([key, member]) => [hide(key), maskJson(member, hide)]));
  }
  if (typeof value !== "number" && typeof value !== "bigint") return value;
  const digits = formatJson(value);
  const hidden = hide(digits);
  return hidden === digits ? value : hidden;
}
