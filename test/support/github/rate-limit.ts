import { type Answer, errorAnswer, ok } from "./answer.ts";
import type { Token } from "./token.ts";

export interface Limits {
  /** Requests an hour of one token; GitHub's numbers unless given: 1000 for a workflow's, 60 without one, 5000 for others. */
  readonly requestsPerHour: number | undefined;
  /** Writes a minute of one token. */
  readonly writesPerMinute: number;
  /** What a secondary limit is answered with; GitHub uses either. */
  readonly status: 403 | 429;
  /** Seconds in `retry-after`; GitHub leaves it out at times. */
  readonly retryAfter: number | undefined;
}

export const GITHUB_LIMITS: Limits = { requestsPerHour: undefined, writesPerMinute: 80, status: 403, retryAfter: 60 };

export interface RateLimit {
  limits: Limits;
  /** Counts a request; the answer is the refusal when it is one too many. */
  count(token: Token, kind: "read" | "write"): Answer | undefined;
  /** An answer without a change costs nothing. */
  refund(token: Token): void;
  headers(token: Token): Readonly<Record<string, string>>;
  overview(token: Token): Answer;
}

interface Usage {
  readonly used: number;
  /** Seconds since 1970. */
  readonly reset: number;
  /** Milliseconds since 1970 of the latest writes. */
  readonly writes: readonly number[];
}

const HOUR_SECONDS = 3600;
const MINUTE_MILLISECONDS = 60_000;

/** Counts requests and writes per token. */
export function createRateLimit(initial: Limits, clock: () => Date): RateLimit {
  const usages = new Map<string, Usage>();
  const usageOf = (token: Token): Usage => {
    const now = clock().getTime();
    const usage = usages.get(token.name);
    if (usage !== undefined && usage.reset * 1000 > now) return usage;
    return { used: 0, reset: Math.floor(now / 1000) + HOUR_SECONDS, writes: usage?.writes ?? [] };
  };
  const rateLimit: RateLimit = {
    limits: initial,
    count: (token, kind) => {
      const { limits } = rateLimit;
      const usage = usageOf(token);
      const now = clock().getTime();
      const recent = usage.writes.filter((time) => time > now - MINUTE_MILLISECONDS);
      const isWrite = kind === "write";
      usages.set(token.name, { ...usage, used: usage.used + 1, writes: isWrite ? [...recent, now] : recent });
      if (usage.used >= hourly(token, limits)) return primaryRefusal(token);
      return isWrite && recent.length >= limits.writesPerMinute ? secondaryRefusal(limits) : undefined;
    },
    refund: (token) => {
      const usage = usageOf(token);
      usages.set(token.name, { ...usage, used: Math.max(0, usage.used - 1) });
    },
    headers: (token) => {
      const rate = rateOf(usageOf(token), hourly(token, rateLimit.limits));
      const numbers = Object.entries(rate).map(([name, value]) => [`x-ratelimit-${name}`, String(value)]);
      return { ...Object.fromEntries(numbers), "x-ratelimit-resource": "core" };
    },
    overview: (token) => {
      const rate = rateOf(usageOf(token), hourly(token, rateLimit.limits));
      return ok({ resources: { core: rate, search: { ...rate, limit: 30, remaining: 30, used: 0 } }, rate });
    },
  };
  return rateLimit;
}

function hourly(token: Token, { requestsPerHour }: Limits): number {
  if (requestsPerHour !== undefined) return requestsPerHour;
  if (token.kind === "anonymous") return 60;
  return token.app?.slug === "github-actions" ? 1000 : 5000;
}

function rateOf({ used, reset }: Usage, limit: number): Readonly<Record<string, number>> {
  return { limit, remaining: Math.max(0, limit - used), used: Math.min(used, limit), reset };
}

function primaryRefusal(token: Token): Answer {
  const whose = token.kind === "app" ? "installation" : "user";
  return errorAnswer(403, `API rate limit exceeded for ${whose} ID ${token.user?.id ?? 0}.`);
}

function secondaryRefusal({ status, retryAfter }: Limits): Answer {
  const message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  const answer = errorAnswer(status, message);
  return retryAfter === undefined ? answer : { ...answer, headers: { "retry-after": String(retryAfter) } };
}
