import type { ProblemCode, ProblemLevel } from "../model/problem.ts";
import type { Ref } from "../model/ref.ts";
import type { Refusal } from "../model/refusal.ts";
import type { KnownObjects } from "./field-suggestion.ts";

/** What is known of a refused write. */
export interface Refused extends KnownObjects {
  readonly refusal: Refusal;
  readonly ref: Ref;
}

/** One way in which the API server refuses, and what it means. */
export interface RefusalRule {
  readonly code: ProblemCode;
  /** A blocker unless said. */
  readonly level?: ProblemLevel;
  readonly applies: (refusal: Refusal) => boolean;
  /** What happened; the server's own words unless said. */
  readonly says?: (refused: Refused) => string;
  readonly remedy: string | ((refused: Refused) => string);
}
