import type { Refused, RefusalRule } from "./refusal-rule.ts";
import { withoutSubject } from "./refusal-text.ts";

/** What a namespace, or what lies in it, does not allow: 403 and a text. */
export const NAMESPACE_RULES: readonly RefusalRule[] = [
  {
    code: "namespace-terminating",
    applies: ({ causes }) => causes.some(({ reason }) => reason === "NamespaceTerminating"),
    says: ({ ref }) => `namespace ${ref.namespace ?? ""} is being deleted, and takes nothing new`,
    remedy: "wait until the namespace is gone, or find out what holds it",
  },
  {
    code: "requests-missing",
    applies: ({ httpStatus, message }) => httpStatus === 403 && / is forbidden: failed quota: /.test(message),
    says: quotaText,
    remedy: "set what the ResourceQuota counts in every container, or defaults in a LimitRange",
  },
  {
    code: "quota-exceeded",
    applies: ({ httpStatus, message }) => httpStatus === 403 && / is forbidden: exceeded quota: /.test(message),
    says: quotaText,
    remedy: "raise the ResourceQuota or ask for less",
  },
  {
    code: "pod-security",
    applies: ({ httpStatus, message }) => httpStatus === 403 && / is forbidden: violates PodSecurity "/.test(message),
    remedy: "meet the namespace's Pod Security level, or change its label",
  },
  {
    code: "limit-range",
    applies: ({ httpStatus, message }) => httpStatus === 403 && LIMIT_RANGE.test(message),
    remedy: "stay within the namespace's LimitRange",
  },
  {
    code: "service-account-missing",
    applies: ({ httpStatus, message }) =>
      httpStatus === 403 && / is forbidden: error looking up service account /.test(message),
    says: ({ refusal }) => missingAccount(refusal.message),
    remedy: "add the ServiceAccount, or correct spec.serviceAccountName",
  },
  {
    code: "priority-class-missing",
    applies: ({ httpStatus, message }) =>
      httpStatus === 403 && / is forbidden: no PriorityClass with name .* was found$/.test(message),
    remedy: "add the PriorityClass, or correct spec.priorityClassName",
  },
];

const LIMIT_RANGE = / is forbidden: .*(?:maximum|minimum) \S+ usage per |limit to request ratio per /;

/** `exceeded ResourceQuota q: requested ...` */
function quotaText({ refusal }: Refused): string {
  return withoutSubject(refusal.message).replace(/^(exceeded|failed) quota: (\S+?)[,:] /, "$1 ResourceQuota $2: ");
}

function missingAccount(message: string): string {
  const account = /error looking up service account (\S+?): /.exec(message)?.[1];
  return account === undefined ? withoutSubject(message) : `ServiceAccount ${account} does not exist`;
}
