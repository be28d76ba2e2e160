import type { PullRequest } from "../model/github.ts";
import type { Pulls } from "../forge-ports.ts";
import type { Connection } from "./connect.ts";
import { isAbsent } from "./github-failure.ts";

const READ_PULLS = "pull-requests: read";
const READ_CONTENTS = "contents: read";
const ROLES = ["admin", "maintain", "write", "triage", "read", "none"];

export function createPulls(connection: Connection): Pulls {
  return {
    pull: (number, signal) => pull(connection, number, signal),
    ofCommit: (sha, signal) => ofCommit(connection, sha, signal),
    branchHead: (branch, signal) => branchHead(connection, branch, signal),
    permission: (login, signal) => permission(connection, login, signal),
  };
}

async function pull(connection: Connection, number: number, signal: AbortSignal): Promise<PullRequest | undefined> {
  const operation = { name: `pull request #${number}: read`, needs: READ_PULLS };
  try {
    const { data } = await connection.call(operation, signal, (octokit, basis) =>
      octokit.rest.pulls.get({ ...basis, pull_number: number }),
    );
    return toPullRequest(data);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    await requireRepository(connection, signal);
    return undefined;
  }
}

/** GitHub says 404 of a repository that the token may not see: only in one that it may see is a missing thing missing. */
async function requireRepository(connection: Connection, signal: AbortSignal): Promise<void> {
  const operation = { name: "repository: read", needs: READ_CONTENTS };
  await connection.call(operation, signal, (octokit, basis) => octokit.rest.repos.get({ ...basis }));
}

async function ofCommit(connection: Connection, sha: string, signal: AbortSignal): Promise<readonly PullRequest[]> {
  const operation = { name: `commit ${sha.slice(0, 12)}: list pull requests`, needs: READ_PULLS };
  const linked = await connection.call(operation, signal, (octokit, basis) =>
    octokit.paginate(octokit.rest.repos.listPullRequestsAssociatedWithCommit, {
      ...basis,
      commit_sha: sha,
      per_page: 100,
    }),
  );
  const merged = linked.map(toPullRequest).filter((found) => found.merged);
  return merged.length > 0 ? merged : byMergeCommit(connection, sha, signal);
}

/** GitHub links a merge commit to its pull request some seconds late; the pull request itself names it at once. */
async function byMergeCommit(
  connection: Connection,
  sha: string,
  signal: AbortSignal,
): Promise<readonly PullRequest[]> {
  const operation = { name: "pull requests: list the closed ones", needs: READ_PULLS };
  const { data } = await connection.call(operation, signal, (octokit, basis) =>
    octokit.rest.pulls.list({ ...basis, state: "closed", sort: "updated", direction: "desc", per_page: 100 }),
  );
  return data.map(toPullRequest).filter((found) => found.mergeCommitSha === sha);
}

async function branchHead(connection: Connection, branch: string, signal: AbortSignal): Promise<string> {
  const operation = { name: `branch ${branch}: read`, needs: READ_CONTENTS };
  const { data } = await connection.call(operation, signal, (octokit, basis) =>
    octokit.rest.git.getRef({ ...basis, ref: `heads/${branch}` }),
  );
  return data.object.sha;
}

async function permission(connection: Connection, login: string, signal: AbortSignal): Promise<string> {
  const operation = { name: `permission of ${login}: read`, needs: "metadata: read" };
  try {
    const { data } = await connection.call(operation, signal, (octokit, basis) =>
      octokit.rest.repos.getCollaboratorPermissionLevel({ ...basis, username: login }),
    );
    // `role_name` alone tells maintain and triage; a role that an organisation made is known by the one it is built on.
    return ROLES.includes(data.role_name) ? data.role_name : data.permission;
  } catch (error) {
    if (!isAbsent(error)) throw error;
    return "none";
  }
}

interface PullData {
  readonly number: number;
  readonly title: string;
  readonly state: string;
  readonly draft?: boolean;
  readonly merged_at: string | null;
  readonly merge_commit_sha: string | null;
  readonly user: { readonly id: number; readonly login: string } | null;
  readonly base: { readonly ref: string; readonly sha: string; readonly repo: { readonly id: number } };
  readonly head: { readonly sha: string; readonly repo: { readonly id: number } | null };
}

function toPullRequest(data: PullData): PullRequest {
  const merged = data.merged_at !== null;
  const pull = {
    number: data.number,
    title: data.title,
    state: data.state === "open" ? ("open" as const) : ("closed" as const),
    merged,
    draft: data.draft ?? false,
    // The account of a deleted user is gone; GitHub shows `ghost` in its place.
    authorId: data.user?.id ?? 0,
    author: data.user?.login ?? "ghost",
    baseBranch: data.base.ref,
    baseSha: data.base.sha,
    headSha: data.head.sha,
    fork: data.head.repo?.id !== data.base.repo.id,
  };
  // While it is open the field holds a test merge, which is on no branch.
  return merged && data.merge_commit_sha !== null ? { ...pull, mergeCommitSha: data.merge_commit_sha } : pull;
}
