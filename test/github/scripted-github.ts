import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setImmediate as immediate } from "node:timers/promises";

/** One answer of the script; `drop` closes the connection instead. */
export type Answer =
  | {
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
      /** Is given only when so many requests have arrived. */
      readonly afterRequests?: number;
    }
  | "drop";

/** A server that gives the answers of a script, one request after the other, whatever is asked. For the faults of the line itself. */
export interface ScriptedGithub extends AsyncDisposable {
  readonly url: string;
  /** `POST /repos/acme/shop/issues`, in order of arrival. */
  readonly requests: readonly string[];
}

export async function scriptedGithub(...script: readonly Answer[]): Promise<ScriptedGithub> {
  const requests: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const next = script[requests.length] ?? { status: 599 };
    requests.push(`${request.method} ${request.url}`);
    if (request.method !== "GET" && request.method !== "DELETE") await json(request);
    const awaited = next === "drop" ? 0 : (next.afterRequests ?? 0);
    while (requests.length < awaited) await immediate();
    if (next === "drop") {
      response.destroy();
      return;
    }
    response.writeHead(next.status, { "content-type": "application/json", ...next.headers });
    response.end(next.status === 204 ? undefined : JSON.stringify(next.body ?? {}));
  };
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
