import type { Issue, Pull } from "../github/store.ts";

const REPOSITORY_ID = 1;

/** The parts of a webhook's payload that a runner hands to an action for a `pull_request` event. */
export function pullPayload(action: string, pull: Pull, issue: Issue | undefined): unknown {
  const own = { id: REPOSITORY_ID };
  const isFork = pull.head.repository.parent !== undefined;
  return {
    action,
    number: pull.number,
    pull_request: {
      number: pull.number,
      title: issue?.title,
      merged: pull.merged !== undefined,
      head: { sha: pull.head.sha, ref: pull.head.branch, repo: isFork ? { id: pull.head.repository.id } : own },
      base: { sha: pull.base.sha, ref: pull.base.branch, repo: own },
      user: { id: issue?.author.id ?? 1, login: issue?.author.login ?? "ada", type: issue?.author.type ?? "User" },
    },
    repository: { ...own, default_branch: "main" },
  };
}

export function pushPayload(branch: string, sha: string): unknown {
  return { ref: `refs/heads/${branch}`, after: sha, deleted: false, repository: repository() };
}

export function dispatchPayload(command: string): unknown {
  return { inputs: { command }, repository: repository() };
}

export function schedulePayload(): unknown {
  return { schedule: "*/30 * * * *", repository: repository() };
}

export function commentPayload(
  number: number,
  comment: { readonly id: number; readonly body: string; readonly author: string },
): unknown {
  return {
    action: "created",
    issue: { number, pull_request: {} },
    comment: { id: comment.id, body: comment.body, user: { id: 4242, login: comment.author, type: "User" } },
    repository: repository(),
  };
}

function repository(): unknown {
  return { id: REPOSITORY_ID, default_branch: "main" };
}
