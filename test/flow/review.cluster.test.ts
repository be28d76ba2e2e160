import { describe, expect, onTestFinished, test } from "vitest";
import type { ClusterAccess } from "../../src/ports.ts";
import { parsePath } from "../../src/model/path-text.ts";
import type { IgnoreRule } from "../../src/model/ignore-rule.ts";
import type { Path } from "../../src/model/path.ts";
import { freshAccount, freshNamespace, kubectl } from "../cluster/cluster.ts";
import { changeLines, driftLines, engine, problemCodes } from "./engine.ts";
import { resultLines, startRuns } from "./runs.ts";

const config = (name: string, value = "1", more = ""): string => `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}${more}}
data: {k: "${value}"}
`;

/** Does something once, right before the first dry-run of an object. */
function beforeDryRun(name: string, disturb: () => Promise<unknown>) {
  let done = false;
  return (access: ClusterAccess): ClusterAccess => ({
    ...access,
    cluster: {
      ...access.cluster,
      get requests() { return access.cluster.requests; },
      apply: async (address, object, options, signal) => {
        if (!done && options.dryRun && address.name === name) {
          done = true;
          await disturb();
        }
        return access.cluster.apply(address, object, options, signal);
      },
    },
  });
}

function spying(log: string[]) {
  return (access: ClusterAccess): ClusterAccess => ({
    ...access,
    cluster: {
      ...access.cluster,
      get requests() { return access.cluster.requests; },
      apply: (address, object, options, signal) => {
        log.push(`apply ${options.dryRun ? "dry " : ""}${address.name}`);
        return access.cluster.apply(address, object, options, signal);
      },
      patch: (address, operations, options, signal) => {
        log.push(`patch ${options.dryRun ? "dry " : ""}${address.name}`);
        return access.cluster.patch(address, operations, options, signal);
      },
      remove: (address, options, signal) => {
        log.push(`remove ${options.dryRun ? "dry " : ""}${address.name}`);
        return access.cluster.remove(address, options, signal);
      },
    },
  });
}

function show(label: string, report: any) {
  console.log(label, JSON.stringify({ result: report.result, changes: changeLines(report), drift: driftLines(report), problems: report.problems.map((p: any) => `${p.level} ${p.code}: ${p.message}`), ignored: report.hidden.ignored }, null, 1));
}

describe("namespace joined", () => {
  test("a Namespace that kubectl apply made and that is merely joined keeps its labels, also the second time", async () => {
    const namespace = await freshNamespace();
    const name = `${namespace}-joined`;
    onTestFinished(async () => void (await kubectl(["delete", "ns", name, "--wait=false"])));
    await kubectl(["apply", "-f", "-"], { input: `{apiVersion: v1, kind: Namespace, metadata: {name: ${name}, labels: {team: shop, pod-security.kubernetes.io/enforce: baseline}}}` });
    const git = `{apiVersion: v1, kind: Namespace, metadata: {name: ${name}}}`;
    const { plan, apply } = await engine({ namespace });
    const first = await plan(git, { base: "" });
    show("ns first", first.report);
    const applied = await apply(git);
    show("ns applied", applied);
    show("ns second", (await plan(git, { base: git })).report);
    console.log(await kubectl(["get", "ns", name, "-o", "jsonpath={.metadata.labels}"]));
  });
});

describe("races", () => {
  test("edit", async () => {
    const namespace = await freshNamespace();
    await (await engine({ namespace })).apply(config("a"));
    const { plan } = await engine({ namespace, around: beforeDryRun("a", () => kubectl(["-n", namespace, "patch", "cm", "a", "--type=merge", "-p", '{"data":{"k":"9","x":"y"}}'])) });
    show("edited", (await plan(config("a", "2"), { base: config("a", "1") })).report);
  });
  test("delete", async () => {
    const namespace = await freshNamespace();
    await (await engine({ namespace })).apply(config("a"));
    const { plan } = await engine({ namespace, around: beforeDryRun("a", () => kubectl(["-n", namespace, "delete", "cm", "a"])) });
    show("deleted", (await plan(config("a", "2"), { base: config("a", "1") })).report);
  });
  test("recreated by other", async () => {
    const namespace = await freshNamespace();
    await (await engine({ namespace })).apply(config("a"));
    const { plan } = await engine({ namespace, around: beforeDryRun("a", async () => { await kubectl(["-n", namespace, "delete", "cm", "a"]); await kubectl(["-n", namespace, "create", "cm", "a", "--from-literal=k=secret"]); }) });
    show("recreated", (await plan(config("a", "2"), { base: config("a", "1") })).report);
  });
  test("created by other", async () => {
    const namespace = await freshNamespace();
    const { plan } = await engine({ namespace, around: beforeDryRun("a", () => kubectl(["-n", namespace, "create", "cm", "a", "--from-literal=k=secret"])) });
    show("created", (await plan(config("a", "2"), { base: "" })).report);
  });
  test("base dry-run", async () => {
    const namespace = await freshNamespace();
    await (await engine({ namespace })).apply(config("a"));
    let n = 0;
    const around = (access: ClusterAccess): ClusterAccess => ({ ...access, cluster: { ...access.cluster, apply: async (ad, ob, op, s) => {
      if (op.dryRun && (ob["data"] as any)?.k === "1" && n++ === 0) await kubectl(["-n", namespace, "patch", "cm", "a", "--type=merge", "-p", '{"data":{"k":"9"}}']);
      return access.cluster.apply(ad, ob, op, s);
    } } });
    const { plan } = await engine({ namespace, around });
    show("base only changed", (await plan(config("a", "2"), { base: config("a", "1") })).report);
  });
  test("status write during adoption apply", async () => {
    const namespace = await freshNamespace();
    const dep = (n: string) => `{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 0, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: "${n}"}]}}}}`;
    await kubectl(["-n", namespace, "apply", "-f", "-"], { input: dep("nginx:1.26") });
    let n = 0;
    const around = (access: ClusterAccess): ClusterAccess => ({ ...access, cluster: { ...access.cluster, patch: async (ad, ob, op, s) => {
      if (!op.dryRun && n++ === 0) await kubectl(["-n", namespace, "patch", "deployment", "web", "--subresource=status", "--type=merge", "-p", '{"status":{"collisionCount":3}}']);
      return access.cluster.patch(ad, ob, op, s);
    } } });
    const { apply } = await engine({ namespace, around });
    show("status write", await apply(dep("nginx:1.27"), { adopt: true, wait: false }));
  });
});

describe("vanishing attribution", () => {
  test("ours, kubectl apply added a field", async () => {
    const namespace = await freshNamespace();
    const { plan, apply } = await engine({ namespace });
    await apply(config("a"));
    await kubectl(["-n", namespace, "apply", "-f", "-"], { input: `{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: "1", x: "2"}}` });
    show("kubectl apply on ours", (await plan(config("a"), { base: config("a") })).report);
    show("kubectl apply on ours, PR", (await plan(config("a", "3"), { base: config("a") })).report);
  });
  test("adopt", async () => {
    const namespace = await freshNamespace();
    const { plan } = await engine({ namespace });
    await kubectl(["-n", namespace, "apply", "-f", "-"], { input: `{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: "1", x: "2"}}` });
    show("adopt", (await plan(config("a"), { base: "", adopt: true })).report);
  });
});

describe("replace", () => {
  const secret = (type: string, annotation = `plumbline.dev/replace: "true"`, v = "djE=") => `{apiVersion: v1, kind: Secret, metadata: {name: a, annotations: {${annotation}}}, type: ${type}, data: {k: ${v}}}`;
  test("drift alone", async () => {
    const namespace = await freshNamespace();
    const { plan, apply, drift } = await engine({ namespace });
    await apply(secret("example.com/a"));
    const text = await kubectl(["-n", namespace, "get", "secret", "a", "-o", "json", "--show-managed-fields"]);
    const o = JSON.parse(text); o.type = "example.com/other"; delete o.metadata.uid; delete o.metadata.resourceVersion;
    await kubectl(["-n", namespace, "delete", "secret", "a"]);
    await kubectl(["-n", namespace, "create", "-f", "-"], { input: JSON.stringify(o) });
    show("replace drift", (await plan(secret("example.com/a"), { base: secret("example.com/a") })).report);
    show("replace drift run", await drift(secret("example.com/a")));
    show("replace drift + PR", (await plan(secret("example.com/a", undefined, "djI="), { base: secret("example.com/a") })).report);
  });
  test("adopted and replaced", async () => {
    const namespace = await freshNamespace();
    const dep = (sel: string, more = "") => `{apiVersion: apps/v1, kind: Deployment, metadata: {name: web${more}}, spec: {replicas: 1, selector: {matchLabels: {app: ${sel}}}, template: {metadata: {labels: {app: ${sel}}}, spec: {containers: [{name: c, image: "nginx:1.27"}]}}}}`;
    await kubectl(["-n", namespace, "apply", "-f", "-"], { input: dep("x") });
    const { plan } = await engine({ namespace });
    show("adopt+replace", (await plan(dep("y", `, annotations: {plumbline.dev/replace: "true"}`), { base: "", adopt: true })).report);
  });
});

test("read-only asks for get and list only, also of deletions", async () => {
  const namespace = await freshNamespace();
  const log: string[] = [];
  await (await engine({ namespace })).apply(config("a") + config("b"));
  const { plan } = await engine({ namespace, around: spying(log) });
  show("read-only deletion", (await plan(config("a"), { base: config("a") + config("b"), mode: "read-only" })).report);
  console.log(log);
});

test("terminating object", async () => {
  const namespace = await freshNamespace();
  const { plan, apply, drift } = await engine({ namespace });
  const held = config("a", "1", `, finalizers: ["example.com/hold"]`);
  await apply(held);
  await kubectl(["-n", namespace, "delete", "cm", "a", "--wait=false"]);
  onTestFinished(async () => void (await kubectl(["-n", namespace, "patch", "cm", "a", "--type=merge", "-p", '{"metadata":{"finalizers":null}}'])));
  show("terminating same", (await plan(held, { base: held })).report);
  show("terminating changed", (await plan(held.replace(`"1"`, `"2"`), { base: held })).report);
  show("terminating drift", await drift(held));
  show("terminating apply", await apply(held.replace(`"1"`, `"2"`), { timeoutMilliseconds: 3000 }));
});

test("two apps make the same object", async () => {
  const namespace = await freshNamespace();
  const { access } = await engine({ namespace });
  const runs = await startRuns(access, `
  version: 1
  defaults: {namespace: ${namespace}, timeout: 20s}
  environments: {test: {}}
  apps: {app: {path: app}, beta: {path: beta}, gamma: {path: gamma}}
  system: {namespace: ${namespace}}
`);
  const one = await runs.commit(config("x"), { "beta/b.yaml": config("y"), "gamma/c.yaml": config("z") });
  await runs.apply(one);
  const two = await runs.commit(config("x") + config("both"), { "beta/b.yaml": config("y") + config("both"), "gamma/c.yaml": config("z") });
  for (const t of (await runs.plan(one, two)).targets) show(`both ${t.target.app}`, t);
  // app lets x go, beta takes it, gamma does not render
  const three = await runs.commit(config("w"), { "beta/b.yaml": config("y") + config("x"), "gamma/c.yaml": "apiVersion: v1\nkind: [" });
  for (const t of (await runs.plan(one, three)).targets) show(`move, gamma broken ${t.target.app}`, t);
});
