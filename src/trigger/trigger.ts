/** Why we are running, as the event says it. All of it is untrusted text but the numbers, ids and SHAs, whose form has been checked. */
export type Trigger =
  | PullTrigger
  | PushTrigger
  | MergeGroupTrigger
  | CommentTrigger
  | DispatchTrigger
  | PrivilegedTrigger
  | { readonly kind: "schedule"; readonly sha: string }
  /** An event that asks nothing of us. */
  | { readonly kind: "unknown"; readonly event: string; readonly why: string }
  /** An event that may ask something of us, but its payload is not what GitHub sends. */
  | { readonly kind: "unreadable"; readonly event: string; readonly why: string };

/** Something happened to a pull request, in the context of its test merge. */
export interface PullTrigger {
  readonly kind: "pull-request";
  /** `replan`: opened, new commits, reopened, ready for review, other base. `other`: a label and the like. */
  readonly change: "replan" | "merged" | "closed" | "other";
  readonly action: string;
  readonly pull: PullReference;
  /** The commit the run is for, usually the test merge. */
  readonly sha: string;
}

export interface PullReference {
  readonly number: number;
  readonly headSha: string;
  readonly baseSha: string;
  readonly baseBranch: string;
  /** The head lives in another repository, or in one that is gone. */
  readonly fork: boolean;
  /** By the author of the pull request, whoever caused this run. */
  readonly dependabot: boolean;
}

export interface PushTrigger {
  readonly kind: "push";
  readonly branch: string;
  readonly sha: string;
  readonly isDefaultBranch: boolean;
}

export interface MergeGroupTrigger {
  readonly kind: "merge-group";
  readonly isRequested: boolean;
  readonly headSha: string;
  readonly baseSha: string;
}

/** A comment as the event holds it; one that was edited later must not become another command. */
export interface CommentTrigger {
  readonly kind: "comment";
  readonly isCreated: boolean;
  /** Number of the issue or pull request. */
  readonly number: number;
  readonly isPullRequest: boolean;
  readonly commentId: number;
  readonly body: string;
  readonly author: string;
  readonly authorId: number;
  readonly isBot: boolean;
  /** The default branch's head when the comment was written. */
  readonly sha: string;
}

/** Somebody started the run, by hand or through the API. */
export interface DispatchTrigger {
  readonly kind: "dispatch";
  readonly event: "workflow_dispatch" | "repository_dispatch";
  /** The command that is named, unchecked; absent when none is. */
  readonly command?: string;
  readonly sha: string;
  readonly isDefaultBranch: boolean;
}

/** An event that runs with the rights of the default branch although a stranger may have caused it. */
export interface PrivilegedTrigger {
  readonly kind: "privileged";
  readonly event: "pull_request_target" | "workflow_run";
  /** What caused it came from another repository, or from one that is gone. */
  readonly fork: boolean;
  /** The head of what caused it. */
  readonly headSha: string;
  readonly sha: string;
}
