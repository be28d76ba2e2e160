import { isMissingNamespace, type Refusal } from "../model/refusal.ts";
import type { Refused, RefusalRule } from "./refusal-rule.ts";
import { fieldText, withoutSubject } from "./refusal-text.ts";

/** What is not there, and what somebody else did meanwhile. */
export const PLACE_RULES: readonly RefusalRule[] = [
  {
    code: "missing-namespace",
    applies: isMissingNamespace,
    says: ({ refusal }) => `namespace ${refusal.name ?? ""} does not exist, neither in the cluster nor in this change`,
    remedy: "add a Namespace object, or correct metadata.namespace",
  },
  {
    code: "missing-kind",
    applies: ({ httpStatus, message }) =>
      httpStatus === 404 && /page not found|could not find the requested resource/.test(message),
    says: missingKind,
    remedy: "correct apiVersion and kind, or add the CustomResourceDefinition",
  },
  {
    code: "group-unavailable",
    level: "error",
    applies: ({ httpStatus, reason }) => httpStatus === 503 && reason === "",
    says: ({ ref }) => `the API group ${ref.group} does not answer, so nothing can be said of it`,
    remedy: "look at the APIService that serves the group",
  },
  {
    code: "already-exists",
    applies: ({ httpStatus, reason }) => httpStatus === 409 && reason === "AlreadyExists",
    says: () => "somebody else created it meanwhile",
    remedy: "run again: the object was not there before",
  },
  {
    code: "uid-mismatch",
    applies: ({ httpStatus, message }) =>
      httpStatus === 409 && /uid mismatch|the UID in the precondition/.test(message),
    says: () => "the object that was looked at is gone; it was deleted, or made anew, meanwhile",
    remedy: "run again",
  },
  {
    code: "field-conflict",
    applies: ({ httpStatus, causes }) =>
      httpStatus === 409 && causes.some(({ reason }) => reason === "FieldManagerConflict"),
    says: conflictText,
    remedy: "leave the field to its manager, or have the manager give it up",
  },
  {
    code: "conflict",
    applies: ({ httpStatus }) => httpStatus === 409,
    says: conflictingWrite,
    remedy: "run again",
  },
];

function missingKind({ sent }: Refused): string {
  const what = sent === undefined ? "this kind" : `${sent.apiVersion} ${sent.kind}`;
  return `the cluster does not serve ${what}, and no CustomResourceDefinition in this change defines it`;
}

/** `spec.replicas belongs to kubectl-edit` */
function conflictText(refused: Refused): string {
  const told = refused.refusal.causes.map(({ field, message }) => {
    const manager = /conflicts? with "([^"]*)"(?: with subresource "([^"]*)")?/.exec(message);
    const by =
      manager === null ? "another manager" : manager[2] === undefined ? manager[1] : `${manager[1]} (${manager[2]})`;
    return `${fieldText(field, refused)} belongs to ${by}`;
  });
  return told.join("; ");
}

function conflictingWrite({ refusal }: Refused): string {
  return isStale(refusal) ? "somebody else changed the object meanwhile" : withoutSubject(refusal.message);
}

function isStale({ message }: Refusal): boolean {
  return /the object has been modified|the ResourceVersion in the precondition/.test(message);
}
