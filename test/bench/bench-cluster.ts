import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { apiOf, type Api } from "../cluster/api.ts";
import { startControlPlane, type ControlPlane } from "../cluster/control-plane.ts";
import { kubeconfigText } from "../cluster/kubeconfig.ts";
import { startDelayProxy } from "./delay-proxy.ts";
import { COLLECTIONS, namespacesOf } from "./mix.ts";
import type { MeteredServer } from "./server-meter.ts";

/** How a contender reaches the API server. */
export interface Way {
  /** Milliseconds. */
  readonly roundTrip: number;
  readonly server: string;
  readonly kubeconfig: string;
}

/** A control plane without controllers, and an account that may do everything and is treated as everybody is. */
export interface BenchCluster extends AsyncDisposable {
  readonly metered: MeteredServer;
  readonly caFile: string;
  /** The contenders' bearer token. */
  readonly token: string;
  readonly kubectl: string;
  /** Straight for 0 milliseconds, else through a delay proxy. */
  way(roundTrip: number): Promise<Way>;
  /** Makes the namespaces of a prefix. */
  open(prefix: string): Promise<void>;
  /** Removes all objects of the mix from the namespaces of a prefix. */
  clear(prefix: string): Promise<void>;
}

const ACCOUNT = "deployer";

/** Starts a cluster for a bench; `flags` are more flags of kube-apiserver. */
export async function startBenchCluster(flags: readonly string[] = []): Promise<BenchCluster> {
  await using stack = new AsyncDisposableStack();
  const plane = stack.use(
    await startControlPlane({ controllers: false, users: [{ name: ACCOUNT, groups: [] }], serverFlags: flags }),
  );
  const { server, caFile, tools } = plane;
  const token = plane.tokenFor(ACCOUNT);
  const api = apiOf({ server, caFile, token: plane.tokenFor("admin") });
  await create(api, "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", BINDING);
  const ways = new Map<number, Promise<Way>>();
  const newWay = (roundTrip: number): Promise<Way> => openWay(plane, { roundTrip, stack: owned });
  const owned = stack.move();
  return {
    metered: { api, pid: serverPid(plane) },
    caFile,
    token,
    kubectl: tools.kubectl,
    way(roundTrip) {
      const way = ways.get(roundTrip) ?? newWay(roundTrip);
      ways.set(roundTrip, way);
      return way;
    },
    async open(prefix) {
      for (const name of namespacesOf(prefix))
        await create(api, "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
    },
    async clear(prefix) {
      for (const namespace of namespacesOf(prefix))
        for (const collection of COLLECTIONS)
          await api.call("DELETE", `${collection.api}/namespaces/${namespace}/${collection.plural}`);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const BINDING = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: ACCOUNT },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
  subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: ACCOUNT }],
};

async function create(api: Api, path: string, value: object): Promise<void> {
  const { status, text } = await api.call("POST", path, { type: "application/json", value });
  if (status !== 201) throw new Error(`${path}: creating was answered ${status}: ${text}`);
}

function serverPid(plane: ControlPlane): number {
  const pid = plane.pids()["kube-apiserver"];
  if (pid === undefined) throw new Error("kube-apiserver: ended by itself; see the lines above");
  return pid;
}

interface WayOptions {
  readonly roundTrip: number;
  readonly stack: AsyncDisposableStack;
}

async function openWay(plane: ControlPlane, { roundTrip, stack }: WayOptions): Promise<Way> {
  const to = Number(new URL(plane.server).port);
  const port = roundTrip === 0 ? to : stack.use(await startDelayProxy({ to, roundTrip })).port;
  const server = `https://127.0.0.1:${port}`;
  const kubeconfig = join(plane.folder, `${ACCOUNT}-${roundTrip}.kubeconfig`);
  const text = kubeconfigText({ server, caFile: plane.caFile, user: ACCOUNT, token: plane.tokenFor(ACCOUNT) });
  await writeFile(kubeconfig, text, { mode: 0o600 });
  return { roundTrip, server, kubeconfig };
}
