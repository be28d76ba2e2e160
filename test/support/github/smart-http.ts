import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { GIT_ENVIRONMENT } from "./git.ts";
import { mayClone, mayPush } from "./permissions.ts";
import type { Repository, Store } from "./store.ts";
import { ANONYMOUS, type Token } from "./token.ts";

/** A request of `git` itself: clone, fetch or push over HTTP. */
export interface GitRequest {
  readonly repository: Repository | undefined;
  readonly service: "git-upload-pack" | "git-receive-pack";
  /** Below the folder of all repositories. */
  readonly path: string;
}

/** What a path means to git: `/owner/name.git/info/refs`, `/owner/name/git-upload-pack`. */
export function matchGit(store: Store, url: URL): GitRequest | undefined {
  const match = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(url.pathname);
  if (match === null) return undefined;
  const [, owner = "", name = "", rest = ""] = match;
  const service = rest === "info/refs" ? url.searchParams.get("service") : rest;
  if (service !== "git-upload-pack" && service !== "git-receive-pack") return undefined;
  const key = `${owner}/${name}`.toLowerCase();
  return { repository: store.repositories.get(key), service, path: `/${key}.git/${rest}` };
}

/** The status that refuses a token, or `undefined` when it may go on. */
export function gitRefusal({ repository, service }: GitRequest, token: Token | undefined): 401 | 403 | 404 | undefined {
  if (token === undefined) return 401;
  const allowed = repository !== undefined && (service === "git-receive-pack" ? mayPush : mayClone)(token, repository);
  if (allowed) return undefined;
  // Who is not known is asked to say; who is known is told no more than that there is nothing.
  if (token === ANONYMOUS) return 401;
  return repository !== undefined && mayClone(token, repository) ? 403 : 404;
}

/** Lets `git http-backend` answer, as a web server would. Resolves to the status when the answer is complete. */
export function serveGit(
  store: Store,
  git: GitRequest,
  { request, response, url, login }: { request: IncomingMessage; response: ServerResponse; url: URL; login: string },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const backend = spawn("git", ["http-backend"], { env: environment(store, git, { request, url, login }) });
    let header: Buffer | undefined = Buffer.alloc(0);
    backend.stdin.on("error", () => undefined);
    request.pipe(backend.stdin);
    backend.stdout.on("data", (chunk: Buffer) => {
      if (header === undefined) return void response.write(chunk);
      header = Buffer.concat([header, chunk]);
      const end = header.indexOf("\r\n\r\n");
      if (end < 0) return;
      writeHead(response, header.subarray(0, end).toString("latin1"));
      response.write(header.subarray(end + 4));
      header = undefined;
    });
    // Without a reader the backend would block on its own complaints.
    backend.stderr.resume();
    backend.on("error", reject);
    backend.on("close", () => resolve(response.statusCode));
  });
}

function environment(
  store: Store,
  git: GitRequest,
  { request, url, login }: { request: IncomingMessage; url: URL; login: string },
): Record<string, string> {
  const { headers } = request;
  return {
    ...GIT_ENVIRONMENT,
    GIT_PROJECT_ROOT: store.folder,
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: git.path,
    QUERY_STRING: url.search.slice(1),
    REQUEST_METHOD: request.method ?? "GET",
    CONTENT_TYPE: headers["content-type"] ?? "",
    REMOTE_ADDR: "127.0.0.1",
    REMOTE_USER: login,
    ...(headers["content-length"] !== undefined && { CONTENT_LENGTH: headers["content-length"] }),
    ...(headers["content-encoding"] !== undefined && { HTTP_CONTENT_ENCODING: headers["content-encoding"] }),
    ...(typeof headers["git-protocol"] === "string" && { GIT_PROTOCOL: headers["git-protocol"] }),
  };
}

function writeHead(response: ServerResponse, header: string): void {
  const lines = header.split("\r\n").map((line) => /^([^:]+):\s*(.*)$/.exec(line));
  for (const [, name = "", value = ""] of lines.filter((line) => line !== null)) {
    if (name.toLowerCase() === "status") response.statusCode = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
}
