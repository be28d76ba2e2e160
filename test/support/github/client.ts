import type { GitHub } from "./github.ts";

export interface ClientAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Whatever JSON came; a test says which. */
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** A REST client without any cleverness: what is sent is what the test says. */
export interface Client {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<ClientAnswer>;
  post(path: string, body: unknown): Promise<ClientAnswer>;
  patch(path: string, body: unknown): Promise<ClientAnswer>;
  put(path: string, body: unknown): Promise<ClientAnswer>;
  delete(path: string): Promise<ClientAnswer>;
}

/** Without a token, the client is anonymous. A path that is a whole URL is taken as it is. */
export function clientOf(github: GitHub, token?: string): Client {
  const send = async (method: string, path: string, body?: unknown, headers = {}): Promise<ClientAnswer> => {
    const answer = await fetch(path.startsWith("http") ? path : `${github.url}${path}`, {
      method,
      headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === "" ? undefined : JSON.parse(text) };
  };
  return {
    get: (path, headers) => send("GET", path, undefined, headers),
    post: (path, body) => send("POST", path, body),
    patch: (path, body) => send("PATCH", path, body),
    put: (path, body) => send("PUT", path, body),
    delete: (path) => send("DELETE", path),
  };
}
