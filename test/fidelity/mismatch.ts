import type { Certainty, Change } from "../../src/model/change.ts";
import type { JsonMap } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";
import type { Case } from "./case.ts";
import { contentOf, divergences } from "./content.ts";
import type { Course } from "./story.ts";

/** How a prediction can be wrong. */
export type MismatchClass =
  | "another deed"
  | "another value"
  | "untrue field"
  | "order untold"
  | "refusal unforeseen"
  | "refused without need"
  | "refused otherwise"
  | "writes in silence"
  | "left half-migrated"
  | "not in sync afterwards"
  | "crash";

export interface Mismatch {
  readonly one: Case;
  readonly class: MismatchClass;
  readonly certainty: Certainty;
  readonly expected: string;
  readonly got: string;
}

/** What became of a case whose plan held, or every way in which it did not. */
export interface Verdict {
  readonly one: Case;
  readonly deed: Change["op"] | "nothing" | "refused" | "guarded";
  readonly mismatches: readonly Mismatch[];
}

export function mismatch(course: Course, kind: MismatchClass, expected: string, got: string): Mismatch {
  return { one: course.one, class: kind, certainty: course.change?.certainty ?? "server", expected, got };
}

/** The plan of the object, in one line. */
export function told({ change }: Course): string {
  if (change === undefined) return "nothing";
  const fields = change.fields.map(({ path, before, after }) => `${path} ${valueText(before)} -> ${valueText(after)}`);
  return `${change.op} ${fields.slice(0, 5).join("; ")}${fields.length > 5 ? `; and ${fields.length - 5} more` : ""}`;
}

function valueText(value: unknown): string {
  if (value === undefined) return "-";
  return cut(JSON.stringify(value, (_, member: unknown) => (typeof member === "bigint" ? String(member) : member)));
}

/** Some of what was found, in one line. */
export function listed(texts: readonly string[]): string {
  return [...texts.slice(0, 3).map(cut), ...(texts.length > 3 ? [`and ${texts.length - 3} more`] : [])].join("; ");
}

/** Where what was said and what is do not agree, in one line. */
export function listText(left: JsonMap, right: JsonMap): string {
  const found = divergences(left, right);
  const lines = found
    .slice(0, 5)
    .map(({ place, left: said, right: is }) => `${place} said ${cut(said)}, is ${cut(is)}`);
  return [...lines, ...(found.length > 5 ? [`and ${found.length - 5} more`] : [])].join("; ");
}

/** What really changed, in one line. */
export function differenceText({ one }: Course, before: KubeObject, after: KubeObject): string {
  const keeps = { keepsStatus: keepsStatus(one) };
  const found = divergences(contentOf(before, keeps), contentOf(after, keeps));
  if (found.length === 0) return "managers only";
  return found
    .slice(0, 5)
    .map(({ place, left, right }) => `${place} ${cut(left)} -> ${cut(right)}`)
    .join("; ");
}

/** Kinds of the run whose status is no subresource. */
export function keepsStatus({ recipe }: Case): boolean {
  return recipe.kind === "Freeform" || recipe.kind === "Queue";
}

function cut(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 120)}...`;
}
