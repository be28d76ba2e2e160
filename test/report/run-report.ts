import type { Change, Drift, FieldChange } from "../../src/model/change.ts";
import type { Masker } from "../../src/model/masker.ts";
import type { Outcome } from "../../src/model/outcome.ts";
import { NOTHING_HIDDEN, type TargetReport } from "../../src/model/plan.ts";
import type { Problem } from "../../src/model/problem.ts";
import type { Ref } from "../../src/model/ref.ts";
import { worstResult } from "../../src/model/result.ts";
import type { RunReport } from "../../src/model/run.ts";
import { createGuard } from "../../src/report/guard.ts";
import type { MaskedReport } from "../../src/report/masked-report.ts";

// Runs as examples: each builder has a small good default, and a test names only what its story is about.

export function run(targets: readonly TargetReport[], rest: Partial<RunReport> = {}): RunReport {
  return {
    command: "plan",
    repository: "acme/shop",
    pull: 12,
    pulls: [],
    base: "77d0e1277d0e1277d0e1277d0e1277d0e1277d0e",
    head: "4be1d204be1d204be1d204be1d204be1d204be1d",
    result: worstResult(targets.map(({ result }) => result)),
    targets,
    problems: [],
    notes: [],
    requests: 42,
    milliseconds: 812,
    time: "2026-11-20T10:38:00Z",
    link: "https://github.com/acme/shop/actions/runs/77",
    ...rest,
  };
}

export function target(name: string, rest: Partial<TargetReport> = {}): TargetReport {
  const [environment = "", app = ""] = name.split("/");
  return {
    target: { environment, app },
    result: rest.changes === undefined || rest.changes.length === 0 ? "no-changes" : "changes",
    digest: `sha256:${"d".repeat(64)}`,
    rendered: `sha256:${"e".repeat(64)}`,
    intent: `sha256:${"f".repeat(64)}`,
    keyId: "0123456789ab",
    cluster: { uid: "5b1d5a3c-0000-4000-8000-000000000001", version: "v1.36.3" },
    renderer: "kustomize v5.8.1",
    changes: [],
    outcomes: [],
    drift: [],
    problems: [],
    hidden: NOTHING_HIDDEN,
    objects: 9,
    ...rest,
  };
}

/** `apps/Deployment shop/web`, `Namespace shop` */
export function ref(text: string): Ref {
  const [kindPart = "", namePart = ""] = text.split(" ");
  const [kind = "", group = ""] = kindPart.split("/").toReversed();
  const [name = "", namespace] = namePart.split("/").toReversed();
  return namespace === undefined ? { group, kind, name } : { group, kind, namespace, name };
}

export function change(op: Change["op"], object: string, rest: Partial<Change> = {}): Change {
  return { op, ref: ref(object), version: "v1", certainty: "server", fields: [], warnings: [], ...rest };
}

export function field(
  path: string,
  sides: Pick<FieldChange, "before" | "after">,
  from?: FieldChange["from"],
): FieldChange {
  return { path, ...sides, from: from ?? "pull-request" };
}

export function drift(kind: Drift["class"], object: string, rest: Partial<Drift> = {}): Drift {
  return { ref: ref(object), class: kind, path: "", onMerge: "reverted", security: false, ...rest };
}

export function outcome(
  kind: Outcome["outcome"],
  op: Outcome["op"],
  object: string,
  rest: Partial<Outcome> = {},
): Outcome {
  return { ref: ref(object), op, outcome: kind, ...rest };
}

export function problem(level: Problem["level"], message: string, rest: Partial<Problem> = {}): Problem {
  return { code: "invalid-object", level, message, remedy: "mend it in Git", ...rest };
}

const NO_SECRETS: Masker = { learn: () => {}, text: (text) => text };

/** The guard of a run that has met no secret. */
export const guard = createGuard(NO_SECRETS);

export function masked(report: RunReport): MaskedReport {
  return guard.report(report);
}
