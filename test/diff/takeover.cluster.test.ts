import { expect, test } from "vitest";
import { formatPath } from "../../src/model/path.ts";
import { takeovers } from "../../src/diff/takeover.ts";
import { apiOf } from "../cluster/api.ts";
import { cluster, freshNamespace, kubectl } from "../cluster/cluster.ts";
import { yml } from "../support/yml.ts";
import { adminCluster, liveObject } from "./live.ts";

test("what is taken from others is what the server names as conflicts", async () => {
  const namespace = await freshNamespace();
  const deployment = (own: string): ReturnType<typeof yml> => yml`
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: ${namespace}, annotations: {note: ${own}, same: shared}}
    spec:
      replicas: 3
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          nodeSelector: {disk: ${own}}
          containers:
            - name: web
              image: web:1
              args: [${own}]
              env: [{name: A, value: ${own}}, {name: B, value: same}]
              ports: [{containerPort: 80, name: ${own}}]
              resources: {requests: {cpu: 100m}}
          tolerations: [{key: ${own}, operator: Exists}]`;
  const desired = deployment("git");
  const object = await liveObject(await adminCluster(), desired);
  await object.apply(desired);
  const others = ["apply", "--server-side", "--force-conflicts", "--field-manager=kustomize-controller", "-f", "-"];
  await kubectl(others, { input: JSON.stringify(deployment("theirs")) });
  await kubectl(["-n", namespace, "set", "image", "deployment/web", "web=web:2"]);
  await kubectl(["-n", namespace, "scale", "deployment/web", "--replicas=5"]);

  const found = takeovers(desired, await object.read()).map(({ path, by }) => `${by.manager} ${formatPath(path)}`);
  expect(found.toSorted()).toEqual((await conflicts(namespace, desired)).toSorted());
  expect(found).toHaveLength(8);
});

/** As the server names them when an apply may not take anything. */
async function conflicts(namespace: string, desired: object): Promise<readonly string[]> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/web?fieldManager=plumbline&force=false&dryRun=All`;
  const body = { type: "application/apply-patch+yaml", value: desired };
  const { text } = await apiOf(cluster()).call("PATCH", path, body);
  const { details } = JSON.parse(text) as {
    readonly details: { readonly causes: readonly { readonly message: string; readonly field: string }[] };
  };
  return details.causes.map(({ message, field }) => {
    const manager = /"([^"]*)"/.exec(message)?.[1] ?? "";
    return `${manager} ${field
      .slice(1)
      .replaceAll('="', "=")
      .replaceAll(/"([\],])/g, "$1")}`;
  });
}
