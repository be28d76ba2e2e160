import type { Change, Drift, FieldChange, Value } from "../model/change.ts";
import type { Outcome } from "../model/outcome.ts";
import type { TargetReport } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { Ref } from "../model/ref.ts";
import type { RunReport } from "../model/run.ts";
import type { Target } from "../model/target.ts";
import type { PlanJson, TargetJson } from "./plan-json-schema.ts";

/** The run that a checked `plan.json` tells of. */
export function fromPlanJson(json: PlanJson): RunReport {
  const { schemaVersion: _version, pull, base, head, digest, link, targets, problems, ...rest } = json;
  return {
    ...rest,
    ...present({ pull, base, head, digest, link }),
    targets: targets.map(fromTarget),
    problems: problems.map(fromProblem),
  };
}

function fromTarget(json: TargetJson): TargetReport {
  const { appliedRevision: commit, applied, reason, digest, rendered, intent, cluster, renderer, ...rest } = json;
  return {
    ...rest,
    ...present({ reason, digest, rendered, intent, cluster, renderer }),
    ...(commit !== null && applied !== null && { appliedRevision: { commit, ...applied } }),
    target: fromName(json.target),
    changes: json.changes.map(fromChange),
    outcomes: json.outcomes.map(fromOutcome),
    drift: json.drift.map(fromDrift),
    problems: json.problems.map(fromProblem),
  };
}

function fromName(name: string): Target {
  const slash = name.indexOf("/");
  return { environment: name.slice(0, slash), app: name.slice(slash + 1) };
}

function fromChange(json: TargetJson["changes"][number]): Change {
  const { group, kind, namespace, name, movedFrom, because, restarts, at, fields, differences, notes, ...rest } = json;
  return {
    ...rest,
    ref: fromRef({ group, kind, namespace, name }),
    ...present({ movedFrom, because, restarts, at }),
    fields: fields.map(fromField),
    ...(differences !== undefined && { differences: differences.map(fromField) }),
    ...(notes !== undefined && { notes }),
  };
}

function fromField({ path, before, after, from }: TargetJson["changes"][number]["fields"][number]): FieldChange {
  return { path, ...values({ before, after }), from };
}

function fromOutcome(json: TargetJson["outcomes"][number]): Outcome {
  const { group, kind, namespace, name, op, outcome, before, after, settledAfterMilliseconds, message } = json;
  return {
    ref: fromRef({ group, kind, namespace, name }),
    op,
    outcome,
    ...present({ before, after, settledAfterMilliseconds, message }),
  };
}

function fromDrift(json: TargetJson["drift"][number]): Drift {
  const { group, kind, namespace, name, by, git, live, class: driftClass, path, onMerge, security, counts } = json;
  return {
    ref: fromRef({ group, kind, namespace, name }),
    class: driftClass,
    path,
    ...values({ git, live }),
    ...(by !== null && {
      by: {
        manager: by.manager,
        operation: by.operation,
        ...present({ subresource: by.subresource, time: by.time }),
      },
    }),
    onMerge,
    security,
    ...(counts !== undefined && { counts }),
  };
}

function fromProblem({ code, level, message, remedy, at }: PlanJson["problems"][number]): Problem {
  return { code, level, message, remedy, ...present({ at }) };
}

type RefJson = Pick<TargetJson["changes"][number], "group" | "kind" | "namespace" | "name">;

function fromRef({ group, kind, namespace, name }: RefJson): Ref {
  return namespace === null ? { group, kind, name } : { group, kind, namespace, name };
}

type Present<T> = { readonly [Key in keyof T]?: Exclude<T[Key], null> };

/** Null is how the file says that something is absent. */
function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(Object.entries(members).filter(([, member]) => member !== null)) as Present<T>;
}

/** Values as they were parsed from JSON; a null is a value, only what is not in the file is absent. */
function values<T extends object>(members: T): { readonly [Key in keyof T]?: Value } {
  return Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined)) as {
    readonly [Key in keyof T]?: Value;
  };
}
