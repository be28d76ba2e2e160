import type { Place } from "../model/place.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef, type Ref } from "../model/ref.ts";
import type { Refusal } from "../model/refusal.ts";
import type { KnownObjects } from "./field-suggestion.ts";
import { FALLBACK, RULES } from "./refusal-rules.ts";
import { oneLine, withoutSecrets, withoutSubject } from "./refusal-text.ts";

/**
 * What a refused write means for the person who wrote the manifest. The more objects are known, the better fields are named
 * and suggested; no value of a Secret that was sent is told.
 */
export function problemOfRefusal(refusal: Refusal, ref: Ref, at: Place | undefined, known: KnownObjects = {}): Problem {
  const rule = RULES.find(({ applies }) => applies(refusal)) ?? FALLBACK;
  const refused = { ...known, refusal: withoutSecrets(refusal, known), ref };
  const told = rule.says?.(refused) ?? withoutSubject(refused.refusal.message);
  return {
    code: rule.code,
    level: rule.level ?? "blocker",
    message: `${formatRef(ref)}: ${oneLine(told)}`,
    remedy: typeof rule.remedy === "string" ? rule.remedy : rule.remedy(refused),
    ...(at && { at }),
  };
}
