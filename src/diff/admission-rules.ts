import { isDryRunUnsupported, POLICY_DENIAL, WEBHOOK_DENIAL } from "../model/refusal.ts";
import type { Refused, RefusalRule } from "./refusal-rule.ts";
import { fieldText, withoutSubject } from "./refusal-text.ts";

/** What admission policies and webhooks say, in codes of their own choice. */
export const ADMISSION_RULES: readonly RefusalRule[] = [
  {
    code: "policy-error",
    applies: ({ message }) => POLICY_DENIAL.test(message) && /expression '.*' resulted in error: /s.test(message),
    remedy: "write the fields that the policy's expression reads, or have the expression mended (`has(...)`)",
  },
  {
    code: "denied-by-policy",
    applies: ({ message }) => POLICY_DENIAL.test(message),
    remedy: "change the object as the policy demands, or the policy",
  },
  {
    code: "webhook-cannot-dry-run",
    level: "error",
    applies: isDryRunUnsupported,
    says: ({ refusal }) => `${withoutSubject(refusal.message)}, so what becomes of the object is unknown`,
    remedy: "give the webhook `sideEffects: None` or `NoneOnDryRun` once it has none in dry-runs",
  },
  {
    code: "webhook-unavailable",
    applies: ({ message }) => WEBHOOK_DOWN.test(message),
    says: ({ refusal }) => downText(refusal.message),
    remedy: "bring the admission webhook back, or give it `failurePolicy: Ignore`, then run again",
  },
  {
    code: "denied-by-webhook",
    applies: ({ message }) => WEBHOOK_DENIAL.test(message),
    says: denialText,
    remedy: ({ refusal }) =>
      refusal.message.endsWith("without explanation")
        ? "ask those who run the webhook what it demands"
        : "change the object as the webhook demands",
  },
];

const WEBHOOK_DOWN = /^Internal error occurred: failed calling webhook "([^"]*)": (?:failed to call webhook: )?/;

/** `admission webhook "w" did not answer: connection refused (127.0.0.1:17449)` */
function downText(message: string): string {
  const [start = "", name = ""] = WEBHOOK_DOWN.exec(message) ?? [];
  const cause = message.slice(start.length).replace(/^(?:Post|Get) "([^"?]*)[^"]*": /, "$1: ");
  return `admission webhook "${name}" gave no answer: ${cause}`;
}

function denialText(refused: Refused): string {
  const { message, causes } = refused.refusal;
  const fields = [...new Set(causes.map(({ field }) => fieldText(field, refused)))].filter((field) => field !== "");
  return fields.length === 0 ? message : `${message} (${fields.join(", ")})`;
}
