import { describe, expect, onTestFinished, test } from "vitest";
import type { IgnoreRule } from "../../src/model/ignore-rule.ts";
import { parsePath } from "../../src/model/path-text.ts";
import type { Path } from "../../src/model/path.ts";
import type { Cluster, ClusterAccess } from "../../src/ports.ts";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";
import { dedent } from "../support/yml.ts";
import { changeLines, driftLines, engine, problemCodes } from "./engine.ts";
import { startRuns } from "./runs.ts";

const config = (name: string, value = "1", more = ""): string => `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}${more}}
data: {k: "${value}"}
`;

type Writes = Pick<Cluster, "apply" | "patch" | "remove">;

/** The cluster with some of its writes done otherwise. */
function instead(writes: (cluster: Cluster) => Partial<Writes>): (access: ClusterAccess) => ClusterAccess {
  return (access) => ({
    ...access,
    cluster: {
      ...access.cluster,
      ...writes(access.cluster),
      get requests() {
        return access.cluster.requests;
      },
    },
  });
}

/** Somebody does something right before the first dry-run. */
function meanwhile(disturb: () => Promise<unknown>): (access: ClusterAccess) => ClusterAccess {
  let once: Promise<unknown> | undefined;
  return instead((cluster) => ({
    apply: async (address, object, options, signal) => {
      await (once ??= disturb());
      return cluster.apply(address, object, options, signal);
    },
  }));
}

async function patch(namespace: string, object: string, body: unknown): Promise<void> {
  await kubectl(["-n", namespace, "patch", ...object.split("/"), "--type=merge", "-p", JSON.stringify(body)]);
}

describe("what happens to an object between the list and its dry-run", () => {
  const planned = async (disturb: (namespace: string) => Promise<unknown>) => {
    const namespace = await freshNamespace();
    await (await engine({ namespace })).apply(config("a"));
    const { plan } = await engine({ namespace, around: meanwhile(() => disturb(namespace)) });
    return (await plan(config("a", "2"), { base: config("a") })).report;
  };

  test("is told as drift where somebody edits it", async () => {
    const report = await planned((namespace) => patch(namespace, "configmap/a", { data: { k: "9", x: "y" } }));
    expect(changeLines(report)).toEqual([`update ConfigMap a: pull-request data.k "9" -> "2"`]);
    expect(driftLines(report)).toEqual([
      `changed ConfigMap a data.k: "1", live "9", reverted`,
      `extra ConfigMap a data.x: -, live "y", kept`,
    ]);
    expect(problemCodes(report)).toEqual([]);
  });

  test("is told as missing where somebody deletes it", async () => {
    const report = await planned((namespace) => kubectl(["-n", namespace, "delete", "configmap", "a"]));
    expect([changeLines(report), driftLines(report)]).toEqual([
      ["create ConfigMap a"],
      ["missing ConfigMap a, reverted"],
    ]);
  });

  test("blocks where somebody makes another of its name, whose content is not shown", async () => {
    const report = await planned(async (namespace) => {
      await kubectl(["-n", namespace, "delete", "configmap", "a"]);
      await kubectl(["-n", namespace, "create", "configmap", "a", "--from-literal=k=theirs"]);
    });
    expect([changeLines(report), driftLines(report), problemCodes(report)]).toEqual([
      [],
      [],
      ["blocker owned-by-another"],
    ]);
  });
});

test("a Namespace that is merely joined keeps what kubectl apply wrote into it, the first time and ever after", async () => {
  const namespace = await freshNamespace();
  const name = `${namespace}-joined`;
  onTestFinished(async () => void (await kubectl(["delete", "namespace", name, "--wait=false"])));
  const labels = "labels: {pod-security.kubernetes.io/enforce: baseline}";
  await kubectl(["apply", "-f", "-"], {
    input: `{apiVersion: v1, kind: Namespace, metadata: {name: ${name}, ${labels}}}`,
  });
  const git = `{apiVersion: v1, kind: Namespace, metadata: {name: ${name}}}`;
  const { plan, apply } = await engine({ namespace });
  expect(changeLines((await plan(git, { base: "" })).report)).toEqual([`ownership Namespace ${name}`]);
  expect((await apply(git)).result).toBe("applied");
  const after = (await plan(git, { base: git })).report;
  expect(changeLines(after)).toEqual([]);
  expect(driftLines(after)).toEqual([
    `extra Namespace ${name} metadata.labels["pod-security.kubernetes.io/enforce"]: -, live "baseline", kept`,
  ]);
  const { report } = await plan(git, { base: git, adopt: true });
  expect(changeLines(report)).toEqual([
    `update Namespace ${name}: drift metadata.labels["pod-security.kubernetes.io/enforce"] "baseline" -> -`,
  ]);
});

describe("a field that vanishes because the fields of kubectl apply become ours", () => {
  const more = `{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: "1", x: "2"}}`;

  test("is drift in an object of ours; kubectl's copy of the object is not told", async () => {
    const namespace = await freshNamespace();
    const { plan, apply } = await engine({ namespace });
    await apply(config("a"));
    await kubectl(["-n", namespace, "apply", "-f", "-"], { input: more });
    const { report } = await plan(config("a"), { base: config("a") });
    expect(changeLines(report)).toEqual([`update ConfigMap a: drift data.x "2" -> -`]);
    expect(driftLines(report)).toEqual([`extra ConfigMap a data.x: -, live "2", reverted`]);
  });

  test("is the pull request's where that adopts the object", async () => {
    const namespace = await freshNamespace();
    const { plan } = await engine({ namespace });
    await kubectl(["-n", namespace, "apply", "-f", "-"], { input: more });
    const { report } = await plan(config("a"), { base: "", adopt: true });
    expect(changeLines(report)).toEqual([`update ConfigMap a: pull-request data.x "2" -> -`]);
  });
});

test("an object whose status changes while it is adopted is adopted all the same", async () => {
  const namespace = await freshNamespace();
  const deployment = (image: string): string => `
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      replicas: 0
      selector: {matchLabels: {app: web}}
      template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: "${image}"}]}}
  `;
  await kubectl(["-n", namespace, "apply", "-f", "-"], { input: dedent(deployment("nginx:1.26")) });
  const status = ["--subresource=status", "--type=merge", "-p", `{"status":{"collisionCount":3}}`];
  let once: Promise<unknown> | undefined;
  const around = instead((cluster) => ({
    patch: async (address, operations, options, signal) => {
      if (!options.dryRun) await (once ??= kubectl(["-n", namespace, "patch", "deployment", "web", ...status]));
      return cluster.patch(address, operations, options, signal);
    },
  }));
  const { apply, plan } = await engine({ namespace, around });
  expect((await apply(deployment("nginx:1.27"), { adopt: true, wait: false })).result).toBe("applied");
  const after = await plan(deployment("nginx:1.27"), { base: deployment("nginx:1.27") });
  expect(changeLines(after.report)).toEqual([]);
});

test("a number of pods that Git never set is held for an autoscaler when the workload is adopted, and nobody is told that Git changes it", async () => {
  const namespace = await freshNamespace();
  const { apply } = await engine({ namespace });
  const deployment = (replicas: string): string => `
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      ${replicas}
      selector: {matchLabels: {app: web}}
      template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: "nginx:1.27"}]}}
  `;
  await kubectl(["-n", namespace, "apply", "-f", "-"], { input: dedent(deployment("replicas: 3")) });
  await kubectl(["-n", namespace, "autoscale", "deployment", "web", "--min=1", "--max=9"]);
  const report = await apply(deployment(""), { base: "", adopt: true, wait: false });
  expect([report.result, problemCodes(report), report.hidden.ignored]).toEqual(["applied", [], 1]);
  expect(await kubectl(["-n", namespace, "get", "deployment", "web", "-o", "jsonpath={.spec.replicas}"])).toBe("3");
});

test("a read-only plan asks for no deletion, not even in a dry-run", async () => {
  const namespace = await freshNamespace();
  await (await engine({ namespace })).apply(config("a") + config("b"));
  const never = (): never => {
    throw new Error("nothing may be written here");
  };
  const { plan } = await engine({ namespace, around: instead(() => ({ apply: never, patch: never, remove: never })) });
  const { report } = await plan(config("a"), { base: config("a") + config("b"), mode: "read-only" });
  expect(changeLines(report)).toEqual(["delete ConfigMap b (offline)"]);
});

test("an object that is being deleted is named: what is written to it goes with it", async () => {
  const namespace = await freshNamespace();
  const { plan, apply } = await engine({ namespace });
  const held = config("a", "1", `, finalizers: ["example.com/hold"]`);
  await apply(held);
  await kubectl(["-n", namespace, "delete", "configmap", "a", "--wait=false"]);
  onTestFinished(() => patch(namespace, "configmap/a", { metadata: { finalizers: null } }));
  const { report } = await plan(held, { base: held });
  expect(problemCodes(report)).toEqual(["caution being-deleted"]);
  expect(driftLines(report)).toEqual(["stuck ConfigMap a, kept"]);
});

test("fields under an ignore rule inside an atomic list stay as they are live, and the rest of the list is Git's", async () => {
  const namespace = await freshNamespace();
  const { plan, apply } = await engine({ namespace });
  const policy = (port: number): string => `
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: web}
    spec:
      podSelector: {matchLabels: {app: web}}
      policyTypes: [Ingress]
      ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: ${port}, protocol: TCP}]}]
  `;
  await apply(policy(80));
  const path = "/spec/ingress/0/from/0/ipBlock/cidr";
  const change = JSON.stringify([{ op: "replace", path, value: "10.1.0.0/16" }]);
  await kubectl(["-n", namespace, "patch", "networkpolicy", "web", "--type=json", "-p", change]);
  const paths = [parsePath("spec.ingress[*].from[*].ipBlock.cidr") as Path];
  const ignore: readonly IgnoreRule[] = [{ kind: "NetworkPolicy", paths }];
  const { report } = await plan(policy(81), { base: policy(80), ignore });
  expect([driftLines(report), report.hidden.ignored]).toEqual([[], 1]);
  await apply(policy(81), { ignore });
  const ingress = await kubectl(["-n", namespace, "get", "networkpolicy", "web", "-o", "jsonpath={.spec.ingress}"]);
  expect(JSON.parse(ingress)).toEqual([
    { from: [{ ipBlock: { cidr: "10.1.0.0/16" } }], ports: [{ port: 81, protocol: "TCP" }] },
  ]);
});

describe("of several apps of an environment", () => {
  const messages = async (namespace: string, files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const { access } = await engine({ namespace });
    const runs = await startRuns(
      access,
      `
        version: 1
        defaults: {namespace: ${namespace}, timeout: 20s}
        environments: {test: {}}
        apps: {app: {path: app}, beta: {path: beta}, gamma: {path: gamma}}
        system: {namespace: ${namespace}}
      `,
    );
    const others = { "beta/b.yaml": dedent(config("of-beta")), "gamma/c.yaml": dedent(config("of-gamma")) };
    const before = await runs.commit(config("moves"), others);
    await runs.apply(before);
    const { "app/app.yaml": own = config("moves"), ...changed } = files;
    const { targets } = await runs.plan(before, await runs.commit(own, { ...others, ...changed }));
    return targets.flatMap(({ target, problems }) => problems.map(({ message }) => `${target.app}: ${message}`));
  };

  test("two that make the same new object are both blocked: the second could not be applied", async () => {
    const namespace = await freshNamespace();
    const both = { "app/app.yaml": config("moves") + config("both"), "beta/b.yaml": dedent(config("both")) };
    expect(await messages(namespace, both)).toContain(
      `app: ConfigMap ${namespace}/both is wanted by test/beta as well`,
    );
  });

  test("one that lets an object go is not said to want it while a third one does not render", async () => {
    const namespace = await freshNamespace();
    const moved = { "app/app.yaml": config("stays"), "beta/b.yaml": dedent(config("moves")), "gamma/c.yaml": "a: [" };
    expect(await messages(namespace, moved)).toContain(
      `beta: ConfigMap ${namespace}/moves belongs to test/app, and test/gamma does not render and may want it`,
    );
  });
});
