import { type Answer, created, ok, refuse } from "./answer.ts";
import { associationOf } from "./association.ts";
import type { RepositoryCall } from "./call.ts";
import { addIssue } from "./issue-state.ts";
import { labelKeys, type LabelName, toLabels } from "./labels.ts";
import { pageAnswer } from "./pagination.ts";
import { hasWrite, mayModerate, roleOf } from "./permissions.ts";
import { changeStateOf } from "./pull-state.ts";
import { apiUrl, type Issue, pageUrl, type Repository, type Store } from "./store.ts";
import { commentsOf, issueAt } from "./subject.ts";
import { checkIssueBody, checkTitle, isBodyShort } from "./text-limit.ts";
import { actor, type Token } from "./token.ts";
import { toAppOrNull, toUser } from "./users.ts";

export const issueRoutes = {
  "issues/create": create,
  "issues/get": (call: RepositoryCall): Answer => ok(toIssue(call.store, call.repository, issueAt(call))),
  "issues/list-for-repo": list,
  "issues/update": update,
};

function create(call: RepositoryCall): Answer {
  const { store, repository, token } = call;
  const body = call.body as { readonly title: string | number; readonly body?: string; readonly labels?: LabelName[] };
  const title = String(body.title);
  checkTitle("Issue", title);
  checkIssueBody(body.body ?? "");
  // Who may not write sets no labels; they are dropped without a word.
  const labels = mayLabel(token, repository) ? labelKeys(store, repository, body.labels ?? []) : [];
  const issue = addIssue(store, repository, { title, body: body.body, author: actor(token), app: token.app, labels });
  return created(toIssue(store, repository, issue));
}

function mayLabel(token: Token, repository: Repository): boolean {
  return token.kind === "app" || hasWrite(roleOf(repository, actor(token).login));
}

interface IssueChange {
  readonly title?: string | number | null;
  readonly body?: string | null;
  readonly state?: Issue["state"];
  readonly state_reason?: NonNullable<Issue["stateReason"]> | null;
  readonly labels?: readonly LabelName[];
}

async function update(call: RepositoryCall): Promise<Answer> {
  const { store, repository, token } = call;
  const issue = issueAt(call);
  if (!mayModerate(token, repository, issue.author.id)) throw refuse(403, "Must have admin rights to Repository.");
  const change = call.body as IssueChange;
  const title = change.title == null ? issue.title : String(change.title);
  checkTitle("Issue", title);
  const labels = change.labels === undefined ? issue.labels : labelKeys(store, repository, change.labels);
  const edited: Issue = { ...issue, title, labels, body: bodyAfter(issue, change), updatedAt: store.now() };
  repository.issues.set(issue.number, edited);
  const { state = issue.state, state_reason: reason } = change;
  await changeStateOf(store, repository, issue.number, { state, reason: reason ?? undefined });
  return ok(toIssue(store, repository, issueAt(call)));
}

/** A body that is too long is not refused here: it is dropped, with 200 (github.com, seen in 2026). */
function bodyAfter(issue: Issue, { body }: IssueChange): string | undefined {
  if (body === undefined) return issue.body;
  return isBodyShort(body ?? "") ? (body ?? undefined) : issue.body;
}

/** Pull requests are issues too, so they are in this list. */
function list(call: RepositoryCall): Promise<Answer> {
  const { store, repository, query } = call;
  const { state = "open", creator, since, labels, sort = "created", direction = "desc" } = query;
  const wanted = (labels ?? "")
    .split(",")
    .filter((label) => label !== "")
    .map((label) => label.toLowerCase());
  const found = [...repository.issues.values()]
    .filter((issue) => state === "all" || issue.state === state)
    .filter((issue) => creator === undefined || issue.author.login.toLowerCase() === creator.toLowerCase())
    .filter((issue) => since === undefined || Date.parse(issue.updatedAt) >= Date.parse(since))
    .filter((issue) => wanted.every((label) => issue.labels.includes(label)))
    .toSorted((a, b) => sortKey(sort, a).localeCompare(sortKey(sort, b)) || a.number - b.number);
  const ordered = direction === "desc" ? found.toReversed() : found;
  return pageAnswer(call, ordered, (issue) => toIssue(store, repository, issue));
}

function sortKey(sort: string, issue: Issue): string {
  return sort === "updated" ? issue.updatedAt : issue.createdAt;
}

function toIssue(store: Store, repository: Repository, issue: Issue): Readonly<Record<string, unknown>> {
  const { id, number, title, body, state, author, createdAt, updatedAt } = issue;
  const api = apiUrl(store, repository);
  const url = `${api}/issues/${number}`;
  const isPull = repository.pulls.has(number);
  const html = `${pageUrl(store, repository)}/${isPull ? "pull" : "issues"}/${number}`;
  return {
    id,
    node_id: `I_${id}`,
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    number,
    state,
    state_reason: issue.stateReason ?? null,
    title,
    body: body ?? null,
    user: toUser(store, author),
    labels: toLabels(store, repository, issue),
    assignee: null,
    assignees: issue.assignees.map((user) => toUser(store, user)),
    milestone: null,
    locked: issue.locked,
    comments: commentsOf(repository, number).length,
    closed_at: issue.closedAt ?? null,
    created_at: createdAt,
    updated_at: updatedAt,
    author_association: associationOf(repository, author),
    performed_via_github_app: toAppOrNull(store, issue.app),
    ...(isPull && {
      pull_request: pullLinks(repository, `${api}/pulls/${number}`, html, number),
      draft: repository.pulls.get(number)?.draft,
    }),
  };
}

function pullLinks(repository: Repository, url: string, html: string, number: number): unknown {
  const merged = repository.pulls.get(number)?.merged?.at ?? null;
  return { url, html_url: html, diff_url: `${html}.diff`, patch_url: `${html}.patch`, merged_at: merged };
}
