import { spawn } from "node:child_process";
import type { IncomingMessage } from "node:http";
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

/** What `git http-backend` said. */
export interface GitAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Lets `git http-backend` answer, as a web server would. */
export function askGit(
  store: Store,
  git: GitRequest,
  { request, url, login }: { request: IncomingMessage; url: URL; login: string },
): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    const backend = spawn("git", ["http-backend"], { env: environment(store, git, { request, url, login }) });
    const output: Buffer[] = [];
    backend.stdin.on("error", () => undefined);
    request.pipe(backend.stdin);
    backend.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    // Without a reader the backend would block on its own complaints.
    backend.stderr.resume();
    backend.on("error", reject);
    backend.on("close", () => resolve(parseCgi(Buffer.concat(output))));
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

/** Header lines, an empty line, the body; the status is a header of its own and absent for 200. */
function parseCgi(output: Buffer): GitAnswer {
  const end = output.indexOf("\r\n\r\n");
  const lines = output.subarray(0, Math.max(0, end)).toString("latin1").split("\r\n");
  const headers = Object.fromEntries(lines.map((line) => line.split(/:\s*/, 2)).filter((pair) => pair.length === 2));
  const { Status: status = "200", ...others } = headers as Record<string, string>;
  return { status: Number.parseInt(status, 10), headers: others, body: output.subarray(end + 4) };
}
