import { hostname } from "node:os";
import { parseArgs } from "node:util";
import { exitCodeOf, exitCodeOfProblems, type ExitCode } from "./model/exit-code.ts";
import { isFailure } from "./model/failure.ts";
import { nearest } from "./model/nearest.ts";
import type { Problem } from "./model/problem.ts";
import type { RunReport } from "./model/run.ts";
import { parseDuration } from "./model/duration.ts";
import { CONFIG_FILE } from "./config/config-file.ts";
import { problemLine } from "./report/problem-line.ts";
import type { RunRequest } from "./flow/run-ports.ts";
import { parseLook, type Look } from "./trigger/look.ts";
import { wire, type Wired } from "./wire.ts";

const USAGE = `usage: plumb <command> [target...] [options]

commands
  targets   print the targets, one a line
  plan      say what bringing the cluster to a commit changes
  apply     bring the cluster to a commit
  drift     say what differs from the applied revision

A target is environment/app or a pattern such as production/*; without one, all are taken. What is read are
commits: what is not committed counts as not written.

options
  --base REF           plan only: what there was before; without it, the live cluster alone is compared
  --head REF           the commit that is wanted; default HEAD
  --config FILE        default ${CONFIG_FILE}
  --kubeconfig FILE    default: KUBECONFIG, then ~/.kube/config
  --context NAME       wins over the environment's context; in-cluster: the pod's own account
  --mode MODE          plan only: auto, dry-run, read-only or offline; wins over plan.mode of the configuration
  --offline            plan only: ask no cluster, as --mode offline
  --exact              dry-run every object, also those that prove themselves in sync
  --shadow PERCENT     dry-run this share of the objects that prove themselves in sync
  --timeout DURATION   wins over the configuration, such as 90s or 5m
  --output FORMAT      text, json, markdown or html; default text
  --help, --version

exit codes
  0 no difference or success   1 differences         2 usage or configuration
  3 render, validation or blockers                   4 cluster unreachable or unauthorised
  5 incomplete                 6 refused             7 apply failed
  70 crash                     130 interrupted
`;

const OPTIONS = {
  base: { type: "string" },
  head: { type: "string", default: "HEAD" },
  config: { type: "string", default: CONFIG_FILE },
  kubeconfig: { type: "string" },
  context: { type: "string" },
  offline: { type: "boolean", default: false },
  mode: { type: "string" },
  exact: { type: "boolean", default: false },
  shadow: { type: "string" },
  timeout: { type: "string" },
  output: { type: "string", default: "text" },
  help: { type: "boolean", default: false },
  version: { type: "boolean", default: false },
} as const;

const VERSION = "0.1.0";
const COMMANDS = ["targets", "plan", "apply", "drift"] as const;
const LATER = ["images", "render", "status", "compare", "init", "doctor"];
const OUTPUTS = ["text", "json", "markdown", "html"] as const;
const OF_A_PLAN = ["base", "offline", "mode"] as const;
const OF_A_LOOK = ["exact", "shadow"] as const;

type Command = (typeof COMMANDS)[number];
type Format = (typeof OUTPUTS)[number];

const startedAt = new Date();
const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interrupted.abort(signal));

process.exitCode = await main(process.argv.slice(2), process.env);

interface Asked {
  readonly command: Command;
  readonly format: Format;
  readonly targets: readonly string[];
  readonly options: ReturnType<typeof parseOptions>["values"];
  readonly look: Look;
}

async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<ExitCode> {
  const asked = ask(argv);
  if (typeof asked === "number") return asked;
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

function parseOptions(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
}

/** What is asked for, or the exit code when the words themselves were the answer or a mistake. */
function ask(argv: readonly string[]): Asked | ExitCode {
  const parsed = tryParse(argv);
  if (typeof parsed === "string") return misuse(parsed);
  const { values, positionals } = parsed;
  if (values.help) return say(USAGE);
  if (values.version) return say(`plumb ${VERSION}\n`);
  const [word, ...targets] = positionals;
  const command = COMMANDS.find((one) => one === word);
  const format = OUTPUTS.find((one) => one === values.output);
  if (word === undefined) return misuse("no command is given");
  if (LATER.includes(word)) return misuse(`command ${word} is not supported yet`);
  if (command === undefined) return misuse(`there is no command ${JSON.stringify(word)}${meant(word)}`);
  const idle = idleOptions(command).find((option) => values[option]);
  if (idle !== undefined) return misuse(`--${idle} says nothing to ${command}; it belongs to plan`);
  if (format === undefined)
    return misuse(`--output is ${JSON.stringify(values.output)}; it is one of ${OUTPUTS.join(", ")}`);
  if (values.timeout !== undefined && (parseDuration(values.timeout) ?? 0) <= 0)
    return misuse(`--timeout is ${JSON.stringify(values.timeout)}; write a duration such as 90s or 5m`);
  const look = parseLook(values);
  return typeof look === "string" ? misuse(look) : { command, format, targets, options: values, look };
}

function idleOptions(command: Command): readonly (typeof OF_A_PLAN | typeof OF_A_LOOK)[number][] {
  return [...(command === "plan" ? [] : OF_A_PLAN), ...(command === "targets" ? OF_A_LOOK : [])];
}

function meant(word: string): string {
  const near = nearest(word, COMMANDS);
  return near === undefined ? "" : `, did you mean ${near}?`;
}

function tryParse(argv: readonly string[]): ReturnType<typeof parseOptions> | string {
  try {
    return parseOptions(argv);
  } catch (error) {
    const [said = ""] = error instanceof Error ? error.message.split(". ") : ["unknown option"];
    return `${said.charAt(0).toLowerCase()}${said.slice(1)}`;
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
  loadEarly(asked.command);
  const [head, base, request] = await Promise.all([
    commitOf("head", asked, wired),
    commitOf("base", asked, wired),
    toRequest(asked, wired),
  ]);
  if (typeof head === "object") return misuse(head.why);
  if (typeof base === "object") return misuse(base.why);
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
    if (revision === OPTIONS.head.default) return { why: "this folder is in no Git repository with a commit" };
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
