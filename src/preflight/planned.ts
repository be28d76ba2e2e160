import type { Op } from "../model/change.ts";
import type { KubeObject } from "../model/object.ts";
import type { Place } from "../model/place.ts";
import type { Problem, ProblemCode } from "../model/problem.ts";
import { formatRef, type Ref } from "../model/ref.ts";

/** One object of a target's plan, from every side that a check may need. Objects to which nothing happens are part of a plan too. */
export interface Planned {
  readonly ref: Ref;
  /** Absent: nothing is done to it. */
  readonly op?: Op;
  readonly live?: KubeObject;
  /** What the base commit makes of it: predicted, or else as it stands in Git. */
  readonly base?: KubeObject;
  /** What it will be: predicted, or else as it stands in Git. Absent when it left Git. */
  readonly head?: KubeObject;
  readonly at?: Place;
}

/** What was there before this change, be it in Git or live. Nothing that one of them has is news. */
export function earlierStates({ base, live }: Planned): readonly KubeObject[] {
  return [base, live].filter((object) => object !== undefined);
}

/** The object as this change writes it; `undefined` when it writes nothing. */
export function writtenState({ op, head }: Planned): KubeObject | undefined {
  return op === "create" || op === "update" || op === "replace" ? head : undefined;
}

/** The live object goes, be it for good or to be made again. */
export function isDeleted({ op }: Planned): boolean {
  return op === "delete" || op === "replace";
}

/** A caution about one object. `what` is a sentence without its subject. */
export function cautionOf(
  { ref, at }: Planned,
  { code, what, remedy }: { readonly code: ProblemCode; readonly what: string; readonly remedy: string },
): Problem {
  return { code, level: "caution", message: `${formatRef(ref)}: ${what}`, remedy, ...(at && { at }) };
}
