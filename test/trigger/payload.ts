/** Commits that the payloads name. */
export const SHA = { test: "1".repeat(40), head: "2".repeat(40), base: "3".repeat(40), other: "4".repeat(40) } as const;

const repository = { id: 1, name: "shop", full_name: "acme/shop", default_branch: "main" };

/** The variables that a runner sets, on the default branch. */
export const ENV = { GITHUB_SHA: SHA.test, GITHUB_REF: "refs/heads/main", GITHUB_ACTOR: "somebody" } as const;

/** The parts of a `pull_request` payload that count, with others that do not. */
export function pullRequest(
  action: string,
  { headRepo, user, merged = false, changes }: PullOptions = {},
): Record<string, unknown> {
  return {
    action,
    number: 12,
    pull_request: {
      id: 99,
      title: "$(id)",
      merged,
      draft: false,
      head: { sha: SHA.head, ref: "--upload-pack=x", repo: headRepo === undefined ? { id: 1, fork: false } : headRepo },
      base: { sha: SHA.base, ref: "main", repo: { id: 1 } },
      user: user === undefined ? { id: 7, login: "mona", type: "User" } : user,
    },
    ...(changes === undefined ? {} : { changes }),
    repository,
    sender: { id: 8, login: "dependabot[bot]", type: "Bot" },
  };
}

interface PullOptions {
  readonly headRepo?: { readonly id: number } | null;
  readonly user?: { readonly id: number; readonly login: string; readonly type: string } | null;
  readonly merged?: boolean;
  readonly changes?: Record<string, unknown>;
}

export const DEPENDABOT = { id: 49699333, login: "dependabot[bot]", type: "Bot" } as const;

export function push(ref: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { ref, after: SHA.head, before: SHA.base, deleted: false, repository, ...more };
}

export function comment(
  body: string,
  { action = "created", user = { id: 7, login: "mona", type: "User" } } = {},
): Record<string, unknown> {
  return { action, issue: { number: 12, pull_request: { url: "x" } }, comment: { id: 5, body, user }, repository };
}

export function workflowRun(headRepository: { readonly id: number } | null): Record<string, unknown> {
  return { action: "completed", workflow_run: { head_sha: SHA.head, head_repository: headRepository }, repository };
}

export function mergeGroup(action: string): Record<string, unknown> {
  return {
    action,
    merge_group: { head_sha: SHA.head, base_sha: SHA.base, head_ref: "refs/heads/gh-readonly-queue/main/x" },
    repository,
  };
}

export function dispatch(more: Record<string, unknown>): Record<string, unknown> {
  return { ...more, repository };
}
