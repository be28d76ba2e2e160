import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { pinnedVersions } from "./cache-folder.ts";
import { cluster, freshAccount, freshNamespace, kubectl } from "./cluster.ts";

const run = promisify(execFile);

test("the renderers and kubectl say the versions that are pinned", async () => {
  const { tools } = cluster();
  const { kubernetes, kustomize, helm } = pinnedVersions();
  expect((await run(tools.kubectl, ["version", "--client"])).stdout).toContain(`Client Version: ${kubernetes}\n`);
  expect((await run(tools.kustomize, ["version"])).stdout).toBe(`${kustomize}\n`);
  expect((await run(tools.helm, ["version", "--template", "{{.Version}}"])).stdout).toBe(helm);
});

test("the API server says the version that is pinned", async () => {
  const { serverVersion } = JSON.parse(await kubectl(["version", "--output=json"])) as {
    readonly serverVersion: { readonly gitVersion: string; readonly minor: string };
  };
  const { kubernetes } = pinnedVersions();
  expect(serverVersion.gitVersion).toBe(kubernetes);
  expect(serverVersion.minor).toBe(kubernetes.split(".")[1]);
});

test("a fresh namespace is another one each time and complete", async () => {
  const [one, two] = await Promise.all([freshNamespace(), freshNamespace()]);
  expect(one).not.toBe(two);
  const names = await kubectl(["-n", one, "get", "configmaps,serviceaccounts", "--output=name"]);
  expect(names).toBe("configmap/kube-root-ca.crt\nserviceaccount/default\n");
  // A bare Pod is refused until the service account is there.
  await kubectl(["-n", one, "run", "bare", "--image=bare:1"]);
});

test("kubectl reads its standard input, and its errors are told", async () => {
  const namespace = await freshNamespace();
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data: { key: "ü" } };
  await kubectl(["-n", namespace, "create", "-f", "-"], { input: JSON.stringify(object) });
  expect(await kubectl(["-n", namespace, "get", "cm/settings", "-o=jsonpath={.data.key}"])).toBe("ü");
  await expect(kubectl(["-n", namespace, "get", "cm/absent"])).rejects.toThrow(
    `kubectl -n ${namespace} get cm/absent: ended with 1\nError from server (NotFound): configmaps "absent" not found`,
  );
});

test("a user may do nothing until a role is bound to its name or group", async () => {
  const namespace = await freshNamespace();
  const kubeconfig = cluster().kubeconfigFor("developer");
  const list = ["-n", namespace, "get", "configmaps", "--output=name"];
  await expect(kubectl(list, { kubeconfig })).rejects.toThrow(/Forbidden.*User "developer" cannot list/);
  await kubectl(["-n", namespace, "create", "rolebinding", "readers", "--clusterrole=view", "--group=developers"]);
  await expect.poll(() => kubectl(list, { kubeconfig }).catch(String), { timeout: 30_000 }).toContain("configmap/");
  const stranger = { kubeconfig: cluster().kubeconfigFor("stranger") };
  await expect(kubectl(list, stranger)).rejects.toThrow(/Forbidden.*User "stranger" cannot list/);
});

test("a fresh account may do what is granted and nothing else", async () => {
  const namespace = await freshNamespace();
  const kubeconfig = await freshAccount(namespace, ["get,list configmaps", "get deployments.apps"]);
  const list = (resource: string): Promise<string> => kubectl(["get", resource, "--output=name"], { kubeconfig });
  expect(await list("configmaps")).toBe("configmap/kube-root-ca.crt\n");
  await expect(list("secrets")).rejects.toThrow(/Forbidden/);
  await expect(list("deployments")).rejects.toThrow(/Forbidden/);
});
