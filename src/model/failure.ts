/** What of the world broke; the code decides the exit code, never the class name (minifiers rename classes). */
export type FailureCode =
  | "cluster-unreachable"
  | "cluster-unauthorized"
  | "cluster-forbidden"
  | "cluster-error"
  | "kubeconfig-missing"
  | "kubeconfig-invalid"
  | "github-unreachable"
  | "github-forbidden"
  | "github-error"
  | "git-failed"
  | "tool-missing"
  | "render-failed"
  | "lock-held"
  | "lock-lost"
  | "timeout"
  | "interrupted"
  | "file-system";

/** The world broke: a server, a process or a file did not do its part. `message` names the subject and what happened; `remedy` says what to do. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly remedy: string;

  constructor(code: FailureCode, message: string, options: { readonly remedy: string; readonly cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy;
  }
}

export function isFailure(error: unknown): error is Failure {
  return error instanceof Failure;
}
