import type { Place } from "./place.ts";

/**
 * - `error`: the run cannot say what would happen; nothing is applied
 * - `blocker`: the server, or one of our guards, will refuse it
 * - `caution`: allowed, dangerous
 */
export type ProblemLevel = "error" | "blocker" | "caution";

export type ProblemCode =
  // configuration and inputs
  | "config-invalid"
  | "unknown-key"
  | "not-supported-yet"
  | "nothing-to-deploy"
  | "unknown-target"
  | "input-invalid"
  | "event-refused"
  // manifests
  | "yaml-invalid"
  | "document-invalid"
  | "file-unreadable"
  | "remote-reference"
  | "outside-repository"
  | "render-failed"
  | "empty-render"
  | "name-missing"
  | "duplicate-object"
  | "duplicate-key"
  | "ambiguous-scalar"
  | "server-owned-field"
  | "encrypted-value"
  | "ignore-invalid"
  | "unresolved-variable"
  | "unstable-render"
  | "too-large"
  | "namespace-not-allowed"
  | "namespace-on-cluster-scoped"
  // what the API server says
  | "missing-kind"
  | "missing-namespace"
  | "group-unavailable"
  | "immutable-field"
  | "unknown-field"
  | "wrong-type"
  | "duplicate-list-key"
  | "list-key-missing"
  | "not-base64"
  | "invalid-name"
  | "invalid-object"
  | "address-mismatch"
  | "denied-by-policy"
  | "policy-error"
  | "denied-by-webhook"
  | "webhook-unavailable"
  | "webhook-cannot-dry-run"
  | "denied-by-admission"
  | "quota-exceeded"
  | "requests-missing"
  | "limit-range"
  | "pod-security"
  | "service-account-missing"
  | "priority-class-missing"
  | "role-missing"
  | "forbidden"
  | "rbac-escalation"
  | "namespace-terminating"
  | "conflict"
  | "field-conflict"
  | "already-exists"
  | "uid-mismatch"
  | "server-error"
  | "server-warning"
  // what a reader should not miss
  | "volume-deleted"
  | "rights-widened"
  | "privileged"
  | "exposure"
  | "admission-widened"
  | "definition-narrowed"
  | "image-latest"
  // what no dry-run can say
  | "rules-not-evaluated"
  | "fields-dropped"
  | "definition-changes"
  | "stored-version-dropped"
  | "missing-reference"
  | "quota-not-checked"
  // our guards
  | "owned-by-another"
  | "owned-by-another-repository"
  | "field-taken"
  | "field-owned-by-another"
  | "wrong-cluster"
  | "left-alone"
  | "read-only"
  | "being-deleted"
  | "proof-contradicted"
  | "prune-limit"
  | "prune-protected"
  | "cluster-unavailable"
  | "cluster-unauthorized"
  | "kubeconfig-missing"
  | "kubeconfig-invalid"
  | "github-unavailable"
  | "git-failed"
  | "lock-held"
  | "lock-lost"
  | "timeout"
  | "interrupted"
  | "unread"
  | "not-planned"
  | "settle-failed"
  | "unsettled"
  | "apply-failed"
  | "applied-revision-lost"
  | "unfinished-apply";

/** Something a person has to know or mend: what, of which subject, and what to do. Texts start in lower case and have no full stop. */
export interface Problem {
  readonly code: ProblemCode;
  readonly level: ProblemLevel;
  readonly message: string;
  readonly remedy: string;
  readonly at?: Place;
}

/** The message without the subject it begins with, where that stands beside it already: its file, or one of `told`. */
export function messageBeside({ message, at }: Problem, told: readonly string[] = []): string {
  const subjects = at === undefined ? told : [...told, at.file];
  const subject = subjects.find((one) => message.startsWith(`${one}: `));
  return subject === undefined ? message : message.slice(subject.length + 2);
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.level === "error");
}

export function hasBlockers(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.level !== "caution");
}
