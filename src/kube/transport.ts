import { formatJson, type Json } from "../model/json.ts";
import type { Clock } from "../ports.ts";
import { readAnswer, type Answer } from "./answer.ts";
import type { WireRequest } from "./channel.ts";
import type { Connection, Credential } from "./connection.ts";
import { codeOf } from "./error-code.ts";
import { unauthorized, unexpected, unreachable } from "./failures.ts";
import { createGate, type Ending } from "./gate.ts";
import { pause, throwIfInterrupted, unlessInterrupted } from "./interruption.ts";
import { BROKEN } from "./loss.ts";
import { isOverload, nextAfter, type Attempt } from "./retry.ts";
import { shareChannel } from "./shared-channel.ts";

/** One request to the API server. */
export interface KubeRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path and query. */
  readonly path: string;
  /** What it does, as an order with verb, resource and namespace, for messages: `list deployments.apps in namespace shop`. */
  readonly deed: string;
  /** Sending it twice is the same as sending it once. */
  readonly repeatable: boolean;
  readonly body?: Json;
  /** The body's media type, `application/json` unless said. */
  readonly contentType?: string;
  readonly accept?: string;
}

/** Sends requests to one API server. */
export interface Transport extends AsyncDisposable {
  readonly server: URL;
  /**
   * A complete answer of any status that speaks of the request. Throws Failure `cluster-unreachable` (also after bounded
   * retries of 429, 502, 503, 504), `cluster-unauthorized`, `cluster-error` (a redirect) or `interrupted`.
   */
  send(request: KubeRequest, signal: AbortSignal): Promise<Answer>;
  /** HTTP requests sent so far, repeated ones included. */
  readonly requests: number;
}

/** Time, chance and limits. */
export interface TransportOptions {
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random?: () => number;
  /** Requests under way at once, at most. Above 32 the server's CPU is the limit. */
  readonly concurrency?: number;
  /** For one attempt. The API server itself gives up after 60 s. */
  readonly requestMilliseconds?: number;
}

const CONCURRENCY = 32;
const REQUEST_MILLISECONDS = 65_000;
// A page of 500 objects of the largest size would be larger; such a cluster gets a Failure instead of an exhausted runner.
const MAX_BYTES = 256 * 1024 * 1024;

/** A transport over one HTTP/2 connection, opened by the first request and again whenever it is lost. */
export function createTransport(connection: Connection, options: TransportOptions): Transport {
  const random = options.random ?? Math.random;
  const line = createLine(connection.server, options);

  async function send(request: KubeRequest, signal: AbortSignal): Promise<Answer> {
    let renewed = false;
    for (let number = 1; ; number += 1) {
      const credential = await unlessInterrupted(connection.credential(), signal);
      const attempt = await line.attempt(request, credential, signal);
      throwIfInterrupted(signal);
      if (attempt.kind === "answered" && attempt.answer.status === 401) {
        if (renewed) throw unauthorized(connection.server, connection.context);
        await unlessInterrupted(connection.renew(credential), signal);
        renewed = true;
        continue;
      }
      const next = nextAfter(attempt, { attempt: number, repeatable: request.repeatable, random: random() });
      if (next.kind === "give-up") throw unreachable(connection.server, next.why);
      if (next.kind === "answer") return withoutRedirect(next.answer, request);
      await pause(options.clock, next.afterMilliseconds, signal);
    }
  }

  return {
    server: connection.server,
    send,
    get requests() {
      return line.requests;
    },
    [Symbol.asyncDispose]: () => line.close(),
  };
}

/** Sends each request once, as many at a time as the server can take. */
interface Line {
  attempt(request: KubeRequest, credential: Credential, signal: AbortSignal): Promise<Attempt>;
  readonly requests: number;
  close(): Promise<void>;
}

function createLine(server: URL, options: TransportOptions): Line {
  const gate = createGate(options.concurrency ?? CONCURRENCY);
  const channels = shareChannel(server);
  const milliseconds = options.requestMilliseconds ?? REQUEST_MILLISECONDS;
  let requests = 0;

  async function attempt(request: KubeRequest, credential: Credential, signal: AbortSignal): Promise<Attempt> {
    const channel = await unlessInterrupted(channels.open(credential).catch(codeOf), signal);
    if (typeof channel === "string") return { kind: "lost", why: channel, sent: false };
    requests += 1;
    const exchanged = await channel.exchange(toWire(request, credential, milliseconds), signal);
    if (exchanged.kind === "lost") return exchanged;
    const answer = await readAnswer(exchanged.answer, MAX_BYTES);
    return answer === undefined ? { kind: "lost", why: BROKEN, sent: true } : { kind: "answered", answer };
  }

  return {
    async attempt(request, credential, signal) {
      const place = await gate.enter(signal);
      let ending: Ending = "lost";
      try {
        const outcome = await attempt(request, credential, signal);
        if (outcome.kind === "answered") ending = isOverload(outcome.answer) ? "overloaded" : "served";
        return outcome;
      } finally {
        place.leave(ending);
      }
    },
    get requests() {
      return requests;
    },
    close: () => channels.close(),
  };
}

function toWire(request: KubeRequest, credential: Credential, milliseconds: number): WireRequest {
  const body = request.body === undefined ? undefined : Buffer.from(formatJson(request.body));
  return {
    method: request.method,
    path: request.path,
    headers: {
      accept: request.accept ?? "application/json",
      "accept-encoding": "gzip",
      "user-agent": "plumbline",
      ...(body === undefined ? {} : { "content-type": request.contentType ?? "application/json" }),
      ...credential.headers,
    },
    ...(body === undefined ? {} : { body }),
    milliseconds,
    maxBytes: MAX_BYTES,
  };
}

// A redirect would carry our credentials to wherever it points.
function withoutRedirect(answer: Answer, request: KubeRequest): Answer {
  if (answer.status < 300 || answer.status >= 400) return answer;
  throw unexpected(request.deed, answer.status, "the server answered with a redirect, which is never followed");
}
