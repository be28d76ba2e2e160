import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { formatJson, isMap, parseJson, type Json, type JsonMap } from "../../src/model/json.ts";

export interface RawAnswer {
  readonly status: number;
  readonly json: JsonMap;
  /** What a refusal says; empty where the server took it. */
  readonly message: string;
}

export interface RawBody {
  /** `application/<type>`: `json`, `merge-patch+json`, `apply-patch+yaml`, ... */
  readonly type: string;
  readonly value: Json;
}

/** The API server as everybody but us talks to it. */
export interface RawApi extends Disposable {
  send(method: string, path: string, body?: RawBody): Promise<RawAnswer>;
}

/** Speaks as the owner of a token, over connections that stay open. */
export function openRawApi(server: string, options: { readonly caFile: string; readonly token: string }): RawApi {
  const agent = new Agent({ keepAlive: true, maxSockets: 16, ca: readFileSync(options.caFile) });
  return {
    send: (method, path, body) =>
      new Promise((resolve, reject) => {
        const headers = {
          authorization: `Bearer ${options.token}`,
          ...(body && { "content-type": `application/${body.type}` }),
        };
        const sent = request(new URL(path, server), { method, headers, agent, timeout: 60_000 }, (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("error", reject);
          answer.on("end", () => resolve(answerOf(answer.statusCode ?? 0, Buffer.concat(chunks).toString())));
        });
        sent.on("timeout", () => sent.destroy(new Error(`${method} ${path}: no answer within 60 s`)));
        sent.on("error", reject);
        sent.end(body === undefined ? undefined : formatJson(body.value));
      }),
    [Symbol.dispose]: () => agent.destroy(),
  };
}

/** A text that is no JSON (a 404 of an unknown group) is its own message. */
function answerOf(status: number, text: string): RawAnswer {
  const json = read(text);
  if (!isMap(json)) return { status, json: {}, message: text };
  const { message } = json;
  return { status, json, message: status < 300 || typeof message !== "string" ? "" : message };
}

function read(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
