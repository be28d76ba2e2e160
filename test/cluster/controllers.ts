import { join } from "node:path";

import type { Api } from "./api.ts";
import { caFile } from "./api-server.ts";
import type { Layout } from "./api-server.ts";
import type { Crew } from "./crew.ts";
import type { Launch } from "./program.ts";
import { wait } from "./wait.ts";

/** The one node. It has no machine: kwok reports what its pods would do. */
export const NODE = "fake-node";

/** Starts what makes objects happen: controller manager, scheduler and kwok with its node; resolves once pods would run. */
export async function startControllers(
  layout: Layout,
  { kubeconfig, crew, api }: { readonly kubeconfig: string; readonly crew: Crew; readonly api: Api },
): Promise<void> {
  const programs = [managerLaunch, schedulerLaunch, kwokLaunch].map((launch) => crew.start(launch(layout, kubeconfig)));
  await wait({ what: `Node ${NODE} created`, within: 60_000, of: programs, until: () => createNode(api) });
  await wait({ what: `Node ${NODE} ready`, within: 60_000, of: programs, until: () => isNodeReady(api) });
  await wait({ what: "ServiceAccount default/default", within: 60_000, of: programs, until: () => hasAccount(api) });
}

function managerLaunch(layout: Layout, kubeconfig: string): Launch {
  return launchOf(layout, "kube-controller-manager", [
    `--kubeconfig=${kubeconfig}`,
    "--leader-elect=false",
    // Nobody else looks at the node's health, and the fake node needs no addresses of its own.
    "--controllers=*,-node-lifecycle-controller,-node-ipam-controller",
    `--root-ca-file=${caFile(layout)}`,
    `--service-account-private-key-file=${join(layout.folder, "accounts.key")}`,
    "--secure-port=0",
    // The defaults make twenty rollouts at once wait four seconds for their turn.
    "--kube-api-qps=500",
    "--kube-api-burst=1000",
  ]);
}

function schedulerLaunch(layout: Layout, kubeconfig: string): Launch {
  return launchOf(layout, "kube-scheduler", [
    `--kubeconfig=${kubeconfig}`,
    "--leader-elect=false",
    "--secure-port=0",
    "--kube-api-qps=500",
    "--kube-api-burst=1000",
  ]);
}

function kwokLaunch(layout: Layout, kubeconfig: string): Launch {
  const stages = join(import.meta.dirname, "stages");
  return launchOf(layout, "kwok", [
    `--kubeconfig=${kubeconfig}`,
    `--config=${join(stages, "node.yaml")}`,
    `--config=${join(stages, "pod.yaml")}`,
    "--manage-all-nodes=false",
    "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
    "--node-ip=10.1.0.1",
    "--cidr=10.2.0.0/16",
  ]);
}

function launchOf(
  { tools, folder }: Layout,
  tool: "kube-controller-manager" | "kube-scheduler" | "kwok",
  args: readonly string[],
): Launch {
  return { file: tools[tool], args, cwd: folder, log: join(folder, `${tool}.log`) };
}

/**
 * Admission taints every new node not-ready, and the controller that would take the taint away is off, so it is taken
 * away here. An unready node would be skipped by the scheduler for its condition all the same.
 */
async function createNode(api: Api): Promise<boolean> {
  const capacity = { cpu: "1000", memory: "1Ti", pods: "10000" };
  const node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: NODE,
      labels: { "kubernetes.io/hostname": NODE, "kubernetes.io/os": "linux" },
      annotations: { "kwok.x-k8s.io/node": "fake" },
    },
    status: { capacity, allocatable: capacity },
  };
  const created = await api.call("POST", "/api/v1/nodes", { type: "application/json", value: node });
  if (created.status !== 201 && created.status !== 409) return false;
  const untaint = { spec: { taints: null } };
  const untainted = await api.call("PATCH", `/api/v1/nodes/${NODE}`, {
    type: "application/merge-patch+json",
    value: untaint,
  });
  return untainted.status === 200;
}

async function isNodeReady(api: Api): Promise<boolean> {
  const { status, text } = await api.call("GET", `/api/v1/nodes/${NODE}`);
  if (status !== 200) return false;
  const node = JSON.parse(text) as {
    readonly spec: { readonly taints?: unknown };
    readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  };
  const ready = node.status.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True");
  return ready === true && node.spec.taints === undefined;
}

async function hasAccount(api: Api): Promise<boolean> {
  const { status } = await api.call("GET", "/api/v1/namespaces/default/serviceaccounts/default");
  return status === 200;
}
