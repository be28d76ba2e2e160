import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Desk } from "./exchange.ts";
import type { Fault } from "./faults.ts";
import { refreshPulls } from "./pull-state.ts";
import { type GitRequest, gitRefusal, serveGit } from "./smart-http.ts";
import { ANONYMOUS, authenticate, type Token } from "./token.ts";

interface Wire {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

/** Answers one request of `git`. Faults before it hold; the answer itself is git's own. */
export async function exchangeGit(desk: Desk, git: GitRequest, wire: Wire): Promise<void> {
  const { request, response, url } = wire;
  const method = request.method ?? "GET";
  const token = authenticate(desk.store, request.headers.authorization);
  const faults = desk.faults.strike({ operation: git.service, method, path: url.pathname });
  const isDropped = await befall(faults, response);
  if (!isDropped && !response.writableEnded) await serve(desk, git, { ...wire, token });
  desk.requests.push({
    method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    operation: git.service,
    body: undefined,
    login: token?.user?.login,
    status: isDropped ? undefined : response.statusCode,
  });
  if (isDropped) request.socket.destroy();
}

/** True when the connection is to be dropped. */
async function befall(faults: readonly Fault[], response: ServerResponse): Promise<boolean> {
  for (const { effect } of faults) {
    if (effect.kind === "delay") await sleep(effect.milliseconds);
    if (effect.kind === "run") await effect.run();
    if (effect.kind === "drop") return true;
    if (effect.kind === "answer") response.writeHead(effect.status, effect.headers).end(effect.message);
  }
  return false;
}

async function serve(
  desk: Desk,
  git: GitRequest,
  { request, response, url, token }: Wire & { readonly token: Token | undefined },
): Promise<void> {
  const refusal = gitRefusal(git, token);
  if (refusal !== undefined) {
    const challenge = refusal === 401 ? { "www-authenticate": 'Basic realm="GitHub"' } : {};
    request.resume();
    response.writeHead(refusal, challenge).end();
    return;
  }
  const { user } = token ?? ANONYMOUS;
  const served = () => serveGit(desk.store, git, { request, response, url, login: user?.login ?? "" });
  if (git.service === "git-upload-pack" || request.method !== "POST") await served();
  else await desk.store.serially(async () => served().then(() => refreshPulls(desk.store)));
  response.end();
}
