import { refusalOf, type Answer } from "./answer.ts";
import { isCertificateCode } from "./failures.ts";
import { TOO_LARGE } from "./loss.ts";

/** What came of one attempt. */
export type Attempt =
  | { readonly kind: "answered"; readonly answer: Answer }
  | { readonly kind: "lost"; readonly why: string; readonly sent: boolean };

/** What the next step depends on, apart from the attempt itself. */
export interface Situation {
  /** Counts from 1. */
  readonly attempt: number;
  /** Sending it twice is the same as sending it once. */
  readonly repeatable: boolean;
  /** From 0 up to 1. */
  readonly random: number;
}

/** What to do after an attempt. */
export type Next =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "again"; readonly afterMilliseconds: number }
  /** `why`: what the server, or the line to it, kept doing. */
  | { readonly kind: "give-up"; readonly why: string };

const ATTEMPTS = 5;
const FIRST_PAUSE_MILLISECONDS = 200;
const LONGEST_PAUSE_MILLISECONDS = 5_000;
const LONGEST_RETRY_AFTER_SECONDS = 60;

/** Whether an attempt is the last one. An answer that means "the server" rather than "the request" never reaches the caller. */
export function nextAfter(attempt: Attempt, situation: Situation): Next {
  const may = attempt.kind === "lost" ? mayResend(attempt, situation) : mayAskAgain(attempt.answer, situation);
  if (may && situation.attempt < ATTEMPTS) return { kind: "again", afterMilliseconds: pause(attempt, situation) };
  if (attempt.kind === "lost") return { kind: "give-up", why: attempt.why };
  const { answer } = attempt;
  if (!isServerTrouble(answer) || isDeadBackend(answer)) return { kind: "answer", answer };
  return { kind: "give-up", why: TROUBLES.get(answer.status) ?? `HTTP ${answer.status}` };
}

/** The server asks for less. A 503 without Retry-After is one dead backend, not an overload. */
export function isOverload(answer: Answer): boolean {
  return answer.status === 429 || (answer.status === 503 && answer.retryAfterSeconds !== undefined);
}

function mayResend(lost: Attempt & { kind: "lost" }, situation: Situation): boolean {
  if (isCertificateCode(lost.why) || lost.why === TOO_LARGE) return false;
  return situation.repeatable || !lost.sent;
}

function mayAskAgain(answer: Answer, situation: Situation): boolean {
  // Priority and fairness answers 429 before anything is done, so even a POST may be sent again.
  if (answer.status === 429) return true;
  return situation.repeatable && (isServerTrouble(answer) || isPassingError(answer));
}

const TROUBLES: ReadonlyMap<number, string> = new Map([
  [429, "it kept asking for fewer requests (HTTP 429)"],
  [502, "a proxy before it gave no answer (HTTP 502)"],
  [503, "the service is unavailable (HTTP 503)"],
  [504, "no answer in time (HTTP 504)"],
]);

function isServerTrouble(answer: Answer): boolean {
  return TROUBLES.has(answer.status);
}

/** The API server itself is well: it says so of one aggregated API, in these words, and no load balancer does. */
function isDeadBackend(answer: Answer): boolean {
  return answer.status === 503 && refusalOf(answer).message.trim() === "service unavailable";
}

// 500 without a reason is also how the server says "unknown field" (`failed to create typed patch object`) and how a webhook
// that is down looks. Only what is known to pass is asked again.
function isPassingError(answer: Answer): boolean {
  if (answer.status !== 500) return false;
  const { message } = refusalOf(answer);
  return answer.retryAfterSeconds !== undefined || /^etcdserver: (?!request is too large)/.test(message);
}

function pause(attempt: Attempt, { attempt: number, random }: Situation): number {
  const told = attempt.kind === "answered" ? attempt.answer.retryAfterSeconds : undefined;
  // Never earlier than told; the spread keeps many clients from coming back at the same moment.
  if (told !== undefined) return Math.min(told, LONGEST_RETRY_AFTER_SECONDS) * 1000 + random * 200;
  const longest = Math.min(LONGEST_PAUSE_MILLISECONDS, FIRST_PAUSE_MILLISECONDS * 2 ** (number - 1));
  return longest * (0.5 + random / 2);
}
