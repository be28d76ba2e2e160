import { describe, expect, test } from "vitest";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";
import { parsePath } from "../../src/model/path-text.ts";
import type { IgnoreRule } from "../../src/model/ignore-rule.ts";
import type { Path } from "../../src/model/path.ts";
import { changeLines, driftLines, engine, problemCodes } from "./engine.ts";

const deployment = (replicas: string, more = ""): string => `
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web}
  spec:
    ${replicas}
    selector: {matchLabels: {app: web}}
    template:
      metadata: {labels: {app: web}}
      spec: {containers: [{name: app, image: nginx:1.27}]}
  ${more}
`;

const autoscaler = `
  ---
  apiVersion: autoscaling/v2
  kind: HorizontalPodAutoscaler
  metadata: {name: web}
  spec:
    scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
    minReplicas: 1
    maxReplicas: 5
`;

const replicasOf = (namespace: string): Promise<string> =>
  kubectl(["-n", namespace, "get", "deployment", "web", "-o", "jsonpath={.spec.replicas}"]);

function rule(kind: string, path: string): IgnoreRule {
  return { kind, paths: [parsePath(path) as Path] };
}

describe("the number of pods of a workload", () => {
  test("stays as it is when an autoscaler comes, though Git dropped the number that was ours alone", async () => {
    const namespace = await freshNamespace();
    const { plan, apply } = await engine({ namespace });
    await apply(deployment("replicas: 3"), { wait: false });
    const { report } = await plan(deployment("") + autoscaler, { base: deployment("replicas: 3") });
    expect(changeLines(report)).toEqual(["create HorizontalPodAutoscaler web"]);
    expect((await apply(deployment("") + autoscaler, { wait: false })).result).toBe("applied");
    expect(await replicasOf(namespace)).toBe("3");
  });

  test("is the autoscaler's, whatever Git says, and a reader who changes it there is told", async () => {
    const namespace = await freshNamespace();
    const { plan, apply } = await engine({ namespace });
    await apply(deployment("replicas: 3") + autoscaler, { wait: false });
    await kubectl(["-n", namespace, "scale", "deployment", "web", "--replicas=4"]);
    const { report } = await plan(deployment("replicas: 2") + autoscaler, {
      base: deployment("replicas: 3") + autoscaler,
    });
    expect(changeLines(report)).toEqual([]);
    expect(driftLines(report)).toEqual([]);
    expect(problemCodes(report)).toEqual(["caution left-alone"]);
    expect(report.hidden.ignored).toBe(1);
    await apply(deployment("replicas: 2") + autoscaler, { wait: false });
    expect(await replicasOf(namespace)).toBe("4");
  });

  test("is Git's again when the autoscaler leaves with the same change", async () => {
    const namespace = await freshNamespace();
    const { plan, apply } = await engine({ namespace });
    await apply(deployment("replicas: 3") + autoscaler, { wait: false });
    const { report } = await plan(deployment("replicas: 2"), { base: deployment("replicas: 3") + autoscaler });
    expect(changeLines(report)).toEqual([
      "update Deployment web: pull-request spec.replicas 3 -> 2",
      "delete HorizontalPodAutoscaler web",
    ]);
  });
});

describe("a field under an ignore rule", () => {
  test("is neither planned, applied nor drifted, and is counted", async () => {
    const namespace = await freshNamespace();
    const { plan, apply, drift } = await engine({ namespace });
    const ignore = [rule("Deployment", "spec.template.spec.containers[name=app].image")];
    const text = deployment("replicas: 1");
    await apply(text, { wait: false });
    await kubectl(["-n", namespace, "set", "image", "deployment/web", "app=nginx:1.28"]);
    expect(driftLines(await drift(text))).toHaveLength(1);
    expect(driftLines(await drift(text, { ignore }))).toEqual([]);
    const { report } = await plan(text, { base: text, ignore });
    expect(changeLines(report)).toEqual([]);
    expect(report.hidden.ignored).toBe(1);
    await apply(text.replace("replicas: 1", "replicas: 2"), { wait: false, ignore });
    const image = "jsonpath={.spec.replicas} {.spec.template.spec.containers[0].image}";
    expect(await kubectl(["-n", namespace, "get", "deployment", "web", "-o", image])).toBe("2 nginx:1.28");
  });
});

describe("an object that somebody annotated live", () => {
  test("is left alone as a whole, not pruned, and said so", async () => {
    const namespace = await freshNamespace();
    const { plan, apply } = await engine({ namespace });
    const config = (value: string): string =>
      `{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: "${value}"}}`;
    await apply(config("1"));
    await kubectl(["-n", namespace, "annotate", "configmap", "a", "plumbline.dev/ignore=true"]);
    const { report } = await plan(config("2"), { base: config("1") });
    expect(changeLines(report)).toEqual([]);
    expect(problemCodes(report)).toEqual(["caution left-alone"]);
    const gone = (await plan(`{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}`, { base: config("1") })).report;
    expect(changeLines(gone)).toContain("keep ConfigMap a");
  });
});
