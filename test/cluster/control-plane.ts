import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { apiOf } from "./api.ts";
import type { Api } from "./api.ts";
import { caFile, etcdLaunch, newLayout, serverLaunch, serverUrl, writeServerFiles } from "./api-server.ts";
import type { Layout } from "./api-server.ts";
import { provideBinaries } from "./binaries.ts";
import { startControllers } from "./controllers.ts";
import { newCrew } from "./crew.ts";
import type { Crew } from "./crew.ts";
import { kubeconfigText } from "./kubeconfig.ts";
import type { Program } from "./program.ts";
import type { ToolPaths } from "./tool.ts";
import { ADMIN, withTokens } from "./user.ts";
import type { KnownUser, User } from "./user.ts";
import { wait } from "./wait.ts";

export interface ControlPlaneOptions {
  /** The programs. Default: found, built or downloaded as the environment allows. */
  readonly tools?: ToolPaths;
  /** Users besides `admin`; they may do what RBAC grants their name and groups. Default: none. */
  readonly users?: readonly User[];
  /** More flags of kube-apiserver, each `--name=value`; one of the same name replaces ours. Default: none. */
  readonly serverFlags?: readonly string[];
  /** Whether anything acts on objects: `false` starts etcd and the API server only. Default: true. */
  readonly controllers?: boolean;
  /** Hears what is going on, line by line. Default: standard error. */
  readonly say?: (line: string) => void;
}

/** A real Kubernetes control plane of our own on 127.0.0.1, without machines: pods run on paper. */
export interface ControlPlane extends AsyncDisposable {
  /** `https://127.0.0.1:<port>`; the same after a restart. */
  readonly server: string;
  readonly caFile: string;
  /** Absolute path of the admin's kubeconfig. */
  readonly kubeconfig: string;
  readonly tools: ToolPaths;
  /** Absolute folder of data and logs; gone after dispose. */
  readonly folder: string;
  /** The processes that live now, by name. */
  pids(): Readonly<Record<string, number>>;
  /** The bearer token of `admin` or of one of `options.users`; throws for anybody else. */
  tokenFor(user: string): string;
  /** Writes a kubeconfig for that user and returns its absolute path. */
  kubeconfigFor(user: string): Promise<string>;
  /** Ends the API server, by default as a crash does (SIGTERM waits up to a minute for open watches); the data stays. */
  stopServer(signal?: NodeJS.Signals): Promise<void>;
  /** Starts the stopped API server on the same port; resolves once it is ready. */
  startServer(): Promise<void>;
}

/** Starts a control plane; throws with the last lines of the program at fault, and then leaves nothing behind. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const say = options.say ?? ((line) => void process.stderr.write(`${line}\n`));
  const tools = options.tools ?? (await provideBinaries({ env: process.env, say }));
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryToStart({ ...options, tools, say });
    } catch (error) {
      // Between finding a free port and using it, somebody else took it.
      if (attempt === 3 || !/address already in use/.test(String(error))) throw error;
    }
  }
}

type Settled = ControlPlaneOptions & Required<Pick<ControlPlaneOptions, "tools" | "say">>;

async function tryToStart({
  tools,
  say,
  users = [],
  serverFlags = [],
  controllers = true,
}: Settled): Promise<ControlPlane> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "plumbline-control-plane-"));
  const onLoss = ({ name }: Program): void => say(`control plane: ${name} ended by itself`);
  const crew = stack.use(newCrew({ folder, onLoss }));
  const layout = await newLayout(tools, folder);
  const known = withTokens([ADMIN, ...users]);
  await writeServerFiles(layout, known);

  const etcd = crew.start(etcdLaunch(layout));
  const api = apiOf({ server: serverUrl(layout), caFile: caFile(layout), token: tokenOf(known, ADMIN.name) });
  const startServer = (): Promise<Program> => startReadyServer(layout, { crew, etcd, api, serverFlags });
  let server = await startServer();
  const kubeconfigFor = (user: string): Promise<string> => writeKubeconfig(layout, user, tokenOf(known, user));
  const kubeconfig = await kubeconfigFor(ADMIN.name);
  if (controllers) await startControllers(layout, { kubeconfig, crew, api });

  const owned = stack.move();
  return {
    server: serverUrl(layout),
    caFile: caFile(layout),
    kubeconfig,
    tools,
    folder,
    pids: () => Object.fromEntries(crew.members().map(({ name, pid }) => [name, pid])),
    tokenFor: (user) => tokenOf(known, user),
    kubeconfigFor,
    stopServer: (signal = "SIGKILL") => server.end(signal),
    async startServer() {
      if (server.isAlive()) throw new Error("kube-apiserver: still runs; stop it first");
      server = await startServer();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface ServerStart {
  readonly crew: Crew;
  readonly etcd: Program;
  readonly api: Api;
  readonly serverFlags: readonly string[];
}

async function startReadyServer(layout: Layout, { crew, etcd, api, serverFlags }: ServerStart): Promise<Program> {
  const server = crew.start(serverLaunch(layout, serverFlags));
  const isReady = async (): Promise<boolean> => (await api.call("GET", "/readyz")).status === 200;
  await wait({ what: "kube-apiserver ready", within: 120_000, of: [etcd, server], until: isReady });
  return server;
}

async function writeKubeconfig(layout: Layout, user: string, token: string): Promise<string> {
  const file = join(layout.folder, `${encodeURIComponent(user)}.kubeconfig`);
  const parts = { server: serverUrl(layout), caFile: caFile(layout), user, token };
  await writeFile(file, kubeconfigText(parts), { mode: 0o600 });
  return file;
}

function tokenOf(users: readonly KnownUser[], name: string): string {
  const user = users.find((candidate) => candidate.name === name);
  if (user !== undefined) return user.token;
  throw new Error(`user ${name}: not known to the API server; name it in the option users`);
}
