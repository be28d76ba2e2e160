import type { Place } from "../model/place.ts";
import type { Problem, ProblemCode } from "../model/problem.ts";
import { formatRef, type Ref } from "../model/ref.ts";
import type { Refusal } from "../model/refusal.ts";

/** What a refused write means for the person who wrote the manifest. */
export function problemOfRefusal(refusal: Refusal, ref: Ref, at: Place | undefined): Problem {
  const rule = RULES.find(({ applies }) => applies(refusal)) ?? FALLBACK;
  return {
    code: rule.code,
    level: "blocker",
    message: `${formatRef(ref)}: ${rule.says?.(refusal) ?? cut(withoutSubject(refusal.message))}`,
    remedy: rule.remedy,
    ...(at && { at }),
  };
}

interface Rule {
  readonly code: ProblemCode;
  readonly applies: (refusal: Refusal) => boolean;
  readonly says?: (refusal: Refusal) => string;
  readonly remedy: string;
}

const IMMUTABLE =
  /field is immutable|may not be changed|may not change once set|cannot change roleRef|updates to \S+ spec for fields other than|is immutable after creation|immutable when `immutable` is set/i;

// Texts and codes as kube-apiserver 1.36 answers them; many errors differ only in their text. First match wins.
const RULES: readonly Rule[] = [
  {
    code: "duplicate-list-key",
    applies: ({ message }) => isTypedPatch(message) && message.includes("duplicate entries for key"),
    says: ({ message }) => typedPatchDetail(message),
    remedy: "keep one of the entries",
  },
  {
    code: "invalid-object",
    applies: ({ message }) => message.includes("illegal base64 data"),
    says: () => "a value is not base64",
    remedy: "encode it, or write it as text under stringData",
  },
  {
    code: "unknown-field",
    applies: ({ message }) => isTypedPatch(message) && message.includes("field not declared in schema"),
    says: ({ message }) => typedPatchDetail(message),
    remedy: "correct the field's name or place; the kind's schema does not have it",
  },
  {
    code: "invalid-object",
    applies: ({ message }) => isTypedPatch(message),
    says: ({ message }) => typedPatchDetail(message),
    remedy: "give the field a value of the type its schema names",
  },
  {
    code: "too-large",
    applies: ({ httpStatus, message }) =>
      httpStatus === 413 || /request is too large|Too long: may not be more than/.test(message),
    remedy: "split the object or move its content elsewhere",
  },
  {
    code: "denied-by-policy",
    applies: ({ message }) => /ValidatingAdmissionPolicy '.*' with binding '.*' denied request/.test(message),
    remedy: "change the object as the policy demands, or the policy",
  },
  {
    code: "webhook-unavailable",
    applies: ({ message }) => /does not support dry run|failed calling webhook/.test(message),
    remedy: "make the admission webhook reachable and free of side effects in dry-runs",
  },
  {
    code: "denied-by-webhook",
    applies: ({ message }) => /admission webhook ".*" denied the request/.test(message),
    remedy: "change the object as the webhook demands",
  },
  {
    code: "namespace-terminating",
    applies: ({ causes }) => causes.some(({ reason }) => reason === "NamespaceTerminating"),
    remedy: "wait until the namespace is gone, or find out what holds it",
  },
  {
    code: "missing-namespace",
    applies: ({ httpStatus, kind }) => httpStatus === 404 && kind === "namespaces",
    says: ({ name }) => `namespace ${name ?? ""} does not exist, neither in the cluster nor in this change`,
    remedy: "add a Namespace object, or correct metadata.namespace",
  },
  {
    code: "missing-kind",
    applies: ({ httpStatus, message }) =>
      httpStatus === 404 && /page not found|could not find the requested resource/.test(message),
    says: () => "the cluster does not serve this kind, and no CustomResourceDefinition in this change defines it",
    remedy: "correct apiVersion and kind, or add the CustomResourceDefinition",
  },
  {
    code: "rbac-escalation",
    applies: ({ message }) => message.includes("attempting to grant RBAC permissions not currently held"),
    remedy: "give our identity these permissions, or the verbs bind and escalate",
  },
  {
    code: "quota-exceeded",
    applies: ({ httpStatus, message }) => httpStatus === 403 && /exceeded quota|failed quota/.test(message),
    remedy: "raise the ResourceQuota or ask for less",
  },
  {
    code: "pod-security",
    applies: ({ httpStatus, message }) => httpStatus === 403 && message.includes("violates PodSecurity"),
    remedy: "meet the namespace's Pod Security level, or change its label",
  },
  {
    code: "limit-range",
    applies: ({ httpStatus, message }) => httpStatus === 403 && /(?:maximum|minimum) \S+ usage per/.test(message),
    remedy: "stay within the namespace's LimitRange",
  },
  {
    code: "forbidden",
    applies: ({ httpStatus }) => httpStatus === 403,
    says: ({ message }) => missingRight(message) ?? cut(withoutSubject(message)),
    remedy: "give this identity the right in a Role or ClusterRole",
  },
  {
    code: "immutable-field",
    applies: ({ httpStatus, message, causes }) =>
      httpStatus === 422 && causes.some(({ field }) => field !== "") && IMMUTABLE.test(message),
    says: ({ causes, message }) =>
      `${fieldsOf(causes, IMMUTABLE)} cannot be changed: ${cut(firstCause(causes, message))}`,
    remedy: "keep the old value, or give the object a new name",
  },
  {
    code: "invalid-object",
    applies: ({ httpStatus }) => httpStatus === 422 || httpStatus === 400,
    remedy: "correct the field that is named",
  },
  {
    code: "conflict",
    applies: ({ httpStatus }) => httpStatus === 409,
    remedy: "run again: the object was changed meanwhile",
  },
];

const FALLBACK: Rule = {
  code: "server-error",
  applies: () => true,
  remedy: "look at the API server's log, then run again",
};

const TYPED_PATCH = /^failed to (?:create typed patch object|convert new object) \([^)]*\)(?: to proper version)?: /;

// The server repeats a value of the wrong type, a Secret's as well, in the words of its own source or of its JSON reader.
// Short ones are not known to the masker, so they must not come so far.
const GO_VALUE = /, got &.*$/gm;
const JSON_NUMBER = /(cannot unmarshal number) \S+/g;

function withoutValues(text: string): string {
  return text.replaceAll(GO_VALUE, "").replaceAll(JSON_NUMBER, "$1");
}

function isTypedPatch(message: string): boolean {
  return TYPED_PATCH.test(message);
}

/** `.spec.repicas: field not declared in schema` out of the server's long sentence. */
function typedPatchDetail(message: string): string {
  const detail = withoutValues(message.replace(TYPED_PATCH, "").replace(/^errors:\s*/, ""));
  const lines = detail.split("\n").map((line) => line.trim().replace(/^\./, ""));
  return cut(lines.filter((line) => line !== "").join("; "));
}

function fieldsOf(causes: Refusal["causes"], pattern: RegExp): string {
  const fields = causes.filter(({ message }) => pattern.test(message)).map(({ field }) => field);
  return [...new Set(fields.length > 0 ? fields : causes.map(({ field }) => field))].join(", ");
}

// The first cause of a Job's template holds the whole Go struct, several KiB of it.
function firstCause(causes: Refusal["causes"], message: string): string {
  const text = causes[0]?.message ?? message;
  return text.replace(/^Invalid value: .*: (?=field is immutable)/s, "");
}

// The message begins with our own name of the object, which says more: with the group and the namespace.
const SUBJECT = /^[\w.-]+ "[^"]*" is (?:invalid|forbidden): (?:\[\]: )?/;

function withoutSubject(text: string): string {
  return text.replace(SUBJECT, "");
}

/** `ada may not patch deployments.apps in namespace shop` */
function missingRight(message: string): string | undefined {
  const match =
    /User "([^"]*)" cannot (\w+) resource "([^"]*)" in API group "([^"]*)"(?: in the namespace "([^"]*)")?/.exec(
      message,
    );
  if (match === null) return undefined;
  const [, user, verb, resource = "", group = "", namespace] = match;
  const kind = group === "" ? resource : `${resource}.${group}`;
  return `${user} may not ${verb} ${kind}${namespace === undefined ? "" : ` in namespace ${namespace}`}`;
}

const LONGEST = 400;

function cut(text: string): string {
  const line = withoutValues(text)
    .replaceAll(/\s*\n\s*/g, " ")
    .trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)} ... (${line.length - LONGEST} more characters)`;
}
