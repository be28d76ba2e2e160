import { setTimeout as wait } from "node:timers/promises";
import { getOctokit } from "@actions/github";
import { defaults } from "@actions/github/lib/utils";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { Failure } from "../model/failure.ts";
import type { Log } from "../ports.ts";
import { githubFailure, type Operation } from "./github-failure.ts";
import { guardedFetch, requireOrigin } from "./guarded-fetch.ts";
import { writeLane } from "./write-lane.ts";

type Octokit = ReturnType<typeof getOctokit>;

export interface ConnectOptions {
  readonly token: string;
  /** `https://api.github.com`; nothing is ever requested of another origin. */
  readonly apiUrl: string;
  /** `owner/name` */
  readonly repository: string;
  readonly userAgent: string;
  /** Between two writes; GitHub asks for at least a second. Default 1000. */
  readonly writeSpacingMilliseconds?: number;
  /** How long a second lasts while we wait for a limit or before we try again. Default 1000; tests make it short. */
  readonly secondMilliseconds?: number;
  /** Told when a limit makes us wait. */
  readonly log?: Pick<Log, "warning">;
}

/** The repository and the signal of one call, as Octokit wants them. */
export interface CallBasis {
  readonly owner: string;
  readonly repo: string;
  readonly request: { readonly signal: AbortSignal };
}

/** The one way to GitHub: whatever goes wrong is a Failure, and an abort ends every wait at once. */
export interface Connection {
  call<T>(
    operation: Operation,
    signal: AbortSignal,
    action: (octokit: Octokit, basis: CallBasis) => Promise<T>,
  ): Promise<T>;
}

// Secondary limits ask for a minute; a primary limit may ask for most of an hour, which no job should sit through.
const LONGEST_WAIT_SECONDS = 60;
const WAITS = 2;
// Beside the plugin's own list 429: the throttling plugin has waited for it already.
const DO_NOT_RETRY = [400, 401, 403, 404, 410, 422, 429, 451];

export function connect(options: ConnectOptions): Connection {
  const [owner, repo] = splitRepository(options.repository);
  const octokit = createOctokit(options);
  return {
    call: async (operation, signal, action) => {
      if (signal.aborted) throw interrupted(operation);
      try {
        return await unlessAborted(signal, action(octokit, { owner, repo, request: { signal } }));
      } catch (error) {
        if (signal.aborted) throw interrupted(operation);
        throw githubFailure(error, operation);
      }
    },
  };
}

function createOctokit(options: ConnectOptions): Octokit {
  const second = options.secondMilliseconds ?? 1000;
  const { origin } = new URL(options.apiUrl);
  const octokit = getOctokit(
    options.token,
    {
      baseUrl: options.apiUrl.replace(/\/+$/, ""),
      userAgent: options.userAgent,
      // Octokit would print requests and deprecations to the console, past the masker.
      log: { debug: silent, info: silent, warn: silent, error: silent },
      request: { ...defaults.request, fetch: guardedFetch(defaults.request?.["fetch"] as typeof fetch, origin) },
      retry: { doNotRetry: DO_NOT_RETRY, retries: 2, retryAfterBaseValue: second },
      throttle: throttleOptions(second, options.log),
    },
    // In this order: the plugin named later wraps the earlier one, and with `retry` inside the other never sees a 429.
    throttling,
    retry,
  );
  octokit.hook.before("request", (parameters) => {
    requireOrigin(new URL(parameters.url, `${parameters.baseUrl}/`), origin);
    // A POST may have been done although its answer was lost: whoever sent it looks first (create-once.ts).
    if (isWrite(parameters) && parameters.method === "POST") {
      parameters.request = { retries: 0, ...parameters.request };
    }
  });
  const lane = writeLane(options.writeSpacingMilliseconds ?? 1000, { now: () => performance.now(), wait });
  octokit.hook.wrap("request", (request, parameters) =>
    isWrite(parameters) ? lane(async () => request(parameters)) : request(parameters),
  );
  return octokit;
}

function isWrite(parameters: { readonly method: string; readonly url: string }): boolean {
  return parameters.method !== "GET" && !parameters.url.endsWith("/graphql");
}

type ThrottleOptions = NonNullable<NonNullable<Parameters<typeof getOctokit>[1]>["throttle"]>;

function throttleOptions(second: number, log: ConnectOptions["log"]): ThrottleOptions {
  const limit = (what: string) => (seconds: number, _request: unknown, _octokit: unknown, waited: number) => {
    const willWait = seconds <= LONGEST_WAIT_SECONDS && waited < WAITS;
    if (willWait) log?.warning(`GitHub's ${what} is used up: waiting for ${seconds} s`);
    return willWait;
  };
  const queues = { global: NO_QUEUE, auth: NO_QUEUE, search: NO_QUEUE, write: NO_QUEUE, notifications: NO_QUEUE };
  return {
    ...queues,
    retryAfterBaseValue: second,
    fallbackSecondaryRateRetryAfter: LONGEST_WAIT_SECONDS,
    onRateLimit: limit("rate limit"),
    onSecondaryRateLimit: limit("secondary rate limit"),
  } as unknown as ThrottleOptions;
}

/** Stands where the plugin expects its queues: they are one for the whole process, with spacings that cannot be set. Ours is the write lane. */
const NO_QUEUE = {
  key: () => ({
    schedule: <T>(_options: unknown, job: (...values: readonly unknown[]) => T, ...values: readonly unknown[]): T =>
      job(...values),
  }),
};

function silent(): void {
  // Nothing of Octokit's own log is for people.
}

async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  // An abort must not wait for a minute's pause of the throttling plugin. What still comes then is nobody's business.
  work.catch(silent);
  using stack = new DisposableStack();
  const aborted = new Promise<never>((_resolve, reject) => {
    const onAbort = (): void => reject(new Error("aborted"));
    signal.addEventListener("abort", onAbort, { once: true });
    stack.defer(() => signal.removeEventListener("abort", onAbort));
  });
  return await Promise.race([work, aborted]);
}

function splitRepository(repository: string): readonly [string, string] {
  const [owner, repo, ...rest] = repository.split("/");
  if (owner === undefined || owner === "" || repo === undefined || repo === "" || rest.length > 0) {
    throw new Failure("github-error", `${JSON.stringify(repository)}: not a repository`, {
      remedy: "name it owner/name",
    });
  }
  return [owner, repo];
}

function interrupted(operation: Operation): Failure {
  return new Failure("interrupted", `${operation.name}: interrupted`, { remedy: "run it again" });
}
