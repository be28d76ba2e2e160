import { describe, expect, test } from "vitest";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";
import { changeLines, driftLines, engine, problemCodes } from "./engine.ts";

/** A kind of a group that no other test has. */
function definition(group: string, versions: readonly string[], status = "subresources: {status: {}}"): string {
  const schema = "schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}";
  const lines = versions.map(
    (name, index) =>
      `    - {name: ${name}, served: true, storage: ${index === 0}, ${status}${status && ", "}${schema}}`,
  );
  return `
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gadgets.${group}}
spec:
  group: ${group}
  scope: Namespaced
  names: {plural: gadgets, singular: gadget, kind: Gadget}
  versions:
${lines.join("\n")}
`;
}

const gadget = (group: string, version: string, more = "spec: {size: 1}"): string => `
---
apiVersion: ${group}/${version}
kind: Gadget
metadata: {name: g}
${more}
`;

async function define(group: string, versions: readonly string[], status: string): Promise<void> {
  await kubectl(["apply", "-f", "-"], { input: definition(group, versions, status) });
  await kubectl(["wait", "--for=condition=Established", "--timeout=20s", "crd", `gadgets.${group}`]);
}

describe("an object of a version that its definition only gets now", () => {
  test("is created, with the definition before it", async () => {
    const namespace = await freshNamespace();
    const group = `${namespace}.example.com`;
    const { plan, apply } = await engine({ namespace });
    const text = definition(group, ["v1", "v2"]) + gadget(group, "v2");
    try {
      expect(changeLines((await plan(text, { base: "" })).report)).toEqual([
        `create CustomResourceDefinition gadgets.${group}`,
        "create Gadget g (offline)",
      ]);
      expect((await apply(text)).result).toBe("applied");
      expect(changeLines((await plan(text, { base: text })).report)).toEqual([]);
    } finally {
      await kubectl(["delete", "crd", `gadgets.${group}`, "--wait=false"]);
    }
  });

  test("is not taken from somebody who has it in a version that is served already", async () => {
    const namespace = await freshNamespace();
    const group = `${namespace}.example.com`;
    const { apply } = await engine({ namespace });
    try {
      await apply(definition(group, ["v1"]));
      await kubectl(["-n", namespace, "create", "-f", "-"], { input: gadget(group, "v1", "spec: {size: 7}") });
      const report = await apply(definition(group, ["v1", "v2"]) + gadget(group, "v2"));
      expect(problemCodes(report)).toEqual(["blocker owned-by-another"]);
      expect(await kubectl(["-n", namespace, "get", `gadgets.${group}`, "g", "-o", "jsonpath={.spec.size}"])).toBe("7");
    } finally {
      await kubectl(["delete", "crd", `gadgets.${group}`, "--wait=false"]);
    }
  });

  test("is an update when it is ours already", async () => {
    const namespace = await freshNamespace();
    const group = `${namespace}.example.com`;
    const { apply, plan } = await engine({ namespace });
    const [old, now] = [
      definition(group, ["v1"]) + gadget(group, "v1"),
      definition(group, ["v1", "v2"]) + gadget(group, "v2", "spec: {size: 2}"),
    ];
    try {
      await apply(old);
      const { report } = await plan(now, { base: old });
      expect(changeLines(report)[1]).toBe("update Gadget g (offline): pull-request spec.size 1 -> 2");
      expect(driftLines(report)).toEqual([]);
      expect((await apply(now, { base: old })).result).toBe("applied");
      expect(changeLines((await plan(now, { base: now })).report)).toEqual([]);
    } finally {
      await kubectl(["delete", "crd", `gadgets.${group}`, "--wait=false"]);
    }
  });
});

describe("a status in a manifest", () => {
  test("is the server's where it is a subresource", async () => {
    const namespace = await freshNamespace();
    const { apply, plan, drift } = await engine({ namespace });
    const service = (ip: string): string => `
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {ports: [{port: 80}]}
      status: {loadBalancer: {ingress: [{ip: ${ip}}]}}`;
    await apply(service("192.0.2.1"));
    expect(changeLines((await plan(service("192.0.2.2"), { base: service("192.0.2.1") })).report)).toEqual([]);
    expect(driftLines(await drift(service("192.0.2.2")))).toEqual([]);
  });

  test("is a field like any other where it is none", async () => {
    const namespace = await freshNamespace();
    const group = `${namespace}.example.com`;
    const { apply, plan, drift } = await engine({ namespace });
    const withStatus = (phase: string): string => gadget(group, "v1", `status: {phase: ${phase}}`);
    try {
      await define(group, ["v1"], "");
      await apply(withStatus("a"));
      const { report } = await plan(withStatus("b"), { base: withStatus("a") });
      expect(changeLines(report)).toEqual([`update Gadget g: pull-request status.phase "a" -> "b"`]);
      await kubectl([
        "-n",
        namespace,
        "patch",
        `gadgets.${group}`,
        "g",
        "--type=merge",
        "-p",
        `{"status":{"phase":"c"}}`,
      ]);
      expect(driftLines(await drift(withStatus("a")))).toEqual([
        `changed Gadget g status.phase: "a", live "c", reverted`,
      ]);
    } finally {
      await kubectl(["delete", "crd", `gadgets.${group}`, "--wait=false"]);
    }
  });
});

describe("spellings that the server reads alike", () => {
  test("are no change and no drift", async () => {
    const namespace = await freshNamespace();
    const { apply, plan } = await engine({ namespace });
    const quota = (cpu: string, more = ""): string => `
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: q${more}}
      spec: {hard: {requests.cpu: ${cpu}}}`;
    await apply(quota("1000m"));
    const { report } = await plan(quota(`"1"`, ", labels: null"), { base: quota("1000m") });
    expect(changeLines(report)).toEqual([]);
    expect(driftLines(report)).toEqual([]);
  });

  test("an order that matters is a change", async () => {
    const namespace = await freshNamespace();
    const { apply, plan } = await engine({ namespace });
    const pods = (first: string, second: string, image = "a:1"): string => `
      apiVersion: v1
      kind: PodTemplate
      metadata: {name: p}
      template:
        spec:
          restartPolicy: Always
          initContainers: [{name: ${first}, image: a}, {name: ${second}, image: a}]
          containers: [{name: c, image: "${image}"}]`;
    await apply(pods("x", "y"));
    const { report } = await plan(pods("y", "x"), { base: pods("x", "y") });
    expect(report.changes[0]?.fields.map(({ from, path }) => `${from} ${path}`)).toEqual([
      "pull-request template.spec.initContainers",
    ]);
  });
});

test("null values are neither lost nor drift", async () => {
  const namespace = await freshNamespace();
  const { apply, plan } = await engine({ namespace });
  const config = `
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: a, annotations: null}
    data: {k: "1", gone: null}`;
  expect((await apply(config)).result).toBe("applied");
  const { report } = await plan(config, { base: config });
  expect(changeLines(report)).toEqual([]);
  expect(driftLines(report)).toEqual([]);
});

test("an object that the identity may not read is neither missing nor deleted", async () => {
  const namespace = await freshNamespace();
  const admin = await engine({ namespace });
  const config = `{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: "1"}}`;
  const role = `\n---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r}, rules: []}`;
  await admin.apply(config + role);
  const { Failure } = await import("../../src/model/failure.ts");
  const forbid = (kind: string): void => {
    if (kind === "Role") throw new Failure("cluster-forbidden", "roles: forbidden", { remedy: "allow it" });
  };
  const blind = await engine({
    namespace,
    around: (access) => ({
      ...access,
      cluster: {
        ...access.cluster,
        requests: 0,
        list: async (kind, selection, signal) => (forbid(kind.kind), access.cluster.list(kind, selection, signal)),
        read: async (address, signal) => (forbid(address.kind.kind), access.cluster.read(address, signal)),
      },
    }),
  });
  const { report } = await blind.plan(config, { base: config + role });
  expect(report.result).toBe("incomplete");
  expect(driftLines(report)).toEqual([]);
  expect((await blind.drift(config + role)).result).toBe("incomplete");
});
