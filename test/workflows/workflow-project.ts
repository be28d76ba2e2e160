import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { parse } from "yaml";
import { FORK_PERMISSIONS, type Permissions } from "../support/github/token.ts";
import { commentPayload, pullPayload, pushPayload, schedulePayload } from "../support/project/payload.ts";
import type { Project } from "../support/project/project.ts";
import { checkOut } from "../support/project/workspace.ts";
import { runWorkflow } from "./act.ts";
import type { WorkflowRun } from "./act-log.ts";
import { goProgram } from "./go-program.ts";
import { runProgram } from "./program.ts";
import { programOrSkip } from "./provided.ts";
import { ROOT } from "./workflow-file.ts";

/** A project whose events start a whole workflow, not just our step of it. */
export interface WorkflowProject {
  onPull(number: number): Promise<WorkflowRun>;
  onPush(): Promise<WorkflowRun>;
  onSchedule(): Promise<WorkflowRun>;
  onComment(number: number, body: string): Promise<WorkflowRun>;
}

export interface WorkflowOptions {
  /** Path of the workflow from the root of this repository. */
  readonly file: string;
  /** Programs that the jobs find on PATH: absolute paths. */
  readonly tools?: readonly string[];
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Where act cannot be had the test is skipped. */
export async function withWorkflow(
  project: Project,
  { file, tools = [], secrets = {} }: WorkflowOptions,
  context: TestContext,
): Promise<WorkflowProject> {
  const act = programOrSkip(await goProgram("act"), context);
  const workflow = readFileSync(join(ROOT, file), "utf8");
  const { github, repository } = project;
  const tokenWith = (permissions: Permissions): string =>
    github.token({ login: "github-actions[bot]", permissions, repositories: [repository.name] });
  const own: Rights = { token: tokenWith(permissionsOf(workflow)), secrets };
  const foreign: Rights = { token: tokenWith(FORK_PERMISSIONS), secrets: {} };

  const run = async ({ name, ref, payloadOf, rights = own }: Cause): Promise<WorkflowRun> => {
    const { path: workspace, sha } = await checkOut(repository.cloneUrl, ref, rights.token);
    // actions/checkout leaves such a ref; act copies no empty folder, and without a file in refs/ there is no repository.
    await runProgram("git", ["update-ref", ref.replace("refs/", "refs/remotes/"), sha], { cwd: workspace });
    try {
      const event = { name, payload: payloadOf(sha), ref, sha, workspace };
      const place = { repository: repository.name, github: github.url };
      return await runWorkflow(act, { workflow, event, ...place, ...rights, tools });
    } finally {
      await rm(workspace, { recursive: true, force: true });
    }
  };

  const main = { ref: "refs/heads/main" };
  return {
    onPull: (number) => {
      const pull = repository.pull(number);
      const issue = repository.issues().find((one) => one.number === number);
      const isFork = pull.head.repository.parent !== undefined;
      return run({
        name: "pull_request",
        ref: `refs/pull/${number}/merge`,
        payloadOf: () => pullPayload("synchronize", pull, issue),
        rights: isFork ? foreign : own,
      });
    },
    onPush: () => run({ ...main, name: "push", payloadOf: (sha) => pushPayload("main", sha) }),
    onSchedule: () => run({ ...main, name: "schedule", payloadOf: schedulePayload }),
    onComment: (number, body) => {
      const id = repository.comment(number, { body, by: "ada" });
      return run({
        ...main,
        name: "issue_comment",
        payloadOf: () => commentPayload(number, { id, body, author: "ada" }),
      });
    },
  };
}

/** What a run may do: a fork's gets no secrets and a token that only reads. */
interface Rights {
  readonly token: string;
  readonly secrets: Readonly<Record<string, string>>;
}

interface Cause {
  readonly name: string;
  readonly ref: string;
  readonly payloadOf: (sha: string) => unknown;
  /** Default: the workflow's own. */
  readonly rights?: Rights;
}

/** What the workflow's own `permissions` allow, all jobs together. */
function permissionsOf(workflow: string): Permissions {
  const { jobs } = parse(workflow) as {
    readonly jobs: Readonly<Record<string, { readonly permissions: Record<string, string> }>>;
  };
  const granted = Object.values(jobs).flatMap(({ permissions }) => Object.entries(permissions));
  // `read` sorts before `write`, so what one job may write wins over what another may read.
  const sorted = granted.toSorted(([, one], [, other]) => one.localeCompare(other));
  return Object.fromEntries(sorted.map(([scope, level]) => [scope.replaceAll("-", "_"), level]));
}
