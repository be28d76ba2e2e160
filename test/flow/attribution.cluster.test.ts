import { describe, expect, test } from "vitest";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";
import { changeLines, driftLines, engine, problemCodes } from "./engine.ts";

const service = (targetPort: number, more = ""): string => `
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports:
    - port: 80
      targetPort: ${targetPort}${more}
`;

const deployment = (replicas: string, image = "a:1"): string => `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: ${image}
          ports: [{containerPort: 8080}]
`;

async function patch(namespace: string, object: string, body: unknown, type = "merge"): Promise<void> {
  await kubectl(["-n", namespace, "patch", ...object.split("/"), `--type=${type}`, "-p", JSON.stringify(body)]);
}

describe("a live change is told", () => {
  test("in a port whose protocol Git leaves to the server", async () => {
    const namespace = await freshNamespace();
    const { apply, drift, plan } = await engine({ namespace });
    await apply(service(8080));
    await patch(namespace, "service/web", [{ op: "replace", path: "/spec/ports/0/targetPort", value: 9090 }], "json");
    expect(driftLines(await drift(service(8080)))).toEqual([
      "changed Service web spec.ports[port=80,protocol=TCP].targetPort: 8080, live 9090, reverted",
    ]);
    const { report } = await plan(service(8080), { base: service(8080) });
    expect(changeLines(report)).toEqual([
      "update Service web: drift spec.ports[port=80,protocol=TCP].targetPort 9090 -> 8080",
    ]);
  });

  test("in a port that somebody moved to another number", async () => {
    const namespace = await freshNamespace();
    const { apply, drift } = await engine({ namespace });
    await apply(deployment("replicas: 1"));
    const path = "/spec/template/spec/containers/0/ports/0/containerPort";
    await patch(namespace, "deployment/web", [{ op: "replace", path, value: 8081 }], "json");
    expect(driftLines(await drift(deployment("replicas: 1"))).map((line) => line.replace(/:.*/, ""))).toEqual([
      "changed Deployment web spec.template.spec.containers[name=web].ports[containerPort=8080,protocol=TCP]",
      "extra Deployment web spec.template.spec.containers[name=web].ports[containerPort=8081,protocol=TCP]",
    ]);
  });

  test("as nothing extra when somebody writes into an item that Git declares", async () => {
    const namespace = await freshNamespace();
    const { apply, drift } = await engine({ namespace });
    await apply(service(8080));
    await kubectl(["-n", namespace, "apply", "--server-side", "--field-manager=other", "-f", "-"], {
      input: `{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80, targetPort: 8080, appProtocol: http}]}}`,
    });
    expect(driftLines(await drift(service(8080)))).toEqual([
      `extra Service web spec.ports[port=80,protocol=TCP].appProtocol: -, live "http", kept`,
    ]);
  });
});

describe("what merging does to drift", () => {
  test("is told as kept, when the pull request takes the live value over", async () => {
    const namespace = await freshNamespace();
    const { apply, plan } = await engine({ namespace });
    await apply(deployment("replicas: 1"));
    await kubectl(["-n", namespace, "scale", "deployment", "web", "--replicas=3"]);
    const { report } = await plan(deployment("replicas: 3"), { base: deployment("replicas: 1") });
    expect(driftLines(report)).toEqual(["changed Deployment web spec.replicas: 1, live 3, kept"]);
  });

  test("is told as kept, when the pull request stops declaring the field that somebody else took", async () => {
    const namespace = await freshNamespace();
    const { apply, plan } = await engine({ namespace });
    await apply(deployment("replicas: 1"));
    await kubectl(["-n", namespace, "scale", "deployment", "web", "--replicas=3"]);
    const { report } = await plan(deployment("paused: false"), { base: deployment("replicas: 1") });
    expect(driftLines(report)).toEqual(["changed Deployment web spec.replicas: 1, live 3, kept"]);
  });

  test("is told as reverted, when the pull request leaves the field alone", async () => {
    const namespace = await freshNamespace();
    const { apply, plan } = await engine({ namespace });
    await apply(deployment("replicas: 1"));
    await kubectl(["-n", namespace, "scale", "deployment", "web", "--replicas=3"]);
    const { report } = await plan(deployment("replicas: 1", "a:2"), { base: deployment("replicas: 1") });
    expect(driftLines(report)).toEqual(["changed Deployment web spec.replicas: 1, live 3, reverted"]);
    expect(changeLines(report)).toEqual([
      `update Deployment web: drift spec.replicas 3 -> 1; pull-request spec.template.spec.containers[name=web].image "a:1" -> "a:2"`,
    ]);
  });
});

test("a base that the server refuses does not turn drift into the pull request's work", async () => {
  const namespace = await freshNamespace();
  const { apply, plan } = await engine({ namespace });
  await apply(deployment("replicas: 1"));
  await kubectl(["-n", namespace, "scale", "deployment", "web", "--replicas=3"]);
  const { report } = await plan(deployment("replicas: 1", "a:2"), { base: deployment("replicas: 1\n  nope: 1") });
  expect(changeLines(report)).toEqual([
    `update Deployment web: drift spec.replicas 3 -> 1; pull-request spec.template.spec.containers[name=web].image "a:1" -> "a:2"`,
  ]);
});

test("a field that the pull request no longer declares is its own change", async () => {
  const namespace = await freshNamespace();
  const { apply, plan } = await engine({ namespace });
  await apply(deployment("minReadySeconds: 5"));
  const { report } = await plan(deployment("paused: false"), { base: deployment("minReadySeconds: 5") });
  expect(changeLines(report)).toEqual(["update Deployment web: pull-request spec.minReadySeconds 5 -> -"]);
});

test("an object that somebody else made before the merge is not taken, and its content is not shown", async () => {
  const namespace = await freshNamespace();
  const { plan, apply } = await engine({ namespace });
  const config = `{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: mine}}`;
  await kubectl(["-n", namespace, "create", "cm", "a", "--from-literal=k=canary-of-somebody"]);
  const { report } = await plan(config, { base: "" });
  expect(problemCodes(report)).toEqual(["blocker owned-by-another"]);
  expect(JSON.stringify(report)).not.toContain("canary");
  expect((await apply(config)).result).toBe("blocked");
  const adopting = await plan(config, { base: "", adopt: true });
  expect(changeLines(adopting.report)).toEqual([
    `update ConfigMap a: pull-request data.k "canary-of-somebody" -> "mine"`,
  ]);
  expect(JSON.stringify((await plan("", { base: config })).report)).not.toContain("canary");
});

test("a move between namespaces is a deletion and a creation, both of the pull request", async () => {
  const [from, to] = [await freshNamespace(), await freshNamespace()];
  const { apply, plan } = await engine({ namespace: from });
  const config = (namespace: string): string =>
    `{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: ${namespace}}, data: {k: "1"}}`;
  await apply(config(from));
  const { report } = await plan(config(to), { base: config(from) });
  expect(changeLines(report).toSorted()).toEqual(["create ConfigMap a", "delete ConfigMap a"]);
  expect(driftLines(report)).toEqual([]);
  expect((await apply(config(to), { base: config(from) })).result).toBe("applied");
  expect(await kubectl(["-n", from, "get", "cm", "a", "--ignore-not-found", "-o", "name"])).toBe("");
});

test("another namespace for objects that name none moves them, and is no drift", async () => {
  const [from, to] = [await freshNamespace(), await freshNamespace()];
  const { apply, plan } = await engine({ namespace: from });
  const config = `{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: "1"}}`;
  await apply(config);
  const { report } = await plan(config, { base: config, namespace: to, baseNamespace: from });
  expect(changeLines(report).toSorted()).toEqual(["create ConfigMap a", "delete ConfigMap a"]);
  expect(driftLines(report)).toEqual([]);
});

test("an upgrade of the API version alone changes nothing and is no drift", async () => {
  const namespace = await freshNamespace();
  const { apply, plan } = await engine({ namespace });
  const scaler = (version: string, metric: string): string => `
---
apiVersion: autoscaling/${version}
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 5
  ${metric}
`;
  const [old, now] = [
    scaler("v1", "targetCPUUtilizationPercentage: 80"),
    scaler(
      "v2",
      "metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]",
    ),
  ];
  await apply(old);
  const { report } = await plan(now, { base: old });
  expect(driftLines(report)).toEqual([]);
  expect(report.problems).toEqual([]);
  await apply(now, { base: old });
  expect(changeLines((await plan(now, { base: now })).report)).toEqual([]);
});
