import { onTestFinished } from "vitest";
import { connect } from "../../src/kube/connect.ts";
import { readOneDocument } from "../../src/manifest/one-document.ts";
import { createTransport, type Transport } from "../../src/kube/transport.ts";
import type { Clock } from "../../src/ports.ts";
import { cluster, kubectl } from "../cluster/cluster.ts";
import { jumpingClock } from "./clocks.ts";

/** Speaks to the shared API server as its administrator. */
export async function adminTransport(clock: Clock = jumpingClock()): Promise<Transport> {
  return closing(
    createTransport(await connect({ kubeconfig: cluster().kubeconfig, env: {}, readYaml: readOneDocument }), { clock }),
  );
}

/** Speaks as a ServiceAccount of the namespace that may only do these verbs on these resources. */
export async function limitedTransport(namespace: string, verbs: string, resources: string): Promise<Transport> {
  await kubectl(["create", "serviceaccount", "limited", "-n", namespace]);
  await kubectl(["create", "role", "limited", "-n", namespace, `--verb=${verbs}`, `--resource=${resources}`]);
  await kubectl([
    "create",
    "rolebinding",
    "limited",
    "-n",
    namespace,
    "--role=limited",
    `--serviceaccount=${namespace}:limited`,
  ]);
  const token = (await kubectl(["create", "token", "limited", "-n", namespace])).trim();
  const { server, caFile } = cluster();
  const kubeconfig = JSON.stringify({
    "current-context": "limited",
    contexts: [{ name: "limited", context: { cluster: "it", user: "limited" } }],
    clusters: [{ name: "it", cluster: { server, "certificate-authority": caFile } }],
    users: [{ name: "limited", user: { token } }],
  });
  return closing(
    createTransport(await connect({ kubeconfig, env: {}, readYaml: readOneDocument }), { clock: jumpingClock() }),
  );
}

function closing(transport: Transport): Transport {
  onTestFinished(() => transport[Symbol.asyncDispose]());
  return transport;
}
