import { ADMISSION_RULES } from "./admission-rules.ts";
import { NAMESPACE_RULES } from "./namespace-rules.ts";
import { PLACE_RULES } from "./place-rules.ts";
import type { RefusalRule } from "./refusal-rule.ts";
import { RIGHT_RULES } from "./right-rules.ts";
import { SCHEMA_RULES } from "./schema-rules.ts";
import { VALUE_RULES } from "./value-rules.ts";

const DENIED: RefusalRule = {
  code: "denied-by-admission",
  applies: ({ httpStatus }) => httpStatus === 403,
  remedy: "change the object as the server demands",
};

/**
 * Texts and codes as kube-apiserver 1.36 answers them. The first match wins: admission comes first because webhooks and
 * policies choose their own codes and fields, and the codes that say least come last.
 */
export const RULES: readonly RefusalRule[] = [
  ...ADMISSION_RULES,
  ...SCHEMA_RULES,
  ...NAMESPACE_RULES,
  ...RIGHT_RULES,
  DENIED,
  ...PLACE_RULES,
  ...VALUE_RULES,
];

/** Nobody knows what this answer means. */
export const FALLBACK: RefusalRule = {
  code: "server-error",
  applies: () => true,
  remedy: "look at the API server's log, then run again",
};
