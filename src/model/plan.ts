import type { Change, Drift } from "./change.ts";
import type { Outcome } from "./outcome.ts";
import type { Problem } from "./problem.ts";
import type { Result } from "./result.ts";
import type { AppliedRevision } from "./inventory.ts";
import type { Target } from "./target.ts";

/** What is missing from the lists of a plan, and why. */
export interface Hidden {
  readonly ignored: number;
  readonly masked: number;
  readonly cut: number;
  readonly unread: number;
}

export const NOTHING_HIDDEN: Hidden = { ignored: 0, masked: 0, cut: 0, unread: 0 };

/** The cluster a target lives in. `uid` is the UID of its kube-system namespace. */
export interface ClusterIdentity {
  readonly uid: string;
  readonly version: string;
}

/** The reason, unless one of the problems that are shown with it says the same. */
export function untoldReason({ reason, problems }: Pick<TargetReport, "reason" | "problems">): string | undefined {
  return problems.some(({ message }) => message === reason) ? undefined : reason;
}

/** Everything known of one target after a plan, an apply or a drift run. */
export interface TargetReport {
  readonly target: Target;
  readonly result: Result;
  /** One sentence: why the result is not the good one. */
  readonly reason?: string;
  /** `sha256:...` over what will change; absent when it could not be computed. */
  readonly digest?: string;
  /** `sha256:...` over what Git wants. */
  readonly rendered?: string;
  /** `sha256:...` over what this change does to Git, whatever is live. */
  readonly intent?: string;
  /** The id of the key that hid secret values in the digests, or `none`. */
  readonly keyId: string;
  readonly cluster?: ClusterIdentity;
  /** `kustomize v5.8.1`, `plain` */
  readonly renderer?: string;
  readonly appliedRevision?: AppliedRevision;
  /** After an apply: the revision before it. */
  readonly previousRevision?: AppliedRevision;
  readonly changes: readonly Change[];
  readonly outcomes: readonly Outcome[];
  readonly drift: readonly Drift[];
  readonly problems: readonly Problem[];
  readonly hidden: Hidden;
  /** Number of desired objects that were compared. */
  readonly objects: number;
}
