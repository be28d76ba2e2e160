import { once } from "node:events";
import {
  createSecureServer,
  type Http2SecureServer,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import type { Connection } from "../../src/kube/connection.ts";
import { createTransport, type KubeRequest, type Transport, type TransportOptions } from "../../src/kube/transport.ts";
import { jumpingClock } from "./clocks.ts";
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from "./loopback-certificate.ts";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Counts all requests from 1. */
  readonly number: number;
  readonly session: ServerHttp2Session;
}

export type Reply = (stream: ServerHttp2Stream, asked: Asked) => void;

/** An HTTP/2 server on 127.0.0.1 that does to each request what the test says. */
export interface Loopback extends AsyncDisposable {
  readonly server: URL;
  readonly asked: readonly Asked[];
  /** Connections opened so far. */
  readonly connections: number;
}

export async function loopback(reply: Reply): Promise<Loopback> {
  const asked: Asked[] = [];
  const sessions = new Set<ServerHttp2Session>();
  let connections = 0;
  const http2 = createSecureServer({ cert: LOOPBACK_CERTIFICATE, key: LOOPBACK_KEY });
  http2.on("session", (session) => {
    connections += 1;
    sessions.add(session);
    session.on("error", () => {});
  });
  http2.on("stream", (stream, headers) => {
    stream.on("error", () => {});
    const { ":method": method = "", ":path": path = "", ...rest } = headers;
    const request = {
      method,
      path,
      headers: rest,
      number: asked.length + 1,
      session: stream.session as ServerHttp2Session,
    };
    asked.push(request);
    reply(stream, request);
  });
  return {
    server: await listen(http2),
    asked,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      sessions.forEach((session) => session.destroy());
      http2.close();
      await once(http2, "close");
    },
  };
}

async function listen(http2: Http2SecureServer): Promise<URL> {
  http2.listen(0, "127.0.0.1");
  await once(http2, "listening");
  return new URL(`https://127.0.0.1:${(http2.address() as AddressInfo).port}`);
}

export function json(
  stream: ServerHttp2Stream,
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  stream.respond({ ":status": status, "content-type": "application/json", ...headers });
  stream.end(JSON.stringify(value));
}

/** A connection that trusts the loopback server and needs no kubeconfig. */
export function trusting(server: URL, overrides: Partial<Connection> = {}): Connection {
  const credential = { tls: { ca: LOOPBACK_CERTIFICATE }, headers: { authorization: "Bearer t0ken-of-the-test" } };
  return {
    server,
    context: "loopback",
    credential: async () => credential,
    renew: async () => credential,
    secrets: [],
    ...overrides,
  };
}

export function transportTo(
  server: URL,
  options: Partial<TransportOptions> = {},
  overrides: Partial<Connection> = {},
): Transport {
  return createTransport(trusting(server, overrides), { clock: jumpingClock(), random: () => 0, ...options });
}

export const GET_WEB: KubeRequest = { method: "GET", path: "/api/v1/web", deed: "get web", repeatable: true };
export const POST_WEB: KubeRequest = {
  method: "POST",
  path: "/api/v1/web",
  deed: "create web",
  repeatable: false,
  body: { a: 1 },
};

/** A signal that nobody aborts. */
export const QUIET = new AbortController().signal;
