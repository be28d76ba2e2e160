import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startGitHub, type GitHub } from "../github/github.ts";
import type { Files, RepositoryHandle } from "../github/repository.ts";
import { FORK_PERMISSIONS, type Permissions } from "../github/token.ts";
import { runStep, startStep, type RunningStep, type Step, type StepResult } from "../runner/runner.ts";
import { commentPayload, dispatchPayload, pullPayload, pushPayload, schedulePayload } from "./payload.ts";
import { checkOut } from "./workspace.ts";

/** A repository on GitHub with a workflow that uses Plumbline: what people do, and the runs that follow from it. */
export interface Project extends AsyncDisposable {
  readonly github: GitHub;
  readonly repository: RepositoryHandle;
  /** Commits to main. */
  commit(files: Files, message?: string): Promise<string>;
  /** Opens a pull request that changes these files. */
  open(title: string, files: Files, options?: { readonly branch?: string }): Promise<number>;
  /** The run of a `pull_request` event. */
  onPull(number: number, options?: RunOptions & { readonly action?: string }): Promise<StepResult>;
  /** The run of a push to main, as it is now. */
  onPush(options?: RunOptions): Promise<StepResult>;
  /** A push's run that can be cancelled. */
  startPush(options?: RunOptions): Promise<RunningStep>;
  onSchedule(options?: RunOptions): Promise<StepResult>;
  onDispatch(command: string, options?: RunOptions): Promise<StepResult>;
  onComment(number: number, body: string, options?: RunOptions & { readonly author?: string }): Promise<StepResult>;
}

export interface RunOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** What the workflow's token may do; the sample workflow's permissions unless given. */
  readonly permissions?: Permissions;
}

export interface ProjectOptions {
  readonly name?: string;
  readonly files: Files;
  /** Kubeconfig of the job; none: the job has no credential. */
  readonly kubeconfig?: string;
  /** Programs that the job finds on PATH; absolute paths. */
  readonly tools: { readonly kustomize: string; readonly helm: string };
}

const WORKFLOW_PERMISSIONS: Permissions = {
  contents: "read",
  checks: "write",
  pull_requests: "write",
  issues: "write",
};

export async function startProject(options: ProjectOptions): Promise<Project> {
  const github = await startGitHub({ limits: { writesPerMinute: 10_000 } });
  const name = options.name ?? "acme/shop";
  const repository = await github.repository(name);
  await repository.commit("main", options.files, { message: "Start" });
  const folders: string[] = [];
  let runs = 0;

  const step = async (event: Step["event"], ref: string, run: RunOptions = {}): Promise<Step> => {
    const permissions = run.permissions ?? WORKFLOW_PERMISSIONS;
    const token = github.token({ login: "github-actions[bot]", permissions, repositories: [name] });
    const { path, sha } = await checkOut(repository.cloneUrl, ref, token);
    const temporary = await mkdtemp(join(tmpdir(), "runner-"));
    folders.push(path, temporary);
    runs += 1;
    return {
      event,
      repository: name,
      sha,
      ref,
      workspace: path,
      token,
      apiUrl: github.url,
      serverUrl: github.url,
      path: [...new Set(Object.values(options.tools).map((tool) => dirname(tool)))],
      runId: String(runs),
      temporary,
      inputs: run.inputs ?? {},
      env: { ...(options.kubeconfig !== undefined && { KUBECONFIG: options.kubeconfig }), ...run.env },
    };
  };
  const pushStep = async (run?: RunOptions): Promise<Step> => {
    const sha = await repository.head("main");
    return step({ name: "push", payload: pushPayload("main", sha) }, "refs/heads/main", run);
  };

  return {
    github,
    repository,
    commit: (files, message = "Change") => repository.commit("main", files, { message }),
    async open(title, files, { branch = `change-${String(runs)}-${title.length}` } = {}) {
      await repository.commit(branch, files, { message: title, from: "main" });
      return repository.pullRequest({ branch, title });
    },
    async onPull(number, { action = "synchronize", ...run } = {}) {
      const pull = repository.pull(number);
      const issue = repository.issues().find((candidate) => candidate.number === number);
      const isFork = pull.head.repository.parent !== undefined;
      const event = { name: "pull_request", payload: pullPayload(action, pull, issue) };
      const ref = action === "closed" ? "refs/heads/main" : `refs/pull/${number}/merge`;
      const rights = isFork ? { permissions: FORK_PERMISSIONS } : {};
      return runStep({ ...(await step(event, ref, { ...rights, ...run })), ref: `refs/pull/${number}/merge` });
    },
    onPush: async (run) => runStep(await pushStep(run)),
    startPush: async (run) => startStep(await pushStep(run)),
    onSchedule: async (run) =>
      runStep(await step({ name: "schedule", payload: schedulePayload() }, "refs/heads/main", run)),
    onDispatch: async (command, run) =>
      runStep(await step({ name: "workflow_dispatch", payload: dispatchPayload(command) }, "refs/heads/main", run)),
    async onComment(number, body, { author = "ada", ...run } = {}) {
      const id = repository.comment(number, { body, by: author });
      const payload = commentPayload(number, { id, body, author });
      return runStep(await step({ name: "issue_comment", payload }, "refs/heads/main", run));
    },
    async [Symbol.asyncDispose]() {
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
      await github[Symbol.asyncDispose]();
    },
  };
}
