import { readFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Project } from "../support/project/project.ts";

/** A report that a run left behind as an HTML page. */
export interface RunPage {
  readonly title: string;
  readonly file: string;
}

/** Pages to look around with a browser: what was posted, as it was posted, and the runs' own pages. Returns the address. */
export async function servePages(
  project: Project,
  runs: readonly RunPage[],
): Promise<{ readonly url: string; readonly server: Server }> {
  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    const found = await pageOf(path, project, runs);
    response.writeHead(found === undefined ? 404 : 200, { "content-type": "text/html; charset=utf-8" });
    response.end(found ?? "there is no such page");
  };
  const server = createServer((request, response) => void answer(request.url ?? "/", response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

async function pageOf(path: string, project: Project, runs: readonly RunPage[]): Promise<string | undefined> {
  const run = runs[Number(/^\/runs\/(\d+)$/.exec(path)?.[1] ?? -1)];
  if (run !== undefined) return readFile(run.file, "utf8");
  const number = Number(/^\/issues\/(\d+)$/.exec(path)?.[1] ?? 0);
  const issue = project.repository.issues().find((one) => one.number === number);
  if (issue !== undefined) {
    const texts = [issue.body ?? "", ...project.repository.comments(number).map(({ body }) => body)];
    return page(
      `#${number} ${issue.title} (${issue.state})`,
      texts.map((text) => `<pre>${escaped(text)}</pre>`).join("<hr>"),
    );
  }
  return path === "/" ? indexPage(project, runs) : undefined;
}

function indexPage(project: Project, runs: readonly RunPage[]): string {
  const issues = project.repository
    .issues()
    .map(
      ({ number, title, state }) => `<li><a href="/issues/${number}">#${number} ${escaped(title)}</a> (${state})</li>`,
    );
  const pages = runs.map(({ title }, index) => `<li><a href="/runs/${index}">${escaped(title)}</a></li>`);
  return page(project.repository.name, `<ul>${issues.join("")}</ul><h2>Runs</h2><ul>${pages.join("")}</ul>`);
}

function page(title: string, body: string): string {
  return `<!doctype html><meta charset="utf-8"><title>${escaped(title)}</title><h1>${escaped(title)}</h1>${body}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
