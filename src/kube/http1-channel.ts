import { request as plainRequest, type Agent, type IncomingMessage, type RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as tlsRequest } from "node:https";
import type { Channel, Exchanged, WireRequest } from "./channel.ts";
import type { Credential } from "./connection.ts";
import { codeOf } from "./error-code.ts";
import { CUT, TOO_LARGE } from "./loss.ts";
import { limitTime } from "./time-limit.ts";

/** For servers that do not offer HTTP/2: a pool of kept-alive connections. */
export function http1Channel(server: URL, credential: Credential): Channel {
  return proxiedChannel(server, new HttpsAgent({ ...credential.tls, keepAlive: true }));
}

/** Through whatever the agent leads to: the proxy of a kubeconfig. */
export function proxiedChannel(server: URL, agent: Agent): Channel {
  let closed = false;
  return {
    get usable() {
      return !closed;
    },
    exchange: (request, signal) => exchange(server, agent, request, signal),
    close() {
      closed = true;
      agent.destroy();
    },
  };
}

function exchange(server: URL, agent: Agent, request: WireRequest, signal: AbortSignal): Promise<Exchanged> {
  const { promise, resolve } = Promise.withResolvers<Exchanged>();
  const send = server.protocol === "http:" ? plainRequest : tlsRequest;
  const outgoing = send(new URL(request.path, server), options(agent, request));
  const stopWatching = limitTime(request.milliseconds, signal, (why) => {
    resolve({ kind: "lost", why, sent: true });
    outgoing.destroy();
  });
  outgoing.on("response", (incoming) => void collect(incoming, request).then(resolve));
  outgoing.on("error", (error) => resolve({ kind: "lost", why: codeOf(error), sent: !NEVER_SENT.has(codeOf(error)) }));
  outgoing.on("close", stopWatching);
  outgoing.end(request.body);
  return promise;
}

function options(agent: Agent, request: WireRequest): RequestOptions {
  const length = request.body === undefined ? {} : { "content-length": String(request.body.length) };
  return { agent, method: request.method, headers: { ...request.headers, ...length } };
}

const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

async function collect(incoming: IncomingMessage, request: WireRequest): Promise<Exchanged> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > request.maxBytes) return { kind: "lost", why: TOO_LARGE, sent: true };
      chunks.push(chunk);
    }
  } catch (error) {
    return { kind: "lost", why: codeOf(error), sent: true };
  }
  if (!incoming.complete) return { kind: "lost", why: CUT, sent: true };
  const body = Buffer.concat(chunks, bytes);
  return { kind: "answered", answer: { status: incoming.statusCode ?? 0, rawHeaders: incoming.rawHeaders, body } };
}
