import { Failure, type FailureCode } from "../model/failure.ts";

/** What a call was for, in the words of a message. */
export interface Operation {
  /** Subject and verb: `comment on #12: create`. */
  readonly name: string;
  /** The permission of the token that it needs: `pull-requests: write`. */
  readonly needs: string;
}

/** What is kept of an answer of GitHub: never its text, headers or body, which may hold what was sent. */
export interface GithubAnswer {
  readonly operation: string;
  /** The HTTP status; absent when no answer came. */
  readonly status?: number;
  /** GitHub's own id of the request, for its support. */
  readonly requestId?: string;
  readonly reason: "unreachable" | "rate-limit" | "locked" | "too-long" | "not-kept" | "status";
}

/** Turns whatever Octokit threw into a Failure; a Failure stays what it is, a bug stays a bug. */
export function githubFailure(error: unknown, operation: Operation): unknown {
  if (error instanceof Failure) return error;
  const thrown = readThrown(error);
  return thrown === undefined ? error : failureOf(operation, toAnswer(thrown, operation));
}

/** Whether the failure is GitHub saying that a text is too long: a shorter one may pass. */
export function isTooLong(error: unknown): boolean {
  return error instanceof Failure && (error.cause as GithubAnswer | undefined)?.reason === "too-long";
}

/** Whether GitHub may have done what was asked although no good answer came: a lost connection, a 5xx. */
export function mayHaveHappened(error: unknown): boolean {
  if (!(error instanceof Failure)) return false;
  const answer = error.cause as GithubAnswer | undefined;
  return answer?.reason === "unreachable" || (answer?.status ?? 0) >= 500;
}

/** Whether GitHub said that the thing is not there: 404 and 410, which it also says of what a token may not see. */
export function isAbsent(error: unknown): boolean {
  const status = error instanceof Failure ? (error.cause as GithubAnswer | undefined)?.status : undefined;
  return status === 404 || status === 410;
}

interface Kind {
  readonly code: FailureCode;
  readonly what: string;
  readonly remedy: string;
}

const TRY_AGAIN = "run it again; see https://www.githubstatus.com";

const KINDS: Readonly<Record<Exclude<GithubAnswer["reason"], "status">, Kind>> = {
  unreachable: { code: "github-unreachable", what: "GitHub gave no answer", remedy: TRY_AGAIN },
  "rate-limit": {
    code: "github-error",
    what: "GitHub's rate limit is used up",
    remedy: "run it again later, or use the token of a GitHub App, which has a larger limit",
  },
  locked: {
    code: "github-forbidden",
    what: "the conversation is locked",
    remedy: "unlock it, or read the result in the check and the job summary",
  },
  "too-long": { code: "github-error", what: "the text is too long for GitHub", remedy: "shorten it" },
  "not-kept": {
    code: "github-error",
    what: "GitHub accepted the new text and kept the old one",
    remedy: "shorten the text",
  },
};

/** The Failure that stands for an answer of GitHub. */
export function failureOf(operation: Operation, answer: GithubAnswer): Failure {
  const { code, what, remedy } = answer.reason === "status" ? kindOfStatus(operation, answer) : KINDS[answer.reason];
  return new Failure(code, `${operation.name}: ${what}`, { remedy, cause: answer });
}

function kindOfStatus({ needs }: Operation, { status = 0 }: GithubAnswer): Kind {
  if (status === 401) {
    return {
      code: "github-forbidden",
      what: "GitHub does not accept the token (401)",
      remedy: "give github-token a token that is valid and not expired",
    };
  }
  if (status === 403 || status === 404 || status === 410) {
    return {
      code: "github-forbidden",
      what: `not allowed, or not there (${status})`,
      remedy: `give the job the permission ${needs}; from a fork or Dependabot it cannot have it`,
    };
  }
  const remedy = status >= 500 ? TRY_AGAIN : "report it as a bug of Plumbline";
  return { code: "github-error", what: `GitHub answered ${status}`, remedy };
}

interface Thrown {
  /** Absent: no answer came. */
  readonly status?: number;
  readonly message: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly errors: unknown;
}

/** Octokit's errors by their shape: minifiers rename classes. Its REST errors have a status, its GraphQL errors a list. */
function readThrown(error: unknown): Thrown | undefined {
  if (!(error instanceof Error)) return undefined;
  const { message, status, response, errors } = error as Error & {
    status?: unknown;
    response?: { headers?: Record<string, unknown>; data?: { errors?: unknown } };
    errors?: unknown;
  };
  if (errors !== undefined) return { status: 200, message, headers: {}, errors };
  if (typeof status !== "number" && response === undefined) return undefined;
  // A connection that breaks is a 500 to Octokit, but one without a response.
  if (response === undefined) return { message, headers: {}, errors: undefined };
  const answered = typeof status === "number" ? status : 200;
  return { status: answered, message, headers: response.headers ?? {}, errors: response.data?.errors };
}

function toAnswer(thrown: Thrown, operation: Operation): GithubAnswer {
  if (thrown.status === undefined) return { operation: operation.name, reason: "unreachable" };
  const requestId = thrown.headers["x-github-request-id"];
  const known = { operation: operation.name, status: thrown.status, reason: reasonOf(thrown.status, thrown) };
  return typeof requestId === "string" ? { ...known, requestId } : known;
}

function reasonOf(status: number, { message, headers, errors }: Thrown): GithubAnswer["reason"] {
  const limited = /rate limit/i.test(message) || headers["x-ratelimit-remaining"] === "0";
  if (status === 429 || ((status === 403 || status === 200) && limited)) return "rate-limit";
  if (status === 403 && /\block(?:ed)?\b/i.test(message)) return "locked";
  const text = `${message} ${JSON.stringify(errors ?? "")}`;
  if (status === 422 && /too[_ ]long|is too large|Only \d+ characters|maximum is \d+/i.test(text)) return "too-long";
  return "status";
}
