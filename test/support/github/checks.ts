import { type Answer, created, invalid, notFound, ok, refuse, unprocessable } from "./answer.ts";
import { numberIn, type RepositoryCall, textIn } from "./call.ts";
import { resolveCommit } from "./commits.ts";
import { pageAnswer, pageOf } from "./pagination.ts";
import { toPullReference } from "./pull-reference.ts";
import { type Annotation, apiUrl, type CheckRun, pageUrl, type Repository, type Store } from "./store.ts";
import { type App, toApp } from "./users.ts";

export const checkRoutes = {
  "checks/create": create,
  "checks/get": (call: RepositoryCall): Answer => ok(toCheckRun(call.store, call.repository, checkRunAt(call))),
  "checks/list-annotations": listAnnotations,
  "checks/list-for-ref": list,
  "checks/update": update,
};

interface Output {
  readonly title?: string;
  readonly summary?: string;
  readonly text?: string;
  readonly annotations?: readonly Annotation[];
}
interface CheckRunBody {
  readonly name?: string;
  readonly head_sha?: string;
  readonly status?: string;
  readonly conclusion?: string;
  readonly started_at?: string;
  readonly completed_at?: string;
  readonly details_url?: string;
  readonly external_id?: string;
  readonly output?: Output;
}

async function create(call: RepositoryCall): Promise<Answer> {
  const { store, repository } = call;
  const app = appIn(call);
  const body = call.body as CheckRunBody & { readonly name: string; readonly head_sha: string };
  const headSha = await resolveCommit(repository.git, body.head_sha);
  if (headSha !== body.head_sha) throw unprocessable(`No commit found for SHA: ${body.head_sha}`);
  const id = store.nextId();
  const empty: CheckRun = {
    id,
    suite: suiteOf(store, repository, app, headSha),
    name: body.name,
    headSha,
    app,
    status: "queued",
    conclusion: undefined,
    startedAt: store.now(),
    completedAt: undefined,
    detailsUrl: undefined,
    externalId: undefined,
    title: undefined,
    summary: undefined,
    text: undefined,
    annotations: [],
  };
  return created(save(call, changed(store, empty, body)));
}

function update(call: RepositoryCall): Answer {
  const checkRun = checkRunAt(call);
  const app = appIn(call);
  if (app.id !== checkRun.app.id) {
    const message = `Invalid app_id \`${app.id}\` - check run can only be modified by the GitHub App that created it.`;
    throw refuse(403, message);
  }
  return ok(save(call, changed(call.store, checkRun, call.body as CheckRunBody)));
}

function save({ store, repository }: RepositoryCall, checkRun: CheckRun): unknown {
  repository.checkRuns.set(checkRun.id, checkRun);
  return toCheckRun(store, repository, checkRun);
}

/** Only apps write check runs; a person's token never does. */
function appIn({ token }: RepositoryCall): App {
  if (token.app === undefined) throw refuse(403, "You must authenticate via a GitHub App.");
  return token.app;
}

/** Runs of one app on one commit share a suite. */
function suiteOf(store: Store, repository: Repository, app: App, headSha: string): number {
  const neighbour = [...repository.checkRuns.values()].find((run) => run.app.id === app.id && run.headSha === headSha);
  return neighbour?.suite ?? store.nextId();
}

function changed(store: Store, run: CheckRun, body: CheckRunBody): CheckRun {
  const name = body.name ?? run.name;
  if (name.trim() === "") throw invalid({ resource: "CheckRun", code: "missing_field", field: "name" });
  const { conclusion = run.conclusion } = body;
  if (body.status === "completed" && conclusion === undefined) {
    throw unprocessable('Invalid request.\n\nNo subschema in "anyOf" matched.\n"conclusion" wasn\'t supplied.');
  }
  if (body.conclusion === "stale") throw invalid({ resource: "CheckRun", code: "invalid", field: "conclusion" });
  // A conclusion completes the run, whatever status came with it; another status later opens it again.
  const reopened = body.conclusion === undefined && body.status !== undefined && body.status !== "completed";
  const done = conclusion !== undefined && !reopened;
  return {
    ...run,
    ...output(run, body.output ?? {}),
    name,
    status: done ? "completed" : (body.status ?? run.status),
    conclusion: done ? conclusion : undefined,
    startedAt: body.started_at ?? run.startedAt,
    completedAt: done ? (body.completed_at ?? run.completedAt ?? store.now()) : undefined,
    detailsUrl: body.details_url ?? run.detailsUrl,
    externalId: body.external_id ?? run.externalId,
  };
}

/** Annotations are added to those of earlier requests; the texts replace. The description itself limits their length and number. */
function output(run: CheckRun, { title, summary, text, annotations = [] }: Output): Partial<CheckRun> {
  return {
    title: title ?? run.title,
    summary: summary ?? run.summary,
    text: text ?? run.text,
    annotations: [...run.annotations, ...annotations],
  };
}

async function list(call: RepositoryCall): Promise<Answer> {
  const { store, repository, query } = call;
  const sha = await resolveCommit(repository.git, textIn(call, "ref"));
  if (sha === undefined) throw unprocessable(`No commit found for SHA: ${textIn(call, "ref")}`);
  const { check_name: name, status, app_id: app, filter = "latest" } = query;
  const newestFirst = [...repository.checkRuns.values()].filter(({ headSha }) => headSha === sha).toReversed();
  const runs = newestFirst
    .filter((run) => filter === "all" || newestFirst.find((other) => isSameCheck(run, other)) === run)
    .filter((run) => name === undefined || run.name === name)
    .filter((run) => status === undefined || run.status === status)
    .filter((run) => app === undefined || run.app.id === Number(app));
  const { items, headers } = pageOf(call, runs);
  const check_runs = items.map((run) => toCheckRun(store, repository, run));
  return ok({ total_count: runs.length, check_runs }, headers);
}

function isSameCheck(a: CheckRun, b: CheckRun): boolean {
  return a.name === b.name && a.suite === b.suite;
}

function listAnnotations(call: RepositoryCall): Promise<Answer> {
  const checkRun = checkRunAt(call);
  const blobs = `${pageUrl(call.store, call.repository)}/blob/${checkRun.headSha}`;
  return pageAnswer(call, checkRun.annotations, (annotation) => ({
    start_column: null,
    end_column: null,
    title: null,
    raw_details: null,
    ...annotation,
    blob_href: `${blobs}/${annotation.path}`,
  }));
}

function checkRunAt(call: RepositoryCall): CheckRun {
  const checkRun = call.repository.checkRuns.get(numberIn(call, "check_run_id"));
  if (checkRun === undefined) throw notFound();
  return checkRun;
}

function toCheckRun(store: Store, repository: Repository, run: CheckRun): unknown {
  const url = `${apiUrl(store, repository)}/check-runs/${run.id}`;
  const html = `${pageUrl(store, repository)}/runs/${run.id}`;
  return {
    id: run.id,
    node_id: `CR_${run.id}`,
    name: run.name,
    head_sha: run.headSha,
    external_id: run.externalId ?? "",
    url,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status: run.status,
    conclusion: run.conclusion ?? null,
    started_at: run.startedAt,
    completed_at: run.completedAt ?? null,
    output: {
      title: run.title ?? null,
      summary: run.summary ?? null,
      text: run.text ?? null,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suite },
    app: toApp(store, run.app),
    pull_requests: [...repository.pulls.values()]
      .filter((pull) => pull.head.sha === run.headSha && pull.head.repository === repository)
      .map((pull) => toPullReference(store, repository, pull)),
  };
}
