import { formatPath } from "../model/path.ts";
import type { Place } from "../model/place.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef, type Ref } from "../model/ref.ts";
import type { Violation } from "./violation.ts";
import type { Verdict } from "./violations.ts";

const REMEDIES: Readonly<Record<Violation["code"], string>> = {
  "unknown-field": "correct the field's name or place; the definition's schema does not have it",
  "wrong-type": "give the field a value of the type its schema names",
  "list-key-missing": "give every element of the list its key",
  "duplicate-list-key": "keep one of the entries",
  "invalid-object": "correct the field that is named, or the definition's schema",
};

const MOST_TOLD = 10;

/** What a person has to know of an object that was checked against its definition alone: one problem per code, at most. */
export function toProblems(
  ref: Ref,
  at: Place | undefined,
  { violations, unevaluated, dropped }: Verdict,
): readonly Problem[] {
  const codes = [...new Set(violations.map(({ code }) => code))];
  const refused = codes.map((code): Problem => {
    const texts = violations.filter((violation) => violation.code === code).map(textOf);
    return {
      code,
      level: "blocker",
      message: `${formatRef(ref)}: ${told(texts)}`,
      remedy: REMEDIES[code],
      ...(at && { at }),
    };
  });
  if (refused.length > 0) return refused;
  const lost = dropped.map(formatPath);
  return [
    ...(unevaluated.length === 0 ? [] : [notEvaluated(ref, at, unevaluated)]),
    ...(lost.length === 0 ? [] : [notKept(ref, at, lost)]),
  ];
}

function notEvaluated(ref: Ref, at: Place | undefined, unevaluated: readonly string[]): Problem {
  return {
    code: "rules-not-evaluated",
    level: "caution",
    message: `${formatRef(ref)}: its definition comes with this change, so these rules were not evaluated: ${told(unevaluated)}`,
    remedy: "read the rules; the server evaluates them when the object is applied",
    ...(at && { at }),
  };
}

function notKept(ref: Ref, at: Place | undefined, lost: readonly string[]): Problem {
  return {
    code: "fields-dropped",
    level: "caution",
    message: `${formatRef(ref)}: the definition's schema has no place for ${told(lost)}, so the server accepts and drops it`,
    remedy: "remove the fields, or declare them in the definition's schema",
    ...(at && { at }),
  };
}

function textOf({ path, what }: Violation): string {
  return `${formatPath(path) || "the object"}: ${what}`;
}

function told(texts: readonly string[]): string {
  const lines = texts.slice(0, MOST_TOLD);
  const more = texts.length > MOST_TOLD ? `; and ${texts.length - MOST_TOLD} more` : "";
  return `${lines.map((text) => text.replaceAll(/\s+/g, " ")).join("; ")}${more}`;
}
