import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { setId } from "../../src/kube/apply-set.ts";
import { createInventories } from "../../src/kube/inventory.ts";
import type { Inventory } from "../../src/model/inventory.ts";
import type { Inventories } from "../../src/ports.ts";
import { cluster, freshNamespace, kubectl } from "../cluster/cluster.ts";
import { QUIET } from "./loopback.ts";
import { adminTransport, limitedTransport } from "./real-transport.ts";

const target = { environment: "production", app: "web" };
const NAME = "plumbline.production.web";

async function inventories(namespace: string): Promise<Inventories> {
  return createInventories(await adminTransport(), { namespace });
}

function inventory(namespace: string, commit = "c0ffee"): Inventory {
  return {
    id: setId(target, namespace),
    kinds: [
      { group: "", kind: "ConfigMap" },
      { group: "apps", kind: "Deployment" },
    ],
    namespaces: ["shop", namespace].toSorted(),
    repository: { id: "42", name: "acme/shop" },
    applied: { commit, digest: "sha256:1", time: "2026-11-20T10:00:00Z" },
  };
}

test("is absent, then as it was written, in a namespace that it makes", async () => {
  const namespace = `${await freshNamespace()}-system`;
  const ours = await inventories(namespace);
  expect(await ours.read(target, QUIET)).toBeUndefined();
  await ours.write(target, inventory(namespace), QUIET);
  expect(await (await inventories(namespace)).read(target, QUIET)).toEqual(inventory(namespace));
  await ours.write(target, { ...inventory(namespace, "decaf"), kinds: [] }, QUIET);
  expect(await ours.read(target, QUIET)).toEqual({ ...inventory(namespace, "decaf"), kinds: [] });
  await kubectl(["delete", "namespace", namespace, "--wait=false"]);
});

test("a writer that did not see the last write changes nothing", async () => {
  const namespace = await freshNamespace();
  const [first, second] = [await inventories(namespace), await inventories(namespace)];
  await first.write(target, inventory(namespace, "one"), QUIET);
  await second.read(target, QUIET);
  await first.write(target, inventory(namespace, "two"), QUIET);
  await expect(second.write(target, inventory(namespace, "three"), QUIET)).rejects.toMatchObject({
    code: "lock-lost",
    message: "production/web: its inventory was not written, another run changed it meanwhile",
  });
  expect((await first.read(target, QUIET))?.applied?.commit).toBe("two");
});

test("two first writers: one of them is told", async () => {
  const namespace = await freshNamespace();
  const both = [await inventories(namespace), await inventories(namespace)];
  await Promise.all(both.map((writer) => writer.read(target, QUIET)));
  const outcomes = await Promise.allSettled(
    both.map((writer, index) => writer.write(target, inventory(namespace, `${index}`), QUIET)),
  );
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
});

test("kubectl's own ApplySet code understands it, and refuses to touch it because it is ours", async () => {
  const namespace = await freshNamespace();
  const kinds = [{ group: "", kind: "ConfigMap" }];
  await (await inventories(namespace)).write(target, { ...inventory(namespace), kinds, namespaces: [] }, QUIET);
  await expect(pruneWithKubectl(namespace)).rejects.toThrow('is managed by tooling "plumbline" instead of "kubectl"');
  // With the tool's name out of the way, everything else must be as kubectl wants it.
  const tooling = "applyset.kubernetes.io/tooling=kubectl/v1.0.0";
  await kubectl(["annotate", "configmap", NAME, "-n", namespace, "--overwrite", tooling]);
  await kubectl(["create", "configmap", "member", "-n", namespace]);
  await kubectl([
    "label",
    "configmap",
    "member",
    "-n",
    namespace,
    `applyset.kubernetes.io/part-of=${setId(target, namespace)}`,
  ]);
  expect(await pruneWithKubectl(namespace)).toContain("configmap/member pruned");
});

/** Applies one Service as the whole set, so that every other member is pruned. */
async function pruneWithKubectl(namespace: string): Promise<string> {
  const { tools, kubeconfig } = cluster();
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "kept", namespace },
    spec: { ports: [{ port: 80 }] },
  };
  const set = ["--server-side", "--prune", `--applyset=configmaps/${NAME}`, "-n", namespace];
  const env = { KUBECONFIG: kubeconfig, KUBECTL_APPLYSET: "true", HOME: "/nonexistent" };
  const running = promisify(execFile)(tools.kubectl, ["apply", "-f", "-", ...set], { env });
  running.child.stdin?.end(JSON.stringify(service));
  return (await running).stdout;
}

test("a ConfigMap of that name that we did not write is left alone", async () => {
  const namespace = await freshNamespace();
  await kubectl(["create", "configmap", NAME, "-n", namespace, "--from-literal=a=1"]);
  const ours = await inventories(namespace);
  const failure = {
    code: "cluster-error",
    message: `ConfigMap ${namespace}/${NAME}: exists, but is no inventory of this target`,
  };
  await expect(ours.read(target, QUIET)).rejects.toMatchObject(failure);
  await expect(ours.write(target, inventory(namespace), QUIET)).rejects.toMatchObject(failure);
});

test("forbidden is a failure, never an absent inventory", async () => {
  const namespace = await freshNamespace();
  const limited = createInventories(await limitedTransport(namespace, "list", "configmaps"), { namespace });
  await expect(limited.read(target, QUIET)).rejects.toMatchObject({
    code: "cluster-forbidden",
    message: `get configmaps ${NAME} in namespace ${namespace}: forbidden`,
  });
});

test("what cannot be made because the namespace is missing and may not be made says so", async () => {
  const namespace = await freshNamespace();
  await kubectl([
    "create",
    "clusterrolebinding",
    namespace,
    "--clusterrole=edit",
    `--serviceaccount=${namespace}:limited`,
  ]);
  const limited = createInventories(await limitedTransport(namespace, "get", "configmaps"), {
    namespace: `${namespace}-system`,
  });
  await expect(limited.write(target, inventory(namespace), QUIET)).rejects.toMatchObject({
    code: "cluster-forbidden",
    message: `create namespaces ${namespace}-system: forbidden`,
  });
  await kubectl(["delete", "clusterrolebinding", namespace]);
});
