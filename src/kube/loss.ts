// Why an answer was lost, where no system error code says it.

/** Asking again cannot help: it is larger than we are ready to hold. */
export const TOO_LARGE = "an answer that is too large";
export const NO_ANSWER = "the connection was lost before an answer";
export const CUT = "the connection was lost in the middle of an answer";
export const INTERRUPTED = "interrupted";
/** Complete by the rules of HTTP, but not by its own headers: a proxy cut it, or it is no JSON. */
export const BROKEN = "an answer that breaks off or is no JSON";

/** The deadline of one attempt passed. */
export function tooLate(milliseconds: number): string {
  return `no complete answer within ${milliseconds / 1000} s`;
}
