import { readFileSync } from "node:fs";
import { request } from "node:https";

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A raw client of one API server; every call is one connection, so a server that restarts is no matter. */
export interface Api {
  call(method: string, path: string, body?: { readonly type: string; readonly value: unknown }): Promise<Answer>;
}

/** A client of `server` that speaks as the owner of `token`. */
export function apiOf({
  server,
  caFile,
  token,
}: {
  readonly server: string;
  readonly caFile: string;
  readonly token: string;
}): Api {
  return {
    call: (method, path, body) =>
      new Promise((resolve, reject) => {
        const headers = {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { "content-type": body.type }),
        };
        const options = { method, headers, ca: readFileSync(caFile), agent: false, timeout: 10_000 };
        const sent = request(new URL(path, server), options, (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("error", reject);
          answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
        });
        sent.on("timeout", () => sent.destroy(new Error(`${method} ${path}: no answer within 10 s`)));
        sent.on("error", reject);
        sent.end(body === undefined ? undefined : JSON.stringify(body.value));
      }),
  };
}
