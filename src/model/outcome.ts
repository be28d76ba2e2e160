import type { Ref } from "./ref.ts";
import type { Op } from "./change.ts";

export type OutcomeKind = "applied" | "failed" | "skipped" | "unsettled" | "restored";

/** What became of one change. */
export interface Outcome {
  readonly ref: Ref;
  readonly op: Op;
  readonly outcome: OutcomeKind;
  /** resourceVersion before and after. */
  readonly before?: string;
  readonly after?: string;
  readonly settledAfterMilliseconds?: number;
  readonly message?: string;
}
