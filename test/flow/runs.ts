import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Mode } from "../../src/model/mode.ts";
import type { RunReport } from "../../src/model/run.ts";
import type { ClusterAccess } from "../../src/ports.ts";
import { runApply } from "../../src/flow/apply.ts";
import { runDrift } from "../../src/flow/drift.ts";
import { runPlan } from "../../src/flow/plan.ts";
import type { RunPorts, RunRequest } from "../../src/flow/run-ports.ts";
import { createRenderer } from "../../src/render/renderer.ts";
import { createExec } from "../../src/system/process.ts";
import { createRepository } from "../../src/system/repository.ts";
import { systemClock } from "../../src/system/clock.ts";
import { temporaryFolder } from "../../src/system/temporary-folder.ts";
import { PROGRAM } from "../render/render-app.ts";
import { gitFixture } from "../system/git-fixture.ts";
import { dedent } from "../support/yml.ts";

/** A real repository, and runs of it against one cluster. */
export interface Runs {
  /** Commits app `app`'s manifests, and more files, to main. */
  readonly commit: (manifests: string, files?: Readonly<Record<string, string>>) => Promise<string>;
  readonly plan: (base: string, head: string, patterns?: readonly string[], mode?: Mode) => Promise<RunReport>;
  readonly apply: (head: string, options?: RunsOptions) => Promise<RunReport>;
  readonly drift: (head: string) => Promise<RunReport>;
  /** As the command line does it: no run knows what an earlier one has seen. */
  readonly driftWithoutMemory: (head: string) => Promise<RunReport>;
}

export interface RunsOptions {
  /** Another way to the same cluster. */
  readonly access?: ClusterAccess;
  readonly byHand?: boolean;
  readonly patterns?: readonly string[];
  readonly signal?: AbortSignal;
  readonly holder?: string;
}

/** Runs over a repository of this configuration; the cluster is what `access` speaks to. */
export async function startRuns(access: ClusterAccess, config: string): Promise<Runs> {
  const git = await gitFixture();
  const temporary = await temporaryFolder("plumbline-runs-");
  const env = { PATH: process.env["PATH"] ?? "", HOME: git.path };
  const exec = createExec();
  const cwd = join(git.path, "origin");
  const repository = createRepository({
    exec,
    cwd,
    env,
    serverUrl: "https://github.com",
    temporaryParent: temporary.path,
  });
  onTestFinished(async () => {
    await repository[Symbol.asyncDispose]();
    await temporary[Symbol.asyncDispose]();
    await git[Symbol.asyncDispose]();
  });
  const tools = { find: () => Promise.reject(new Error("only plain folders are rendered here")) };
  const silent = { info: () => {}, warning: () => {}, error: () => {} };
  const ports: RunPorts = {
    repository,
    renderer: createRenderer({ exec, node: process.execPath, program: PROGRAM, temporary: temporary.path, tools }),
    clusters: { open: () => Promise.resolve(access) },
    clock: systemClock,
    log: silent,
    learn: () => {},
  };
  const request = (holder = "a run"): RunRequest => ({
    repository: { id: "1", name: "acme/shop" },
    configFile: ".github/plumbline.yaml",
    patterns: [],
    offline: false,
    holder,
    startedAt: new Date(),
  });
  const never = new AbortController().signal;
  return {
    commit: (manifests, files = {}) =>
      git.commit({ ".github/plumbline.yaml": dedent(config), [join("app", "app.yaml")]: dedent(manifests), ...files }),
    plan: async (base, head, patterns = [], mode = "auto") =>
      (await runPlan({ ...request(), base, head, patterns, mode, offline: mode === "offline" }, ports, never)).report,
    apply: (head, { byHand = false, signal = never, holder, patterns = [], access: other = access } = {}) => {
      const clusters = { open: () => Promise.resolve(other) };
      return runApply({ ...request(holder), head, byHand, patterns, pulls: [] }, { ...ports, clusters }, signal);
    },
    drift: async (head) => {
      const sightings = (): Promise<Record<string, never>> => Promise.resolve({});
      return (await runDrift({ ...request(), head, sightings }, ports, never)).report;
    },
    driftWithoutMemory: async (head) => (await runDrift({ ...request(), head }, ports, never)).report,
  };
}

/** `app: no-changes`, one per target. */
export function resultLines({ targets }: RunReport): readonly string[] {
  return targets.map(({ target, result }) => `${target.app}: ${result}`);
}
