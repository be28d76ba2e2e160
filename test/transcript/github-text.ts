import type { LoggedRequest } from "../support/github/record.ts";

/** Requests to GitHub as lines, with what they write. Git's own fetches are left out: every checkout makes them too. */
export function githubText(requests: readonly LoggedRequest[]): string {
  const shown = requests.filter(({ operation }) => operation !== "git-upload-pack");
  return shown.length === 0 ? "none" : shown.map(requestText).join("\n");
}

/** Whether a request may change something. */
export function isGithubWrite({ method, operation }: LoggedRequest): boolean {
  return method !== "GET" && operation !== "graphql" && operation !== "git-upload-pack";
}

function requestText(request: LoggedRequest): string {
  const { method, path, query, status, body } = request;
  const search = new URLSearchParams(query).toString();
  const line = `${method} ${decodeURIComponent(path)}${search === "" ? "" : `?${search}`} ${status ?? "no answer"}`;
  return isGithubWrite(request) ? [line, ...membersText(body)].join("\n") : line;
}

function membersText(body: unknown): readonly string[] {
  if (typeof body !== "object" || body === null) return [];
  return Object.entries(body).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return membersText(value);
    if (typeof value !== "string") return [`  ${name}: ${JSON.stringify(value)}`];
    return value.includes("\n") ? [`  ${name}:`, block(value)] : [`  ${name}: ${value}`];
  });
}

/** A text of several lines, each behind a bar. */
export function block(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `  │ ${line}`.trimEnd())
    .join("\n");
}
