import { type Answer, created, invalid, ok, unprocessable } from "./answer.ts";
import { type RepositoryCall, textIn } from "./call.ts";
import { resolveCommit } from "./commits.ts";
import { pageAnswer, pageOf } from "./pagination.ts";
import { toRepository } from "./repositories.ts";
import { apiUrl, type CommitStatus, type Repository, type Store } from "./store.ts";
import { checkLength } from "./text-limit.ts";
import { actor } from "./token.ts";
import { toUser } from "./users.ts";

const DESCRIPTION_CHARACTERS = 140;
const STATUSES_PER_CONTEXT = 1000;

export const statusRoutes = {
  "repos/create-commit-status": create,
  "repos/get-combined-status-for-ref": combine,
  "repos/list-commit-statuses-for-ref": list,
};

/** The newest status of each context on a commit. */
export function currentStatuses(repository: Repository, sha: string): readonly CommitStatus[] {
  return [...new Map(statusesOf(repository, sha).map((status) => [status.context, status])).values()];
}

function statusesOf(repository: Repository, sha: string): readonly CommitStatus[] {
  return [...repository.statuses.values()].filter((status) => status.sha === sha);
}

async function create(call: RepositoryCall): Promise<Answer> {
  const { store, repository, token } = call;
  const body = call.body as {
    readonly state: CommitStatus["state"];
    readonly context?: string;
    readonly description?: string | null;
    readonly target_url?: string | null;
  };
  const sha = await shaIn(call, "sha");
  const { state, context = "default", description, target_url: targetUrl } = body;
  checkLength("Status", "description", description, DESCRIPTION_CHARACTERS);
  if (statusesOf(repository, sha).filter((status) => status.context === context).length >= STATUSES_PER_CONTEXT) {
    const message = "This SHA and context has reached the maximum number of statuses.";
    throw invalid({ resource: "Status", code: "custom", field: "base", message });
  }
  const status: CommitStatus = {
    id: store.nextId(),
    sha,
    state,
    context,
    description: description ?? undefined,
    targetUrl: targetUrl ?? undefined,
    author: actor(token),
    createdAt: store.now(),
  };
  repository.statuses.set(status.id, status);
  return created(toStatus(store, repository, status));
}

async function list(call: RepositoryCall): Promise<Answer> {
  const { store, repository } = call;
  const newestFirst = statusesOf(repository, await shaIn(call, "ref")).toReversed();
  return pageAnswer(call, newestFirst, (status) => toStatus(store, repository, status));
}

async function combine(call: RepositoryCall): Promise<Answer> {
  const { store, repository } = call;
  const sha = await shaIn(call, "ref");
  const current = currentStatuses(repository, sha);
  const { items, headers } = pageOf(call, current);
  const commitUrl = `${apiUrl(store, repository)}/commits/${sha}`;
  const body = {
    state: combinedState(current),
    sha,
    total_count: current.length,
    statuses: items.map((status) => toStatus(store, repository, status)),
    repository: toRepository(store, repository),
    commit_url: commitUrl,
    url: `${commitUrl}/status`,
  };
  return ok(body, headers);
}

/** Without any status, a commit is `pending`. */
function combinedState(statuses: readonly CommitStatus[]): string {
  if (statuses.some(({ state }) => state === "failure" || state === "error")) return "failure";
  return statuses.length > 0 && statuses.every(({ state }) => state === "success") ? "success" : "pending";
}

async function shaIn(call: RepositoryCall, name: "sha" | "ref"): Promise<string> {
  const sha = await resolveCommit(call.repository.git, textIn(call, name));
  if (sha === undefined) throw unprocessable(`No commit found for SHA: ${textIn(call, name)}`);
  return sha;
}

function toStatus(store: Store, repository: Repository, status: CommitStatus): unknown {
  return {
    id: status.id,
    node_id: `SC_${status.id}`,
    url: `${apiUrl(store, repository)}/statuses/${status.sha}`,
    avatar_url: `${store.url}/avatars/${status.author.id}`,
    state: status.state,
    description: status.description ?? null,
    target_url: status.targetUrl ?? null,
    context: status.context,
    creator: toUser(store, status.author),
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}
