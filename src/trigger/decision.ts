import type { Problem } from "../model/problem.ts";
import type { CommentCommand } from "./comment.ts";
import type { Command } from "./inputs.ts";
import type { CommentTrigger, PullReference } from "./trigger.ts";

/** What a run does. */
export type Decision =
  | { readonly kind: "targets" }
  /** `sha` is the commit to plan; without a pull request nothing is commented. */
  | { readonly kind: "plan"; readonly sha: string; readonly pull?: PullReference }
  /** Base render against head render, to the job summary; nothing is written to GitHub. */
  | { readonly kind: "plan-offline"; readonly sha: string; readonly pull: PullReference; readonly why: string }
  /** Plan for a merge queue: the check run alone. */
  | { readonly kind: "check-only"; readonly sha: string; readonly baseSha: string }
  /** `full`: every target, also one that already has this commit. */
  | { readonly kind: "apply"; readonly sha: string; readonly full: boolean }
  | { readonly kind: "drift"; readonly sha: string }
  | { readonly kind: "report"; readonly pull?: PullReference }
  /** The comment's title has to say that the pull request was closed unmerged. */
  | { readonly kind: "closed"; readonly pull: PullReference }
  | { readonly kind: "comment-command"; readonly command: CommentCommand; readonly comment: CommentTrigger }
  | { readonly kind: "refused"; readonly problem: Problem }
  | { readonly kind: "nothing"; readonly why: string };

export interface DecisionContext {
  /** The input `command`. */
  readonly command: Command;
  /** A kubeconfig or a cluster's identity is at hand. */
  readonly hasCredential: boolean;
  /** The commit in the workspace; absent when nothing is checked out. */
  readonly checkedOut?: string;
  /** Our own author id, where it is known. */
  readonly viewerId?: number;
}

/** The event does not allow what is asked; nothing is read or written. */
export function refused(message: string, remedy: string): Decision {
  return { kind: "refused", problem: { code: "event-refused", level: "error", message, remedy } };
}

/** The event asks for nothing; the job is green. */
export function nothing(why: string): Decision {
  return { kind: "nothing", why };
}
