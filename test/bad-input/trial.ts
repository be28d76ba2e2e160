import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { cluster } from "../cluster/cluster.ts";
import type { RunOptions } from "../support/project/project.ts";
import type { StepResult } from "../support/runner/runner.ts";
import { WAYS, type BadInput, type Ends, type Scene, type Way } from "./bad-input.ts";
import { plumb } from "./plumb.ts";
import { openScene, placed } from "./scene.ts";
import { written } from "./written.ts";

/** What came of one way to run Plumbline. */
export interface Ending {
  readonly way: Way;
  readonly code: number | null | undefined;
  readonly result?: string;
  readonly stdout: string;
  readonly stderr: string;
  /** Ours on the pull request. */
  readonly comment?: string;
}

export interface Trial {
  readonly endings: readonly Ending[];
  /** What of the target is in the cluster, before and after. */
  readonly before: string;
  readonly after: string;
  /** Everything that left a process: logs, outputs, files, and each request to GitHub. */
  readonly sinks: string;
  readonly violations: readonly unknown[];
}

/** The exit code of each way that was gone. */
export function codesOf({ endings }: Trial): Ends {
  return Object.fromEntries(endings.map(({ way, code }) => [way, code ?? undefined]));
}

/** Lets a bad input happen in each way that it names. */
export async function tryOut(name: string, badInput: BadInput): Promise<Trial> {
  await using scene = await openScene(name, badInput.before);
  const { project, namespace } = scene;
  if (badInput.applied) await soundly(scene);
  await badInput.given?.(scene);
  const kubeconfig = (await badInput.kubeconfig?.(scene)) ?? cluster().kubeconfig;
  const change = placed(badInput.change ?? { "notes.txt": "something" }, namespace);
  const pull = await project.open("A change", change, { branch: "change" });
  const world: World = { scene, badInput, kubeconfig, pull, sinks: [] };
  const before = await written(scene);
  const endings: Ending[] = [];
  for (const way of WAYS) {
    if (badInput.ends[way] === undefined) continue;
    endings.push(await RUNS[way](world));
  }
  world.sinks.push(JSON.stringify(project.github.requests.map(({ path, query, body }) => [path, query, body])));
  return {
    endings,
    before,
    after: await written(scene),
    sinks: world.sinks.join("\n"),
    violations: project.github.violations,
  };
}

async function soundly({ project }: Scene): Promise<void> {
  const { code, stdout } = await project.onPush({ env: { KUBECONFIG: cluster().kubeconfig } });
  if (code !== 0) throw new Error(`the sound app was not applied\n${stdout}`);
}

interface World {
  readonly scene: Scene;
  readonly badInput: BadInput;
  readonly kubeconfig: string;
  readonly pull: number;
  readonly sinks: string[];
}

const RUNS: Readonly<Record<Way, (world: World) => Promise<Ending>>> = {
  "pull request": async (world) =>
    ofStep("pull request", world, async (job) => world.scene.project.onPull(world.pull, job)),
  push: async (world) => {
    await world.scene.project.repository.merge(world.pull);
    return ofStep("push", world, (job) => world.scene.project.onPush(job));
  },
  "plumb plan": (world) => onCommandLine("plumb plan", world),
  "plumb apply": (world) => onCommandLine("plumb apply", world),
};

async function ofStep(way: Way, world: World, step: (job: RunOptions) => Promise<StepResult>): Promise<Ending> {
  const { scene, badInput, kubeconfig, pull, sinks } = world;
  const comments = (): readonly string[] => scene.project.repository.comments(pull).map(({ body }) => body);
  const before = comments();
  const job = (await badInput.job?.(scene)) ?? {};
  const { code, stdout, stderr, outputs, summary } = await step({
    ...job,
    env: { KUBECONFIG: kubeconfig, ...job.env },
  });
  const paths = [outputs["json-path"], outputs["html-path"]].filter((path) => path !== undefined);
  const files = await Promise.all(paths.map((path) => readFile(path, "utf8")));
  sinks.push(withoutMasks(stdout), stderr, JSON.stringify(outputs), summary, ...files);
  const result = outputs["result"];
  const comment = comments().find((body) => !before.includes(body));
  return {
    way,
    code,
    stdout,
    stderr,
    ...(result !== undefined && { result }),
    ...(comment !== undefined && { comment }),
  };
}

// The runner is told what to hide, and hides that line too.
function withoutMasks(stdout: string): string {
  return stdout.replaceAll(/^::add-mask::.*$/gm, "");
}

const run = promisify(execFile);

async function onCommandLine(way: "plumb plan" | "plumb apply", world: World): Promise<Ending> {
  const { scene, badInput, kubeconfig, sinks } = world;
  const clone = join(scene.folder, way.replace(" ", "-"));
  await run("git", ["clone", "--quiet", "--branch", "change", scene.project.repository.folder, clone]);
  await run("git", ["remote", "set-url", "origin", "https://github.com/acme/shop.git"], { cwd: clone });
  const words = [way === "plumb plan" ? "plan" : "apply", ...(badInput.options ?? [])];
  const env = { KUBECONFIG: kubeconfig };
  const { kustomize, helm } = cluster().tools;
  const path = [dirname(kustomize), dirname(helm)];
  const { code, stdout, stderr } = await plumb(words, { cwd: clone, home: scene.folder, path, env });
  sinks.push(stdout, stderr);
  return { way, code, stdout, stderr };
}
