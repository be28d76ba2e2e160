import type { TargetReport } from "./plan.ts";
import type { Problem } from "./problem.ts";
import type { Result } from "./result.ts";

/** Everything a run has to tell: the source of comment, checks, summary, outputs and `plan.json`. */
export interface RunReport {
  readonly command: "plan" | "apply" | "drift";
  /** `owner/name`; empty outside GitHub. */
  readonly repository: string;
  readonly pull?: number;
  /** All pull requests an apply brought in. */
  readonly pulls: readonly number[];
  readonly base?: string;
  readonly head?: string;
  /** SHA-256 over the targets' names and digests, sorted; absent when a target has none. */
  readonly digest?: string;
  readonly result: Result;
  readonly targets: readonly TargetReport[];
  /** Problems of the run itself (configuration, inputs, event), not of one target. */
  readonly problems: readonly Problem[];
  /** Sentences to show above the targets: mode taken, "the configuration change takes effect after merge", ... */
  readonly notes: readonly string[];
  readonly requests: number;
  readonly milliseconds: number;
  /** When the live state was read, RFC 3339. */
  readonly time: string;
  /** The workflow run, for links. */
  readonly link?: string;
}
