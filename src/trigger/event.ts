import * as z from "zod";
import type { PullReference, PullTrigger, Trigger } from "./trigger.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What an event of GitHub Actions means. `payload` is the parsed event file; `env` gives GITHUB_SHA and GITHUB_REF. A payload
 * without the fields of its event is `unreadable`, never something else.
 */
export function parseEvent(name: string, payload: unknown, env: Environment): Trigger {
  const reader = READERS[name];
  if (reader === undefined || !Object.hasOwn(READERS, name))
    return { kind: "unknown", event: name, why: "it is not an event that Plumbline follows" };
  const sha = shaSchema.safeParse(env["GITHUB_SHA"]);
  if (!sha.success) return { kind: "unreadable", event: name, why: "GITHUB_SHA is not the SHA of a commit" };
  const trigger = reader(payload, { sha: sha.data, ref: env["GITHUB_REF"] ?? "" });
  return "error" in trigger ? { kind: "unreadable", event: name, why: whereOf(trigger.error) } : trigger;
}

interface Run {
  readonly sha: string;
  readonly ref: string;
}

type Reader = (payload: unknown, run: Run) => Trigger | { readonly error: z.ZodError };

const READERS: Readonly<Record<string, Reader>> = {
  pull_request: read(() => pullRequestEvent, toPull),
  pull_request_target: read(
    () => pullRequestEvent,
    (event, { sha }) => {
      const { fork, headSha } = toReference(event);
      return { kind: "privileged", event: "pull_request_target", fork, headSha, sha };
    },
  ),
  workflow_run: read(
    () => workflowRunEvent,
    ({ workflow_run: run, repository }, { sha }) => {
      const fork = run.head_repository?.id !== repository.id;
      return { kind: "privileged", event: "workflow_run", fork, headSha: run.head_sha, sha };
    },
  ),
  push: read(() => pushEvent, toPush),
  merge_group: read(
    () => mergeGroupEvent,
    ({ action, merge_group: group }) => ({
      kind: "merge-group",
      isRequested: action === "checks_requested",
      headSha: group.head_sha,
      baseSha: group.base_sha,
    }),
  ),
  schedule: (_, { sha }) => ({ kind: "schedule", sha }),
  issue_comment: read(() => commentEvent, toComment),
  workflow_dispatch: read(
    () => workflowDispatchEvent,
    ({ inputs, repository }, { sha, ref }) =>
      toDispatch("workflow_dispatch", {
        command: inputs?.command ?? undefined,
        sha,
        isDefaultBranch: ref === branchRef(repository),
      }),
  ),
  repository_dispatch: read(
    () => repositoryDispatchEvent,
    ({ action, repository }, { sha, ref }) => {
      if (!action.startsWith(DISPATCH))
        return { kind: "unknown", event: "repository_dispatch", why: `its type does not begin with ${DISPATCH}` };
      const command = action.slice(DISPATCH.length);
      return toDispatch("repository_dispatch", { command, sha, isDefaultBranch: ref === branchRef(repository) });
    },
  ),
};

const DISPATCH = "plumbline.";

// The schemas stand below, where their names are read, and a constant cannot be used before its line: hence the function.
function read<T>(schema: () => z.ZodType<T>, toTrigger: (event: T, run: Run) => Trigger): Reader {
  return (payload, run) => {
    const parsed = schema().safeParse(payload);
    return parsed.success ? toTrigger(parsed.data, run) : { error: parsed.error };
  };
}

function whereOf({ issues }: z.ZodError): string {
  const fields = issues.map(({ path }) => path.join(".")).filter((path) => path !== "");
  return fields.length === 0
    ? "its payload is not an object"
    : `its payload has no valid ${fields.slice(0, 3).join(", ")}`;
}

function toPull(event: z.output<typeof pullRequestEvent>, { sha }: Run): PullTrigger {
  return { kind: "pull-request", change: changeOf(event), action: event.action, pull: toReference(event), sha };
}

const REPLAN = ["opened", "synchronize", "reopened", "ready_for_review"];

function changeOf({ action, changes, pull_request: pull }: z.output<typeof pullRequestEvent>): PullTrigger["change"] {
  if (action === "closed") return pull.merged ? "merged" : "closed";
  // Title and text are edited too; only another base makes another plan.
  if (action === "edited") return changes?.base === undefined ? "other" : "replan";
  return REPLAN.includes(action) ? "replan" : "other";
}

function toReference({ number, pull_request: { head, base, user } }: z.output<typeof pullRequestEvent>): PullReference {
  return {
    number,
    headSha: head.sha,
    baseSha: base.sha,
    baseBranch: base.ref,
    fork: head.repo?.id !== base.repo.id,
    // No person can register a login with brackets. Who caused the run is somebody else after a re-run.
    dependabot: user?.login === "dependabot[bot]" && user.type === "Bot",
  };
}

function toPush({ ref, after, deleted, repository }: z.output<typeof pushEvent>): Trigger {
  const branch = /^refs\/heads\/(.+)$/s.exec(ref)?.[1];
  if (branch === undefined) return { kind: "unknown", event: "push", why: "it is no push to a branch" };
  if (deleted) return { kind: "unknown", event: "push", why: "it deletes its branch" };
  return { kind: "push", branch, sha: after, isDefaultBranch: ref === branchRef(repository) };
}

function toComment({ action, issue, comment }: z.output<typeof commentEvent>, { sha }: Run): Trigger {
  return {
    kind: "comment",
    isCreated: action === "created",
    number: issue.number,
    isPullRequest: issue.pull_request !== undefined,
    commentId: comment.id,
    body: comment.body,
    author: comment.user.login,
    authorId: comment.user.id,
    isBot: comment.user.type === "Bot",
    sha,
  };
}

function toDispatch(
  event: "workflow_dispatch" | "repository_dispatch",
  {
    command,
    ...rest
  }: { readonly command: string | undefined; readonly sha: string; readonly isDefaultBranch: boolean },
): Trigger {
  return { kind: "dispatch", event, ...(command === undefined || command === "" ? {} : { command }), ...rest };
}

function branchRef({ default_branch: branch }: { readonly default_branch: string }): string {
  return `refs/heads/${branch}`;
}

const shaSchema = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/);
const idSchema = z.int().positive();
const repositorySchema = z.object({ id: idSchema, default_branch: z.string().min(1) });
const userSchema = z.object({ id: idSchema, login: z.string(), type: z.string() });
// The head's repository is null after a fork was deleted.
const headRepositorySchema = z.object({ id: idSchema }).nullish();

const pullRequestEvent = z.object({
  action: z.string(),
  number: idSchema,
  pull_request: z.object({
    merged: z.boolean().nullish(),
    head: z.object({ sha: shaSchema, repo: headRepositorySchema }),
    base: z.object({ sha: shaSchema, ref: z.string().min(1), repo: z.object({ id: idSchema }) }),
    // An account that is gone.
    user: userSchema.nullish(),
  }),
  changes: z.object({ base: z.unknown().optional() }).nullish(),
});

const workflowRunEvent = z.object({
  workflow_run: z.object({ head_sha: shaSchema, head_repository: headRepositorySchema }),
  repository: repositorySchema,
});

const pushEvent = z.object({
  ref: z.string(),
  after: shaSchema,
  deleted: z.boolean().nullish(),
  repository: repositorySchema,
});

const mergeGroupEvent = z.object({
  action: z.string(),
  merge_group: z.object({ head_sha: shaSchema, base_sha: shaSchema }),
});

const commentEvent = z.object({
  action: z.string(),
  issue: z.object({ number: idSchema, pull_request: z.unknown().optional() }),
  comment: z.object({ id: idSchema, body: z.string(), user: userSchema }),
});

const workflowDispatchEvent = z.object({
  inputs: z.object({ command: z.string().nullish() }).nullish(),
  repository: repositorySchema,
});

const repositoryDispatchEvent = z.object({ action: z.string(), repository: repositorySchema });
