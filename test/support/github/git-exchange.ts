import type { IncomingMessage, ServerResponse } from "node:http";
import type { Desk } from "./exchange.ts";
import { befall, type Ending, type Fault } from "./faults.ts";
import { refreshPulls } from "./pull-state.ts";
import { askGit, type GitAnswer, type GitRequest, gitRefusal } from "./smart-http.ts";
import { authenticate, type Token } from "./token.ts";

interface Wire {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

/** Answers one request of `git`. */
export async function exchangeGit(desk: Desk, git: GitRequest, { request, response, url }: Wire): Promise<void> {
  const method = request.method ?? "GET";
  const token = authenticate(desk.store, request.headers.authorization);
  const faults = desk.faults.strike({ operation: git.service, method, path: url.pathname });
  const answer = await throughFaults(faults, () => serve(desk, git, { request, url, token }));
  desk.requests.push({
    method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    operation: git.service,
    body: undefined,
    login: token?.user?.login,
    status: answer?.status,
  });
  if (answer === undefined) return void request.socket.destroy();
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

async function throughFaults(faults: readonly Fault[], make: () => Promise<GitAnswer>): Promise<GitAnswer | undefined> {
  const before = await befall(faults, "before");
  if (before !== undefined) return answerOf(before);
  const made = await make();
  const after = await befall(faults, "after");
  return after === undefined ? made : answerOf(after);
}

function answerOf(ending: Ending): GitAnswer | undefined {
  if (ending.kind === "dropped") return undefined;
  const { status, headers = {} } = ending.answer;
  return { status, headers, body: Buffer.alloc(0) };
}

async function serve(
  desk: Desk,
  git: GitRequest,
  { request, url, token }: Pick<Wire, "request" | "url"> & { readonly token: Token | undefined },
): Promise<GitAnswer> {
  const refusal = gitRefusal(git, token);
  if (refusal !== undefined) {
    request.resume();
    const headers = refusal === 401 ? { "www-authenticate": 'Basic realm="GitHub"' } : {};
    return { status: refusal, headers, body: Buffer.alloc(0) };
  }
  const ask = () => askGit(desk.store, git, { request, url, login: token?.user?.login ?? "" });
  if (git.service === "git-upload-pack" || request.method !== "POST") return ask();
  return desk.store.serially(async () => {
    const answer = await ask();
    await refreshPulls(desk.store);
    return answer;
  });
}
