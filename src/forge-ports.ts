import type { SafeText } from "./model/safe-text.ts";
import type {
  CheckConclusion,
  CheckRun,
  Marker,
  PostedComment,
  PostedIssue,
  PullRequest,
  Viewer,
} from "./model/github.ts";

// What the flows need of GitHub; the rules of ports.ts hold here as well.

/** Pull requests and branches of the repository on GitHub. */
export interface Pulls {
  pull(number: number, signal: AbortSignal): Promise<PullRequest | undefined>;
  /** Pull requests that brought a commit to its branch. May lag some seconds behind a merge. */
  ofCommit(sha: string, signal: AbortSignal): Promise<readonly PullRequest[]>;
  branchHead(branch: string, signal: AbortSignal): Promise<string>;
  /** `admin`, `maintain`, `write`, `triage`, `read` or `none`. */
  permission(login: string, signal: AbortSignal): Promise<string>;
}

/** Comments on pull requests and issues. Ours are found by author id and marker, never by text. */
export interface Comments {
  find(number: number, marker: Marker, signal: AbortSignal): Promise<PostedComment | undefined>;
  /** Creates ours or edits it in place. */
  upsert(number: number, marker: Marker, body: SafeText, signal: AbortSignal): Promise<PostedComment>;
  react(commentId: number, reaction: "eyes" | "rocket" | "+1" | "-1" | "confused", signal: AbortSignal): Promise<void>;
}

export interface CheckText {
  readonly conclusion: CheckConclusion;
  readonly title: SafeText;
  readonly summary: SafeText;
  readonly text: SafeText;
}

/** Check runs; the newest of a name on a commit counts. */
export interface Checks {
  find(sha: string, name: string, signal: AbortSignal): Promise<CheckRun | undefined>;
  publish(sha: string, name: string, check: CheckText, signal: AbortSignal): Promise<CheckRun>;
}

export interface IssueText {
  readonly title: SafeText;
  readonly body: SafeText;
  readonly labels: readonly string[];
}

/** Issues of ours, found by list (author id and marker), open or closed. */
export interface Issues {
  find(marker: Marker, signal: AbortSignal): Promise<PostedIssue | undefined>;
  open(marker: Marker, text: IssueText, signal: AbortSignal): Promise<PostedIssue>;
  /** Edits in place, reads back, and reopens or closes as asked. */
  update(
    number: number,
    marker: Marker,
    text: IssueText,
    state: "open" | "closed",
    signal: AbortSignal,
  ): Promise<PostedIssue>;
}

export interface Forge {
  readonly viewer: (signal: AbortSignal) => Promise<Viewer>;
  readonly pulls: Pulls;
  readonly comments: Comments;
  readonly checks: Checks;
  readonly issues: Issues;
}
