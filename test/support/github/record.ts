/** A request that was answered, or whose connection was dropped. */
export interface LoggedRequest {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** An operation id of the description, `graphql`, `git-upload-pack` or `git-receive-pack`; absent for what is none of them. */
  readonly operation: string | undefined;
  readonly body: unknown;
  /** Whose token it was; absent without one. */
  readonly login: string | undefined;
  /** Absent when the connection was dropped. */
  readonly status: number | undefined;
}

/** What did not fit GitHub's description: a request of ours, or an answer of the stand-in. */
export interface Violation {
  readonly side: "request" | "answer";
  /** The operation id, or method and path where there is none. */
  readonly operation: string;
  readonly errors: readonly string[];
}
