import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readActionMetadata } from "./action-metadata.ts";
import { parseFileCommands } from "./file-command.ts";
import { parseWorkflowCommands, type WorkflowCommand } from "./workflow-command.ts";

const PRODUCT = join(import.meta.dirname, "../../..");

/** One step `uses: plumbline` of one job, as a workflow would give it. */
export interface Step {
  readonly event: { readonly name: string; readonly payload: unknown };
  readonly repository: string;
  readonly sha: string;
  readonly ref: string;
  /** The checked-out repository. */
  readonly workspace: string;
  readonly token: string;
  readonly apiUrl: string;
  readonly serverUrl: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Further environment of the job: KUBECONFIG, secrets, ... */
  readonly env?: Readonly<Record<string, string>>;
  /** Folders of PATH in front of the usual ones. */
  readonly path?: readonly string[];
  readonly runId?: string;
  /** RUNNER_TEMP; a new folder unless given. */
  readonly temporary?: string;
}

export interface StepResult {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** What the runner would have obeyed. */
  readonly commands: readonly WorkflowCommand[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** RUNNER_TEMP of the job. */
  readonly temporary: string;
}

export interface RunningStep {
  readonly result: Promise<StepResult>;
  /** As on cancellation: SIGINT, then SIGTERM, then the process is killed. Times are the runner's, divided by `faster`. */
  cancel(options?: { readonly faster?: number }): void;
  kill(signal: NodeJS.Signals): void;
}

/** Runs the built action as a runner does: as a process of its own, with the environment and files a runner gives. */
export async function runStep(step: Step): Promise<StepResult> {
  return (await startStep(step)).result;
}

export async function startStep(step: Step): Promise<RunningStep> {
  const metadata = readActionMetadata(PRODUCT);
  const temporary = step.temporary ?? (await mkdtemp(join(tmpdir(), "runner-")));
  const files = await commandFiles(temporary, step);
  const child = spawn(process.execPath, [join(PRODUCT, metadata.main)], {
    cwd: step.workspace,
    env: { ...environment(step, temporary, files), ...inputVariables(step, metadata.inputs) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return {
    result: collect(child, files, temporary),
    cancel: ({ faster = 1 } = {}) => cancel(child, faster),
    kill: (signal) => void child.kill(signal),
  };
}

interface CommandFiles {
  readonly event: string;
  readonly output: string;
  readonly state: string;
  readonly summary: string;
}

async function commandFiles(temporary: string, step: Step): Promise<CommandFiles> {
  const folder = join(temporary, "_runner_file_commands");
  await mkdir(folder, { recursive: true });
  const files = {
    event: join(temporary, "event.json"),
    output: join(folder, "set_output"),
    state: join(folder, "save_state"),
    summary: join(folder, "step_summary"),
  };
  await writeFile(files.event, JSON.stringify(step.event.payload));
  for (const file of [files.output, files.state, files.summary]) await writeFile(file, "");
  return files;
}

function environment(step: Step, temporary: string, files: CommandFiles): Record<string, string> {
  const [owner = ""] = step.repository.split("/");
  return {
    PATH: [...(step.path ?? []), "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"].join(
      ":",
    ),
    HOME: join(temporary, "home"),
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_WORKSPACE: step.workspace,
    GITHUB_REPOSITORY: step.repository,
    GITHUB_REPOSITORY_ID: "1",
    GITHUB_REPOSITORY_OWNER: owner,
    GITHUB_EVENT_NAME: step.event.name,
    GITHUB_EVENT_PATH: files.event,
    GITHUB_SHA: step.sha,
    GITHUB_REF: step.ref,
    GITHUB_RUN_ID: step.runId ?? "7",
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_RUN_NUMBER: "1",
    GITHUB_JOB: "plumbline",
    GITHUB_WORKFLOW: "plumbline",
    GITHUB_ACTOR: "octocat",
    GITHUB_API_URL: step.apiUrl,
    GITHUB_GRAPHQL_URL: `${step.apiUrl}/graphql`,
    GITHUB_SERVER_URL: step.serverUrl,
    GITHUB_OUTPUT: files.output,
    GITHUB_STATE: files.state,
    GITHUB_STEP_SUMMARY: files.summary,
    RUNNER_OS: "Linux",
    RUNNER_ARCH: "X64",
    RUNNER_TEMP: temporary,
    RUNNER_TOOL_CACHE: join(temporary, "tools"),
    ...step.env,
  };
}

/** Inputs as the runner passes them: upper case, defaults of action.yml filled in, every input present. */
function inputVariables(
  step: Step,
  declared: readonly { readonly name: string; readonly default?: string }[],
): Record<string, string> {
  const given = step.inputs ?? {};
  const names = [...new Set([...declared.map(({ name }) => name), ...Object.keys(given)])];
  return Object.fromEntries(
    names.map((name) => {
      const fallback = declared.find((input) => input.name === name)?.default ?? "";
      return [`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`, given[name] ?? evaluate(fallback, step)];
    }),
  );
}

function evaluate(text: string, step: Step): string {
  return text
    .replace(/\$\{\{\s*github\.token\s*\}\}/, step.token)
    .replace(/\$\{\{\s*github\.api_url\s*\}\}/, step.apiUrl);
}

async function collect(child: ChildProcess, files: CommandFiles, temporary: string): Promise<StepResult> {
  const out = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (out.stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (out.stderr += text));
  const code = await new Promise<number | undefined>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? undefined));
  });
  return {
    code,
    ...out,
    commands: parseWorkflowCommands(out.stdout),
    outputs: parseFileCommands(await readFile(files.output, "utf8")),
    summary: await readFile(files.summary, "utf8"),
    temporary,
  };
}

const TO_TERM = 7_500;
const TO_KILL = 2_500;

function cancel(child: ChildProcess, faster: number): void {
  child.kill("SIGINT");
  const term = setTimeout(() => child.kill("SIGTERM"), TO_TERM / faster);
  const kill = setTimeout(() => child.kill("SIGKILL"), (TO_TERM + TO_KILL) / faster);
  child.on("close", () => {
    clearTimeout(term);
    clearTimeout(kill);
  });
}
