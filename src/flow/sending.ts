import type { KubeObject, ManagedFields } from "../model/object.ts";
import type { Path } from "../model/path.ts";
import { hold, type HeldField } from "../diff/held.ts";

/** What is written for a desired object, given what is live. */
export interface Sending {
  readonly object: KubeObject;
  /** Fields that somebody else looks after, where Git says something else. */
  readonly held: readonly HeldField[];
  /** Entries of the live object's managedFields whose fields become ours first. */
  readonly absorbs: readonly ManagedFields[];
  /** What the object has to be like after that; anything else was not planned. */
  readonly expected?: KubeObject;
}

export interface SendingRules {
  /** Fields at these paths are left as they are live. */
  readonly paths: readonly Path[];
  /** At these, what others claim is left to them. */
  readonly foreign?: readonly Path[];
  readonly absorbs: readonly ManagedFields[];
}

/** An object that is not there yet is made as Git has it. */
export function toSending(
  desired: KubeObject,
  live: KubeObject | undefined,
  { paths, foreign = [], absorbs }: SendingRules,
): Sending {
  if (live === undefined || paths.length + foreign.length === 0) return { object: desired, held: [], absorbs };
  const { sent, held } = hold(desired, live, paths, { absorbed: absorbs, foreign });
  return { object: sent, held, absorbs };
}
