import { type Answer, created, invalid, ok, refuse } from "./answer.ts";
import { associationOf } from "./association.ts";
import { type RepositoryCall, textIn } from "./call.ts";
import { readCommit, resolveCommit, toCommit } from "./commits.ts";
import { readDiff, toDiffEntry } from "./diff.ts";
import { toLabels } from "./labels.ts";
import { pageAnswer } from "./pagination.ts";
import { hasWrite, mayModerate, roleOf } from "./permissions.ts";
import { changePullState, comparedWith, openPull, pullCommits, retarget } from "./pull-state.ts";
import { toRepository } from "./repositories.ts";
import { apiUrl, pageUrl, type Pull, type Repository, type Store } from "./store.ts";
import { commentsOf, issueOf, pullAt, pullOf } from "./subject.ts";
import { checkPullBody, checkTitle } from "./text-limit.ts";
import { actor } from "./token.ts";
import { toUser, userOf } from "./users.ts";

const FILES = 3000;
const COMMITS = 250;

export const pullRoutes = {
  "pulls/create": create,
  "pulls/get": async (call: RepositoryCall): Promise<Answer> =>
    ok(await toFullPull(call.store, call.repository, pullAt(call))),
  "pulls/list": list,
  "pulls/list-commits": listCommits,
  "pulls/list-files": listFiles,
  "pulls/update": update,
  "repos/list-pull-requests-associated-with-commit": listOfCommit,
};

interface PullBody {
  readonly title?: string;
  readonly body?: string;
  readonly head: string;
  readonly base: string;
  readonly draft?: boolean;
  readonly state?: "open" | "closed";
}

async function create(call: RepositoryCall): Promise<Answer> {
  const { store, repository, token } = call;
  const { title = "", body, head, base, draft = false } = call.body as PullBody;
  checkTitle("PullRequest", title);
  checkPullBody(body ?? "");
  const author = actor(token);
  const from = headOf(store, repository, head);
  if (token.kind === "user" && !hasWrite(roleOf(from.repository, author.login))) {
    throw refuse(403, "Must have push access to the head repository.");
  }
  const pull = await openPull(store, repository, { title, body, author, app: token.app, head: from, base, draft });
  return created(await toFullPull(store, repository, pull));
}

/** `branch`, or `owner:branch` for a fork's. */
function headOf(store: Store, repository: Repository, head: string): { repository: Repository; branch: string } {
  const [owner, branch] = head.includes(":") ? head.split(":", 2) : [repository.owner, head];
  const found = store.repositories.get(`${owner}/${repository.name}`.toLowerCase());
  const isKin = found === repository || found?.parent === repository;
  if (found === undefined || branch === undefined || !isKin) {
    throw invalid({ resource: "PullRequest", field: "head", code: "invalid" });
  }
  return { repository: found, branch };
}

async function update(call: RepositoryCall): Promise<Answer> {
  const { store, repository, token } = call;
  const pull = pullAt(call);
  const issue = issueOf(repository, pull.number);
  if (!mayModerate(token, repository, issue.author.id)) throw refuse(403, "Must have admin rights to Repository.");
  const { title = issue.title, body = issue.body, state, base } = call.body as Partial<PullBody>;
  checkTitle("PullRequest", title);
  checkPullBody(body ?? "");
  repository.issues.set(pull.number, { ...issue, title, body, updatedAt: store.now() });
  if (base !== undefined && base !== pull.base.branch) await retarget(store, repository, pull, base);
  if (state !== undefined) await changePullState(store, repository, pull.number, state);
  return ok(await toFullPull(store, repository, pullOf(repository, pull.number)));
}

function list(call: RepositoryCall): Promise<Answer> {
  const { store, repository, query } = call;
  const { state = "open", head, base, sort = "created" } = query;
  const direction = query["direction"] ?? (sort === "created" ? "desc" : "asc");
  const time = (pull: Pull): string => {
    const issue = issueOf(repository, pull.number);
    return sort === "updated" ? issue.updatedAt : issue.createdAt;
  };
  const found = [...repository.pulls.values()]
    .filter((pull) => state === "all" || issueOf(repository, pull.number).state === state)
    .filter((pull) => base === undefined || pull.base.branch === base)
    // A head without an owner selects nothing, so GitHub ignores it.
    .filter(
      (pull) => head === undefined || !head.includes(":") || labelOf(pull.head.repository, pull.head.branch) === head,
    )
    .toSorted((a, b) => time(a).localeCompare(time(b)) || a.number - b.number);
  const ordered = direction === "desc" ? found.toReversed() : found;
  return pageAnswer(call, ordered, (pull) => toPull(store, repository, pull));
}

async function listOfCommit(call: RepositoryCall): Promise<Answer> {
  const { store, repository } = call;
  const sha = await resolveCommit(repository.git, textIn(call, "commit_sha"));
  if (sha === undefined) throw refuse(422, `No commit found for SHA: ${textIn(call, "commit_sha")}`);
  const found: Pull[] = [];
  for (const pull of repository.pulls.values()) {
    const brings = pull.merged?.commits.includes(sha) === true || (await pullCommits(repository, pull)).includes(sha);
    if (brings) found.push(pull);
  }
  return pageAnswer(call, found, (pull) => toPull(store, repository, pull));
}

async function listCommits(call: RepositoryCall): Promise<Answer> {
  const { store, repository } = call;
  const shas = await pullCommits(repository, pullAt(call));
  return pageAnswer(call, shas.slice(0, COMMITS), async (sha) =>
    toCommit(store, repository, await readCommit(repository.git, sha)),
  );
}

async function listFiles(call: RepositoryCall): Promise<Answer> {
  const { store, repository } = call;
  const pull = pullAt(call);
  const files = await changedFiles(repository, pull);
  return pageAnswer(call, files.slice(0, FILES), (file) => toDiffEntry(store, repository, pull.head.sha, file));
}

/** Against the merge base, so what the base branch got meanwhile does not show. */
async function changedFiles(repository: Repository, pull: Pull): ReturnType<typeof readDiff> {
  const { git } = repository;
  const base = await comparedWith(repository, pull);
  const mergeBase = await git.attempt(["merge-base", base, pull.head.sha]);
  return readDiff(git, mergeBase ?? base, pull.head.sha);
}

async function toFullPull(store: Store, repository: Repository, pull: Pull): Promise<unknown> {
  const files = await changedFiles(repository, pull);
  const isOpen = issueOf(repository, pull.number).state === "open";
  const mergeable = isOpen ? pull.testMerge.sha !== undefined : null;
  return {
    ...toPull(store, repository, pull),
    merged: pull.merged !== undefined,
    merged_by: pull.merged === undefined ? null : toUser(store, pull.merged.by),
    mergeable,
    mergeable_state: mergeable === null ? "unknown" : mergeable ? "clean" : "dirty",
    rebaseable: mergeable,
    comments: commentsOf(repository, pull.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: (await pullCommits(repository, pull)).length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

function toPull(store: Store, repository: Repository, pull: Pull): Readonly<Record<string, unknown>> {
  const issue = issueOf(repository, pull.number);
  const html = `${pageUrl(store, repository)}/pull/${pull.number}`;
  return {
    ...links(store, repository, pull, html),
    id: issue.id,
    node_id: `PR_${issue.id}`,
    number: pull.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: toUser(store, issue.author),
    body: issue.body ?? null,
    // The description wants a text here, though not where a label stands alone.
    labels: toLabels(store, repository, issue).map((label) => ({ ...label, description: label["description"] ?? "" })),
    milestone: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    draft: pull.draft,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt ?? null,
    merged_at: pull.merged?.at ?? null,
    merge_commit_sha: pull.merged?.sha ?? pull.testMerge.sha ?? null,
    head: toEnd(store, pull.head.repository, pull.head),
    base: toEnd(store, repository, pull.base),
    author_association: associationOf(repository, issue.author),
    auto_merge: null,
  };
}

function links(store: Store, repository: Repository, pull: Pull, html: string): Readonly<Record<string, unknown>> {
  const api = apiUrl(store, repository);
  const url = `${api}/pulls/${pull.number}`;
  const issueUrl = `${api}/issues/${pull.number}`;
  const related = {
    comments: `${issueUrl}/comments`,
    commits: `${url}/commits`,
    issue: issueUrl,
    review_comment: `${api}/pulls/comments{/number}`,
    review_comments: `${url}/comments`,
    statuses: `${api}/statuses/${pull.head.sha}`,
  };
  const members = Object.entries(related).map(([name, href]) => [`${name}_url`, href]);
  const hrefs = Object.entries({ ...related, html, self: url }).map(([name, href]) => [name, { href }]);
  return {
    url,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    ...Object.fromEntries(members),
    _links: Object.fromEntries(hrefs),
  };
}

function toEnd(store: Store, where: Repository, { branch, sha }: { branch: string; sha: string }): unknown {
  const user = toUser(store, userOf(store, where.owner));
  return { label: labelOf(where, branch), ref: branch, sha, user, repo: toRepository(store, where) };
}

function labelOf(repository: Repository, branch: string): string {
  return `${repository.owner}:${branch}`;
}
