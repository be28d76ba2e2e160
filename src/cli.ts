import { hostname } from "node:os";
import { exitCodeOf, exitCodeOfProblems, type ExitCode } from "./model/exit-code.ts";
import { isFailure } from "./model/failure.ts";
import type { Problem } from "./model/problem.ts";
import type { RunReport } from "./model/run.ts";
import { parseDuration } from "./model/duration.ts";
import { problemLine } from "./report/problem-line.ts";
import type { RunRequest } from "./flow/run-ports.ts";
import { DEFAULT_HEAD, parseCommandLine, type Asked, type Command } from "./command-line.ts";
import { wire, type Wired } from "./wire.ts";

const startedAt = new Date();
const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interrupted.abort(signal));

process.exitCode = await main(process.argv.slice(2), process.env);

async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<ExitCode> {
  const words = parseCommandLine(argv);
  if (words.kind === "answered") return say(words.text);
  if (words.kind === "misused") return misuse(words.what);
  const { asked } = words;
  await using wired = await wire({
    env,
    workspace: process.cwd(),
    log: (line) => void process.stderr.write(`${line}\n`),
    inCluster: asked.options.context === "in-cluster",
    ...(asked.options.kubeconfig !== undefined && { kubeconfig: asked.options.kubeconfig }),
  });
  try {
    return await run(asked, wired);
  } catch (error) {
    return await ended(error, wired);
  }
}

function say(text: string): ExitCode {
  process.stdout.write(text);
  return 0;
}

function misuse(what: string): ExitCode {
  process.stderr.write(`plumb: ${what}; see plumb --help\n`);
  return 2;
}

async function run(asked: Asked, wired: Wired): Promise<ExitCode> {
  const { ports } = wired;
  const { signal } = interrupted;
  if (asked.command !== "targets") ports.renderer.prepare();
  loadEarly(asked.command);
  const [head, base] = await Promise.all([commitOf("head", asked, wired), commitOf("base", asked, wired)]);
  if (typeof head === "object") return misuse(head.why);
  if (typeof base === "object") return misuse(base.why);
  const request = await toRequest(asked, wired);
  switch (asked.command) {
    case "targets": {
      const { targetMatrix } = await import("./flow/targets.ts");
      const matrix = await targetMatrix({ ...request, head, authority: head }, ports, signal);
      if ("problems" in matrix) return tellProblems(matrix.problems, wired);
      const lines = matrix.include.flatMap(({ targets }) => targets.split("\n"));
      return say(asked.format === "json" ? `${wired.guard.json(JSON.stringify(matrix))}\n` : `${lines.join("\n")}\n`);
    }
    case "plan": {
      const { runPlan } = await import("./flow/plan.ts");
      const { report } = await runPlan({ ...request, head, ...(base !== "" && { base }) }, ports, signal);
      return print(report, asked, wired);
    }
    case "apply": {
      const { runApply } = await import("./flow/apply.ts");
      return print(await runApply({ ...request, head, byHand: true, pulls: [] }, ports, signal), asked, wired);
    }
    case "drift": {
      const { runDrift } = await import("./flow/drift.ts");
      const { report } = await runDrift({ ...request, head }, ports, signal);
      return print(report, asked, wired);
    }
  }
}

// Git is at work meanwhile, so nobody waits for these. An import that fails is told where it is needed.
function loadEarly(command: Command): void {
  const modules = {
    targets: () => [import("./flow/targets.ts")],
    plan: () => [import("./flow/plan.ts"), import("./report/printed.ts")],
    apply: () => [import("./flow/apply.ts"), import("./report/printed.ts")],
    drift: () => [import("./flow/drift.ts"), import("./report/printed.ts")],
  };
  void Promise.allSettled(modules[command]());
}

interface NoCommit {
  readonly why: string;
}

/** The commit that an option names; an empty text where it is not given. */
async function commitOf(option: "head" | "base", { options }: Asked, { ports }: Wired): Promise<string | NoCommit> {
  const revision = options[option] ?? "";
  if (revision === "") return "";
  try {
    return await ports.repository.resolve(revision, interrupted.signal);
  } catch (error) {
    if (!isFailure(error) || error.code !== "git-failed") throw error;
    // Git's own words are about fetching; what a person sees is a name that is wrong.
    if (revision === DEFAULT_HEAD) return { why: "this folder is in no Git repository with a commit" };
    return { why: `--${option} is ${JSON.stringify(revision)}, which names no commit here or on origin` };
  }
}

async function toRequest({ targets, options, look }: Asked, { ports }: Wired): Promise<RunRequest> {
  const timeoutMilliseconds = options.timeout === undefined ? undefined : parseDuration(options.timeout);
  return {
    repository: { name: await ports.repository.name(interrupted.signal) },
    configFile: options.config,
    patterns: targets,
    ...look,
    holder: `plumb ${process.pid} on ${hostname()}`,
    startedAt,
    ...(options.context !== undefined && options.context !== "in-cluster" && { context: options.context }),
    ...(timeoutMilliseconds !== undefined && { timeoutMilliseconds }),
  };
}

async function print(report: RunReport, { format }: Asked, { guard }: Wired): Promise<ExitCode> {
  const { printed } = await import("./report/printed.ts");
  const colour = process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "";
  process.stdout.write(printed(report, { format, colour, guard }));
  return exitCodeOf(report, "changes");
}

function tellProblems(problems: readonly Problem[], { ports: { log } }: Wired): ExitCode {
  for (const problem of problems) log.error(problemLine(problem));
  return exitCodeOfProblems(problems);
}

async function ended(error: unknown, wired: Wired): Promise<ExitCode> {
  const { endingOf } = await import("./flow/ending.ts");
  const { exitCode, problem, text } = endingOf(error, interrupted.signal);
  if (problem !== undefined) return tellProblems([problem], wired);
  wired.ports.log.error(text ?? "");
  return exitCode;
}
