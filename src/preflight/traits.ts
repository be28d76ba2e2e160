import type { KubeObject } from "../model/object.ts";
import { earlierStates, writtenState, type Planned } from "./planned.ts";
import { unique } from "./reading.ts";

/** What is worth telling of an object, each as a sentence without a subject; the same for the same thing. */
export type TraitsOf = (object: KubeObject) => readonly string[];

/** What the object gets by this change: it will have it, and had it neither in Git nor live. */
export function gained(planned: Planned, traitsOf: TraitsOf): readonly string[] {
  const written = writtenState(planned);
  if (written === undefined) return [];
  const had = new Set(earlierStates(planned).flatMap(traitsOf));
  return unique(traitsOf(written)).filter((trait) => !had.has(trait));
}

/** What the object loses by this change: every earlier state has it, and it will not. */
export function lost(planned: Planned, traitsOf: TraitsOf): readonly string[] {
  const written = writtenState(planned);
  if (written === undefined) return [];
  const [first, ...others] = earlierStates(planned).map(traitsOf);
  if (first === undefined) return [];
  const kept = new Set(traitsOf(written));
  return unique(first).filter((trait) => !kept.has(trait) && others.every((had) => had.includes(trait)));
}
