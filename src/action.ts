import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { isFailure } from "./model/failure.ts";
import { exitCodeOfProblems, type ExitCode } from "./model/exit-code.ts";
import type { Problem } from "./model/problem.ts";
import { parseDuration } from "./model/duration.ts";
import type { Target } from "./model/target.ts";
import { CONFIG_FILE } from "./config/config-file.ts";
import { problemLine } from "./report/problem-line.ts";
import { decide } from "./trigger/command.ts";
import { parseEvent } from "./trigger/event.ts";
import { parseInputs, type Inputs } from "./trigger/inputs.ts";
import type { Decision } from "./trigger/decision.ts";
import type { NamedText, Performance, PerformPorts, PerformRequest } from "./flow/performance.ts";
import { wire, type Wired } from "./wire.ts";

// Reads the world of a runner, does what the event asks for, and says how it went.
const RENDERS: ReadonlySet<Decision["kind"]> = new Set(["plan", "plan-offline", "check-only", "apply", "drift"]);

const startedAt = new Date();
const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interrupted.abort(signal));

process.exitCode = await main(process.env).catch(() => {
  // Before there is anything that masks, an error's own words must not be printed.
  process.stderr.write("plumbline could not begin: its temporary folder or the workspace cannot be used\n");
  return 70;
});

async function main(env: NodeJS.ProcessEnv): Promise<ExitCode> {
  const parsed = parseInputs(env);
  await using wired = await wireFor(env, "inputs" in parsed ? parsed.inputs : undefined);
  if ("problems" in parsed) return tellProblems(parsed.problems, wired);
  try {
    return await run(env, parsed.inputs, wired);
  } catch (error) {
    const { endingOf } = await import("./flow/ending.ts");
    const { exitCode, problem, text } = endingOf(error, interrupted.signal);
    if (problem !== undefined) return tellProblems([problem], wired);
    wired.ports.log.error(text ?? "");
    return exitCode;
  }
}

async function run(env: NodeJS.ProcessEnv, inputs: Inputs, wired: Wired): Promise<ExitCode> {
  for (const caution of inputs.cautions) wired.ports.log.warning(problemLine(caution));
  const event = await readEvent(env);
  if ("problem" in event) return tellProblems([event.problem], wired);
  const trigger = parseEvent(env["GITHUB_EVENT_NAME"] ?? "", event.payload, env);
  const decision = decide(trigger, {
    command: inputs.command,
    hasCredential: hasCredential(env, inputs),
    ...(await checkedOut(wired)),
  });
  const performance = await performDecision(decision, env, inputs, wired);
  const { deliver } = await import("./flow/deliver.ts");
  await deliver(performance, wired);
  for (const problem of performance.report?.problems ?? []) tell(problem, wired);
  for (const { target, problems } of performance.report?.targets ?? [])
    for (const problem of problems) tell(problem, wired, target);
  if (performance.report) wired.ports.log.info(`result: ${performance.report.result}`);
  return performance.exitCode;
}

async function performDecision(
  decision: Decision,
  env: NodeJS.ProcessEnv,
  inputs: Inputs,
  wired: Wired,
): Promise<Performance> {
  if (decision.kind === "nothing") {
    wired.ports.log.info(`nothing to do: ${decision.why}`);
    return { exitCode: 0 };
  }
  if (RENDERS.has(decision.kind)) wired.ports.renderer.prepare();
  // A run that has nothing to do ends without having loaded any of this.
  const { perform } = await import("./flow/perform.ts");
  const forge = await wired.forge();
  const ports: PerformPorts = {
    run: wired.ports,
    guard: wired.guard,
    outputs: wired.outputs,
    readFolder,
    ...(forge && { forge }),
  };
  return perform(decision, toRequest(env, inputs), ports, interrupted.signal);
}

function toRequest(env: NodeJS.ProcessEnv, inputs: Inputs): PerformRequest {
  const {
    GITHUB_REPOSITORY: name = "",
    GITHUB_REPOSITORY_ID: id,
    GITHUB_RUN_ID: run = "",
    GITHUB_RUN_ATTEMPT: attempt = "1",
  } = env;
  const timeoutMilliseconds = inputs.timeout === undefined ? undefined : parseDuration(inputs.timeout);
  return {
    repository: id === undefined ? { name } : { id, name },
    configFile: inputs.config ?? CONFIG_FILE,
    patterns: inputs.targets,
    offline: inputs.mode === "offline",
    ...(inputs.mode && { mode: inputs.mode }),
    link: `${env["GITHUB_SERVER_URL"] ?? "https://github.com"}/${name}/actions/runs/${run}`,
    holder: `${name} run ${run}.${attempt} ${env["GITHUB_JOB"] ?? ""}`.trim(),
    startedAt,
    ref: env["GITHUB_REF"] ?? "",
    sha: env["GITHUB_SHA"] ?? "",
    ...(inputs.context !== undefined && inputs.context !== "in-cluster" && { context: inputs.context }),
    ...(timeoutMilliseconds !== undefined && { timeoutMilliseconds }),
    ...(inputs.comment && { comment: inputs.comment }),
    ...(inputs.failOn && { failOn: inputs.failOn }),
    ...(inputs.plans !== undefined && { plans: resolve(workspaceOf(env, inputs), inputs.plans) }),
  };
}

function wireFor(env: NodeJS.ProcessEnv, inputs: Inputs | undefined): Promise<Wired> {
  const kubeconfig = inputs?.kubeconfig?.kind === "path" ? inputs.kubeconfig.path : inputs?.kubeconfig?.content;
  const repository = env["GITHUB_REPOSITORY"];
  const serverUrl = env["GITHUB_SERVER_URL"] ?? "https://github.com";
  return wire({
    env,
    workspace: workspaceOf(env, inputs),
    log: "github",
    inCluster: inputs?.context === "in-cluster",
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(inputs?.githubToken !== undefined &&
      repository !== undefined && {
        github: { token: inputs.githubToken, apiUrl: inputs.githubApiUrl, serverUrl, repository },
      }),
  });
}

function workspaceOf(env: NodeJS.ProcessEnv, inputs: Inputs | undefined): string {
  return resolve(env["GITHUB_WORKSPACE"] ?? ".", inputs?.workingDirectory ?? ".");
}

/** A kubeconfig is at hand, or the pod's own account was asked for. */
function hasCredential(env: NodeJS.ProcessEnv, inputs: Inputs): boolean {
  if (inputs.kubeconfig !== undefined || inputs.context === "in-cluster") return true;
  return (env["KUBECONFIG"] ?? "") !== "" || existsSync(join(env["HOME"] ?? homedir(), ".kube", "config"));
}

async function readEvent(
  env: NodeJS.ProcessEnv,
): Promise<{ readonly payload: unknown } | { readonly problem: Problem }> {
  const path = env["GITHUB_EVENT_PATH"];
  if (path === undefined || !existsSync(path)) return { payload: undefined };
  const text = await readFile(path, "utf8");
  try {
    return { payload: JSON.parse(text) as unknown };
  } catch {
    // What the parser says quotes the text, and a payload may hold what people keep private.
    const message = `event ${env["GITHUB_EVENT_NAME"] ?? ""}: its payload is not JSON`;
    const remedy = "look at the file that GITHUB_EVENT_PATH names: GitHub writes it as JSON";
    return { problem: { code: "event-refused", level: "error", message, remedy } };
  }
}

async function checkedOut({ ports }: Wired): Promise<{ readonly checkedOut?: string }> {
  try {
    return { checkedOut: await ports.repository.resolve("HEAD", interrupted.signal) };
  } catch (error) {
    if (isFailure(error) && error.code === "git-failed") return {};
    throw error;
  }
}

async function readFolder(folder: string, ending: string): Promise<readonly NamedText[]> {
  const entries = existsSync(folder) ? await readdir(folder, { recursive: true, withFileTypes: true }) : [];
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(ending));
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).toSorted();
  return Promise.all(paths.map(async (path) => ({ name: path, text: await readFile(path, "utf8") })));
}

/** Ends a run that has no report. */
async function tellProblems(problems: readonly Problem[], wired: Wired): Promise<ExitCode> {
  for (const problem of problems) tell(problem, wired);
  await wired.outputs.setOutput("result", wired.guard.plain("failed"));
  await wired.outputs.setOutput("reason", wired.guard.plain(problems[0]?.message ?? ""));
  return exitCodeOfProblems(problems);
}

function tell(problem: Problem, { ports: { log } }: Wired, target?: Target): void {
  const line = problemLine(problem, target);
  if (problem.level === "caution") log.warning(line);
  else log.error(line);
}
