import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Answer } from "./answer.ts";
import { type Desk, exchange } from "./exchange.ts";
import { exchangeGit } from "./git-exchange.ts";
import { matchGit } from "./smart-http.ts";

/** An HTTP server on a free port of the loopback device. */
export interface LoopbackServer extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string;
  /** What answers from now on; requests before that are dropped. */
  serve(desk: Desk): void;
}

export async function startServer(): Promise<LoopbackServer> {
  let desk: Desk | undefined;
  const server = createServer((request, response) => {
    if (desk === undefined) return void request.socket.destroy();
    answer(desk, request, response).catch((error: unknown) => {
      // A bug of the stand-in, or of a test's own fault.
      const message = String(error instanceof Error ? error.stack : error);
      desk?.violations.push({ side: "answer", operation: `${request.method} ${request.url}`, errors: [message] });
      send(response, { status: 599, body: { message } });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (served) => {
      desk = served;
    },
    [Symbol.asyncDispose]: () => close(server),
  };
}

async function answer(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", desk.store.url);
  const git = matchGit(desk.store, url);
  if (git !== undefined) return exchangeGit(desk, git, { request, response, url });
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const incoming = { method: request.method ?? "GET", url, headers, text: await textOf(request) };
  const made = await exchange(desk, incoming);
  if (made === undefined) return void request.socket.destroy();
  send(response, made);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  const type = body === undefined ? {} : { "content-type": "application/json; charset=utf-8" };
  response.writeHead(status, { ...type, ...headers }).end(body === undefined ? undefined : JSON.stringify(body));
}

async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
}
