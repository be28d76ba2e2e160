import type { Refusal } from "../model/refusal.ts";
import { suggestField } from "./field-suggestion.ts";
import type { Refused, RefusalRule } from "./refusal-rule.ts";
import { isSchemaRefusal, schemaFaults } from "./refusal-text.ts";

/** What does not fit the schema of its kind: 500 without a reason, and nothing but the text to tell. */
export const SCHEMA_RULES: readonly RefusalRule[] = [
  {
    code: "duplicate-list-key",
    applies: (refusal) => isSchemaRefusal(refusal) && refusal.message.includes(DUPLICATE),
    // What is said besides speaks of the two taken together.
    says: (refused) => faults(refused, DUPLICATE),
    remedy: "keep one of the entries",
  },
  {
    code: "list-key-missing",
    applies: (refusal) => isSchemaRefusal(refusal) && refusal.message.includes("omits all key fields"),
    says: (refused) => faults(refused),
    remedy: "give every item of the list the field that tells it apart",
  },
  {
    code: "not-base64",
    applies: (refusal) => isSchemaRefusal(refusal) && refusal.message.includes("illegal base64 data"),
    says: () => "a value under data is not base64",
    remedy: "encode it, or write it as text under stringData",
  },
  {
    code: "unknown-field",
    applies: (refusal) => isSchemaRefusal(refusal) && refusal.message.includes(UNKNOWN),
    says: (refused) => faults(refused),
    remedy: fieldRemedy,
  },
  {
    code: "wrong-type",
    applies: isTypeRefusal,
    says: (refused) => faults(refused),
    remedy: ({ refusal }) =>
      / expected string\b/.test(refusal.message)
        ? "write the value in quotes, or as the type that the schema names"
        : "give the field a value of the type that its schema names",
  },
  {
    code: "invalid-object",
    applies: isSchemaRefusal,
    says: (refused) => faults(refused),
    remedy: "correct the field that is named",
  },
];

const DUPLICATE = "duplicate entries for key";
const UNKNOWN = "field not declared in schema";

// The second is how kinds with a reader of their own say it (`int-or-string`, quantities, times).
function isTypeRefusal(refusal: Refusal): boolean {
  return isSchemaRefusal(refusal) && /: expected |cannot unmarshal/.test(refusal.message);
}

/** Every fault whose text holds the given one. */
function faults(refused: Refused, only = ""): string {
  const faulty = schemaFaults(refused.refusal, refused).filter(({ text }) => text.includes(only));
  const told = faulty.map(({ field, text }) => (field === "" ? text : `${field}: ${faultText(text)}`));
  return [...new Set(told)].toSorted().join("; ");
}

function faultText(text: string): string {
  if (text === UNKNOWN) return "no such field";
  const [, item, keys] = /^element (\d+): .* omits all key fields \[([^\]]*)\]/.exec(text) ?? [];
  if (keys === undefined) return text;
  return `item ${item} lacks ${keys.replaceAll('"', "").replaceAll(" ", " and ")}, which tells the items apart`;
}

function fieldRemedy(refused: Refused): string {
  const unknown = schemaFaults(refused.refusal, refused).filter(({ text }) => text === UNKNOWN);
  const meant = [...new Set(unknown.flatMap(({ path }) => suggestField(path, refused) ?? []))];
  if (meant.length === 0) return "correct the field's name or place; the kind's schema does not have it";
  return `write ${meant.join(", ")}, if that is what is meant; otherwise correct the field's name or place`;
}
