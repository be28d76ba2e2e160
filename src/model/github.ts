/** Who the token speaks for. `id` is the database id by which we know our own comments and issues. */
export interface Viewer {
  readonly login: string;
  readonly id: number;
}

export interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly state: "open" | "closed";
  readonly merged: boolean;
  readonly draft: boolean;
  readonly authorId: number;
  readonly author: string;
  readonly baseBranch: string;
  readonly baseSha: string;
  readonly headSha: string;
  /** The head lives in another repository, or in one that is gone. */
  readonly fork: boolean;
  readonly mergeCommitSha?: string;
}

/** The first line of every text of ours: `<!-- plumbline:v1 {"kind":"plan"} -->`. It proves nothing without the author's id. */
export interface Marker {
  readonly kind: "plan" | "apply" | "drift" | "answer";
  /** What tells two texts of one kind apart: a target, or empty. */
  readonly key: string;
}

export interface PostedComment {
  readonly id: number;
  readonly url: string;
  readonly body: string;
}

export interface PostedIssue {
  readonly number: number;
  readonly url: string;
  readonly state: "open" | "closed";
  readonly title: string;
  readonly body: string;
}

export type CheckConclusion = "success" | "failure" | "neutral" | "cancelled" | "action_required" | "skipped";

export interface CheckRun {
  readonly id: number;
  readonly url: string;
  readonly name: string;
  readonly headSha: string;
  readonly conclusion?: string;
  readonly text: string;
}
