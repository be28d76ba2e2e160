import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseActLog, type WorkflowRun } from "./act-log.ts";
import { runProgram } from "./program.ts";
import { ROOT } from "./workflow-file.ts";

/** What happened, and where: an event of a repository whose checkout is `workspace`. */
export interface WorkflowEvent {
  readonly name: string;
  readonly payload: unknown;
  readonly ref: string;
  readonly sha: string;
  readonly workspace: string;
}

export interface WorkflowRequest {
  /** The workflow's text, as users copy it. */
  readonly workflow: string;
  readonly event: WorkflowEvent;
  /** `owner/name` */
  readonly repository: string;
  /** Base of GitHub's API and pages. */
  readonly github: string;
  readonly token: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** Programs that the jobs find on PATH; absolute paths. */
  readonly tools: readonly string[];
}

/**
 * Runs a workflow on this machine by the program `act`, with our action as it lies in `dist/`; throws where it cannot
 * run it. Of the workflow this is replaced: actions/checkout is skipped, because act copies the workspace; upload- and
 * download-artifact are those in `stand-ins/`; the keys `queue` and `deployment` are taken out, which act does not know. It
 * gives no meaning to `concurrency`, `environment` and `permissions`: one token and one set of secrets serve all jobs.
 */
export async function runWorkflow(act: string, request: WorkflowRequest): Promise<WorkflowRun> {
  const folder = await mkdtemp(join(tmpdir(), "act-"));
  try {
    const files = await writeFiles(folder, request);
    const env = { PATH: pathOf(request), HOME: folder, XDG_CACHE_HOME: join(folder, "cache") };
    const { code, stdout, stderr } = await runProgram(act, actArguments(request, files), { cwd: folder, env });
    const run = parseActLog(stdout);
    if (code !== 0 && Object.keys(run.jobs).length === 0)
      throw new Error(`act: ended with ${code}\n${stderr}${stdout}`);
    return run;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface ActFiles {
  readonly workflow: string;
  readonly event: string;
  readonly secrets: string;
  /** What `uses:` our action brings to a runner. */
  readonly product: string;
  readonly artifacts: string;
  readonly cache: string;
}

async function writeFiles(folder: string, { workflow, event, token, secrets }: WorkflowRequest): Promise<ActFiles> {
  const files: ActFiles = {
    workflow: join(folder, "workflow.yaml"),
    event: join(folder, "event.json"),
    secrets: join(folder, "secrets"),
    product: join(folder, "product"),
    artifacts: join(folder, "artifacts"),
    cache: join(folder, "actions"),
  };
  await mkdir(files.artifacts);
  await mkdir(files.product);
  for (const part of ["action.yml", "dist"]) await cp(join(ROOT, part), join(files.product, part), { recursive: true });
  await writeFile(files.workflow, workflow.replaceAll(/^ *(?:queue: max|deployment: false)\n/gm, ""));
  await writeFile(files.event, JSON.stringify(event.payload));
  const lines = Object.entries({ GITHUB_TOKEN: token, ...secrets }).map(
    ([name, text]) => `${name}=${JSON.stringify(text)}\n`,
  );
  await writeFile(files.secrets, lines.join(""), { mode: 0o600 });
  return files;
}

function pathOf({ tools }: WorkflowRequest): string {
  // The Node that runs this is the Node 24 that `using: node24` asks for.
  const programs = [process.execPath, ...tools];
  return [...new Set([...programs.map((file) => dirname(file)), "/usr/local/bin", "/usr/bin", "/bin"])].join(":");
}

function actArguments(request: WorkflowRequest, files: ActFiles): readonly string[] {
  const { event, repository, github, workflow } = request;
  const env = {
    GITHUB_API_URL: github,
    GITHUB_GRAPHQL_URL: `${github}/graphql`,
    GITHUB_SERVER_URL: github,
    GITHUB_REPOSITORY: repository,
    GITHUB_REPOSITORY_ID: "1",
    GITHUB_REF: event.ref,
    // So act calls what becomes GITHUB_SHA.
    SHA_REF: event.sha,
    ARTIFACTS: files.artifacts,
  };
  const options = {
    platform: "ubuntu-latest=-self-hosted",
    directory: event.workspace,
    workflows: files.workflow,
    eventpath: files.event,
    "secret-file": files.secrets,
    "action-cache-path": files.cache,
  };
  return [
    event.name,
    "--json",
    "--action-offline-mode",
    "--no-cache-server",
    "--pull=false",
    ...Object.entries(options).map(([name, value]) => `--${name}=${value}`),
    ...Object.entries(env).map(([name, value]) => `--env=${name}=${value}`),
    ...localActions(workflow, files).map((replacement) => `--local-repository=${replacement}`),
  ];
}

/** Where each action that the workflow names lies on this machine: `owner/name@sha=path`. */
function localActions(workflow: string, { product }: ActFiles): readonly string[] {
  const uses = [...workflow.matchAll(/uses: ([\w-]+\/([\w-]+))(@[0-9a-f]{40})/g)];
  const replacements = uses
    .filter(([, action]) => action !== "actions/checkout")
    .map(([, action = "", name = "", ref = ""]) => {
      const place = action === "acme/plumbline" ? product : join(import.meta.dirname, "stand-ins", name);
      return `${action}${ref}=${place}`;
    });
  return [...new Set(replacements)];
}
