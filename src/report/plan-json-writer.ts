import type { Author, Change, Drift } from "../model/change.ts";
import type { Outcome } from "../model/outcome.ts";
import type { TargetReport } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { Ref } from "../model/ref.ts";
import type { RunReport } from "../model/run.ts";
import { formatTarget } from "../model/target.ts";
import type { PlanJson, TargetJson } from "./plan-json-schema.ts";

/** A run in the shape of `plan.json`: what is absent with us is null there, except values, whose null has a meaning. */
export function toPlanJson(report: RunReport): PlanJson {
  return {
    schemaVersion: 1,
    command: report.command,
    repository: report.repository,
    pull: report.pull ?? null,
    pulls: report.pulls,
    base: report.base ?? null,
    head: report.head ?? null,
    digest: report.digest ?? null,
    result: report.result,
    targets: report.targets.map(toTarget),
    problems: report.problems.map(toProblem),
    notes: report.notes,
    requests: report.requests,
    milliseconds: report.milliseconds,
    time: report.time,
    link: report.link ?? null,
  };
}

function toTarget(report: TargetReport): TargetJson {
  const { appliedRevision: applied } = report;
  return {
    target: formatTarget(report.target),
    result: report.result,
    reason: report.reason ?? null,
    digest: report.digest ?? null,
    rendered: report.rendered ?? null,
    intent: report.intent ?? null,
    keyId: report.keyId,
    cluster: report.cluster ?? null,
    renderer: report.renderer ?? null,
    appliedRevision: applied?.commit ?? null,
    applied: applied === undefined ? null : { digest: applied.digest, time: applied.time },
    changes: report.changes.map(toChange),
    outcomes: report.outcomes.map(toOutcome),
    drift: report.drift.map(toDrift),
    problems: report.problems.map(toProblem),
    hidden: report.hidden,
    objects: report.objects,
  };
}

function toChange(change: Change): TargetJson["changes"][number] {
  return {
    op: change.op,
    ...toRef(change.ref),
    version: change.version,
    movedFrom: change.movedFrom ?? null,
    certainty: change.certainty,
    because: change.because ?? null,
    restarts: change.restarts ?? null,
    fields: change.fields,
    ...(change.differences && { differences: change.differences }),
    ...(change.notes && { notes: change.notes }),
    warnings: change.warnings,
    at: change.at ?? null,
  };
}

function toOutcome(outcome: Outcome): TargetJson["outcomes"][number] {
  return {
    op: outcome.op,
    ...toRef(outcome.ref),
    outcome: outcome.outcome,
    before: outcome.before ?? null,
    after: outcome.after ?? null,
    settledAfterMilliseconds: outcome.settledAfterMilliseconds ?? null,
    message: outcome.message ?? null,
  };
}

function toDrift(drift: Drift): TargetJson["drift"][number] {
  return {
    ...toRef(drift.ref),
    class: drift.class,
    path: drift.path,
    ...(drift.git !== undefined && { git: drift.git }),
    ...(drift.live !== undefined && { live: drift.live }),
    by: drift.by === undefined ? null : toAuthor(drift.by),
    onMerge: drift.onMerge,
    security: drift.security,
    ...(drift.counts !== undefined && { counts: drift.counts }),
  };
}

function toAuthor({ manager, operation, subresource, time }: Author): NonNullable<TargetJson["drift"][number]["by"]> {
  return { manager, operation, subresource: subresource ?? null, time: time ?? null };
}

function toProblem({ code, level, message, remedy, at }: Problem): PlanJson["problems"][number] {
  return { code, level, message, remedy, at: at ?? null };
}

function toRef({
  group,
  kind,
  namespace,
  name,
}: Ref): Pick<TargetJson["changes"][number], "group" | "kind" | "namespace" | "name"> {
  return { group, kind, namespace: namespace ?? null, name };
}
