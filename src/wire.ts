import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Masker } from "./model/masker.ts";
import type { Clock, ClusterAccess, ClusterPlace, Clusters, Log, Outputs, Renderer, Repository } from "./ports.ts";
import type { Forge } from "./forge-ports.ts";
import { createMasker } from "./diff/masker.ts";
import { secretTexts } from "./diff/secrecy.ts";
import { createGuard, type Guard } from "./report/guard.ts";
import { systemClock } from "./system/clock.ts";
import { createLog, hideOnRunner, type LogTarget } from "./system/log.ts";
import { keepNurserySmall } from "./system/nursery.ts";
import { createOutputs } from "./system/outputs.ts";
import { createExec } from "./system/process.ts";
import { createRepository } from "./system/repository.ts";
import type { RunPorts } from "./flow/run-ports.ts";

export interface WireRequest {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A folder in the checkout. */
  readonly workspace: string;
  readonly log: LogTarget;
  /** A kubeconfig's path or content. */
  readonly kubeconfig?: string;
  readonly inCluster: boolean;
  readonly github?: GithubPlace;
}

export interface GithubPlace {
  readonly token: string;
  readonly apiUrl: string;
  readonly serverUrl: string;
  /** `owner/name` */
  readonly repository: string;
}

/** The world, put together from an environment. Nothing is connected to before it is used; disposal ends what was begun. */
export interface Wired extends AsyncDisposable {
  readonly ports: RunPorts;
  readonly guard: Guard;
  readonly outputs: Outputs;
  /** `undefined` outside GitHub. */
  forge(): Promise<Forge | undefined>;
}

/** The only place that knows the adapters. What a run may not need is loaded when it is first used: each costs start time. */
export async function wire(request: WireRequest): Promise<Wired> {
  keepNurserySmall();
  const { env, github } = request;
  const masker = createMasker();
  if (github !== undefined) masker.learn(github.token);
  const guard = createGuard(masker);
  const log = await createLog(request.log, (text) => guard.log(text));
  const temporary = await mkdtemp(join(env["RUNNER_TEMP"] ?? tmpdir(), "plumbline-"));
  const repository = createRepository({
    exec: createExec(),
    cwd: request.workspace,
    env,
    serverUrl: github?.serverUrl ?? "https://github.com",
    temporaryParent: temporary,
    ...(github && { token: github.token }),
  });
  const clusters = lazyClusters(request, { masker, clock: systemClock, repository });
  const renderer = lazyRenderer(request, temporary);
  const forge = lazyForge(github, log);
  return {
    ports: {
      repository,
      renderer,
      clusters,
      clock: systemClock,
      log,
      learn: (object) => secretTexts(object).forEach((text) => masker.learn(text)),
    },
    guard,
    outputs: createOutputs(outputPlaces(env)),
    forge,
    async [Symbol.asyncDispose]() {
      await repository[Symbol.asyncDispose]();
      await clusters[Symbol.asyncDispose]();
      await renderer[Symbol.asyncDispose]();
      await rm(temporary, { recursive: true, force: true });
    },
  };
}

function outputPlaces(env: WireRequest["env"]): Parameters<typeof createOutputs>[0] {
  const { GITHUB_OUTPUT: outputFile, GITHUB_STEP_SUMMARY: summaryFile, RUNNER_TEMP: runnerTemp } = env;
  return {
    ...(outputFile && { outputFile }),
    ...(summaryFile && { summaryFile }),
    folder: join(runnerTemp ?? tmpdir(), "plumbline"),
  };
}

function lazyRenderer({ env, workspace }: WireRequest, temporary: string): Renderer & AsyncDisposable {
  let renderer: Promise<Renderer & AsyncDisposable> | undefined;
  const create = async (): Promise<Renderer & AsyncDisposable> => {
    const [{ createRenderer }, { createTools }, { DOWNLOADS }] = await Promise.all([
      import("./render/renderer.ts"),
      import("./render/tools.ts"),
      import("./render/downloads.ts"),
    ]);
    const exec = createExec();
    const tools = createTools({
      exec,
      path: env["PATH"] ?? "",
      untrusted: [workspace, env["GITHUB_WORKSPACE"] ?? workspace],
      cache: env["RUNNER_TOOL_CACHE"] ?? join(env["HOME"] ?? tmpdir(), ".cache", "plumbline", "tools"),
      downloads: DOWNLOADS,
      platform: `${process.platform}-${process.arch}`,
    });
    return createRenderer({ exec, node: process.execPath, program: rendererProgram(), tools, temporary });
  };
  const created = (): Promise<Renderer & AsyncDisposable> => (renderer ??= create());
  return {
    // An import that fails is told to whoever renders.
    prepare: () =>
      void created().then(
        (one) => one.prepare(),
        () => undefined,
      ),
    render: async (request, signal) => (await created()).render(request, signal),
    renderBoth: async (requests, signal) => (await created()).renderBoth(requests, signal),
    [Symbol.asyncDispose]: async () => (await renderer?.catch(() => undefined))?.[Symbol.asyncDispose](),
  };
}

/** The child's entry lies beside the bundle's entries; run from source it is the source. */
function rendererProgram(): string {
  const here = import.meta.filename;
  if (here.endsWith(".ts")) return join(import.meta.dirname, "renderer.ts");
  const isChunk = import.meta.dirname.endsWith("chunks");
  return join(import.meta.dirname, isChunk ? ".." : ".", "renderer.js");
}

interface ClusterTools {
  readonly masker: Masker;
  readonly clock: Clock;
  readonly repository: Repository;
}

function lazyClusters(request: WireRequest, tools: ClusterTools): Clusters & AsyncDisposable {
  const opened = new Map<string, Promise<OpenCluster>>();
  return {
    async open(place) {
      const key = JSON.stringify([place.context, place.systemNamespace]);
      const cluster = opened.get(key) ?? openCluster(place, request, tools);
      opened.set(key, cluster);
      return (await cluster).access;
    },
    async [Symbol.asyncDispose]() {
      for (const cluster of await Promise.allSettled(opened.values()))
        if (cluster.status === "fulfilled") await cluster.value.close();
    },
  };
}

interface OpenCluster {
  readonly access: ClusterAccess;
  close(): Promise<void>;
}

async function openCluster(
  { context, systemNamespace }: ClusterPlace,
  request: WireRequest,
  { masker, clock, repository }: ClusterTools,
): Promise<OpenCluster> {
  const [kube, { readOneDocument: readYaml }] = await Promise.all([
    import("./kube/access.ts"),
    import("./manifest/one-document.ts"),
  ]);
  const { env, kubeconfig, inCluster } = request;
  const isTracked = (file: string): Promise<boolean> => repository.tracks(file, AbortSignal.timeout(30_000));
  const learned: string[] = [];
  const learn = (secret: string): void => {
    masker.learn(secret);
    learned.push(secret);
  };
  const opened = await kube.openAccess(
    {
      env,
      isTracked,
      inCluster,
      learn,
      readYaml,
      ...(kubeconfig !== undefined && { kubeconfig }),
      ...(context !== undefined && { context }),
    },
    { systemNamespace, clock },
  );
  // A kubeconfig is structured, so the runner's own masking of the whole secret hides none of its parts.
  if (request.log === "github") await hideOnRunner(learned);
  return opened;
}

function lazyForge(github: GithubPlace | undefined, log: Log): () => Promise<Forge | undefined> {
  let forge: Promise<Forge> | undefined;
  return async () => {
    if (github === undefined) return undefined;
    forge ??= import("./github/forge.ts").then(({ createForge }) =>
      createForge({ ...github, userAgent: "plumbline", log }),
    );
    return forge;
  };
}
