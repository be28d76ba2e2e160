import { beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/kube/connect.ts";
import { readOneDocument } from "../../src/manifest/one-document.ts";
import { createCluster } from "../../src/kube/cluster.ts";
import { createTransport, type Transport } from "../../src/kube/transport.ts";
import { addressOf, findKind, preferredKind, type Address, type Kinds, type KubeKind } from "../../src/model/kind.ts";
import type { KubeObject } from "../../src/model/object.ts";
import type { ApplyAnswer, Cluster } from "../../src/ports.ts";
import { cluster as testCluster, freshNamespace, kubectl } from "../cluster/cluster.ts";
import { jumpingClock } from "./clocks.ts";
import { QUIET } from "./loopback.ts";
import { adminTransport, limitedTransport } from "./real-transport.ts";

let kinds: Kinds;

beforeAll(async () => {
  const connection = await connect({ kubeconfig: testCluster().kubeconfig, env: {}, readYaml: readOneDocument });
  await using transport = createTransport(connection, { clock: jumpingClock() });
  kinds = await clusterOf(transport).kinds(QUIET);
});

function clusterOf(transport: Transport): Cluster {
  return createCluster(transport, { fieldManager: "plumbline" });
}

async function admin(): Promise<Cluster> {
  return clusterOf(await adminTransport());
}

function kind(apiVersion: string, name: string): KubeKind {
  const found = findKind(kinds, apiVersion, name);
  if (found === undefined) throw new Error(`${apiVersion} ${name} is not served`);
  return found;
}

function configMap(namespace: string, name: string, data: Readonly<Record<string, string>> = {}): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
}

function deployment(namespace: string, spec: object = {}): KubeObject {
  const labels = { app: "web" };
  const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "web:1" }] } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace },
    spec: { replicas: 0, selector: { matchLabels: labels }, template, ...spec },
  };
}

function addressOfObject(object: KubeObject): Address {
  return addressOf(kind(object.apiVersion, object.kind), object.metadata);
}

function apply(cluster: Cluster, object: KubeObject, dryRun = false): Promise<ApplyAnswer> {
  return cluster.apply(addressOfObject(object), object, { dryRun }, QUIET);
}

describe("what a cluster is", () => {
  test("its identity is the uid of kube-system and the server's version", async () => {
    const cluster = await admin();
    expect(await cluster.identify(QUIET)).toEqual({
      uid: await kubectl(["get", "namespace", "kube-system", "-o", "jsonpath={.metadata.uid}"]),
      version: JSON.parse(await kubectl(["version", "-o", "json"])).serverVersion.gitVersion,
    });
    expect(cluster.requests).toBe(2);
  });

  test("its kinds take two requests, the preferred version of a group first", async () => {
    const cluster = await admin();
    const { served, unavailable } = await cluster.kinds(QUIET);
    expect(unavailable).toEqual([]);
    expect(cluster.requests).toBe(2);
    expect(findKind({ served, unavailable }, "apps/v1", "Deployment")).toEqual({
      group: "apps",
      version: "v1",
      kind: "Deployment",
      resource: "deployments",
      namespaced: true,
      verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
      hasStatus: true,
    });
    expect(findKind(kinds, "v1", "ConfigMap")).toMatchObject({ hasStatus: false });
    expect(findKind(kinds, "v1", "Namespace")).toMatchObject({ namespaced: false });
    expect(preferredKind(kinds, "autoscaling", "HorizontalPodAutoscaler")?.version).toBe("v2");
  });

  test("who may not see kube-system gets a failure that says what to allow", async () => {
    const cluster = clusterOf(await limitedTransport(await freshNamespace(), "get", "configmaps"));
    await expect(cluster.identify(QUIET)).rejects.toMatchObject({
      code: "cluster-forbidden",
      message: "get namespaces kube-system: forbidden",
      remedy: "allow the identity of the kubeconfig to get namespaces kube-system",
    });
  });
});

describe("list", () => {
  test("gives every object over all pages, with the type the server leaves out", async () => {
    const [cluster, namespace] = [await admin(), await freshNamespace()];
    const names = Array.from({ length: 505 }, (_, index) => `cm-${index}`);
    await Promise.all(names.map((name) => apply(cluster, configMap(namespace, name))));
    const before = cluster.requests;
    const objects = await cluster.list(kind("v1", "ConfigMap"), { namespace }, QUIET);
    expect(cluster.requests - before).toBe(2);
    expect(objects.filter((object) => object.apiVersion !== "v1" || object.kind !== "ConfigMap")).toEqual([]);
    expect(objects.map((object) => object.metadata.name)).toEqual(expect.arrayContaining(names));
  });

  test("selects by label, in all namespaces", async () => {
    const [cluster, one, two] = [await admin(), await freshNamespace(), await freshNamespace()];
    const labels = { set: one };
    for (const namespace of [one, two]) {
      const object = configMap(namespace, "member");
      await apply(cluster, { ...object, metadata: { ...object.metadata, labels } });
    }
    const objects = await cluster.list(kind("v1", "ConfigMap"), { label: `set=${one}` }, QUIET);
    expect(new Set(objects.map((object) => object.metadata.namespace))).toEqual(new Set([one, two]));
    expect(objects).toHaveLength(2);
  });

  test("forbidden is a failure with verb, resource and namespace, never an empty list", async () => {
    const namespace = await freshNamespace();
    const cluster = clusterOf(await limitedTransport(namespace, "list", "configmaps"));
    expect(await cluster.list(kind("v1", "ConfigMap"), { namespace }, QUIET)).not.toEqual([]);
    await expect(cluster.list(kind("v1", "ConfigMap"), {}, QUIET)).rejects.toMatchObject({
      code: "cluster-forbidden",
      message: "list configmaps in all namespaces: forbidden",
    });
    await expect(cluster.list(kind("apps/v1", "Deployment"), { namespace }, QUIET)).rejects.toMatchObject({
      code: "cluster-forbidden",
      message: `list deployments.apps in namespace ${namespace}: forbidden`,
    });
  });
});

describe("read", () => {
  test("gives an object, or undefined where the object or its namespace is absent", async () => {
    const [cluster, namespace] = [await admin(), await freshNamespace()];
    await apply(cluster, configMap(namespace, "here", { a: "1" }));
    const at = (where: string, name: string): Address => ({ kind: kind("v1", "ConfigMap"), namespace: where, name });
    expect(await cluster.read(at(namespace, "here"), QUIET)).toMatchObject({ kind: "ConfigMap", data: { a: "1" } });
    expect(await cluster.read(at(namespace, "gone"), QUIET)).toBeUndefined();
    expect(await cluster.read(at("no-such-namespace", "gone"), QUIET)).toBeUndefined();
  });

  test.each([
    ["group", { group: "gone.example.com" }],
    ["version", { group: "apps", version: "v9" }],
    ["resource", { group: "apps", resource: "gones" }],
  ])("an unknown %s is a failure, not an absent object", async (_, change) => {
    const cluster = await admin();
    const unknown = { ...kind("apps/v1", "Deployment"), ...change };
    await expect(cluster.read({ kind: unknown, namespace: "default", name: "x" }, QUIET)).rejects.toMatchObject({
      code: "cluster-error",
    });
  });

  test("forbidden is a failure, not an absent object", async () => {
    const namespace = await freshNamespace();
    const cluster = clusterOf(await limitedTransport(namespace, "list", "configmaps"));
    const address = { kind: kind("v1", "Secret"), namespace, name: "x" };
    await expect(cluster.read(address, QUIET)).rejects.toMatchObject({
      code: "cluster-forbidden",
      message: `get secrets x in namespace ${namespace}: forbidden`,
    });
  });

  test("a name with a colon is found as it is written", async () => {
    const address = { kind: kind("rbac.authorization.k8s.io/v1", "ClusterRole"), name: "system:discovery" };
    expect((await (await admin()).read(address, QUIET))?.metadata.name).toBe("system:discovery");
  });

  test.each(["", ".", ".."])("the name %j, which would address something else, is a bug", async (name) => {
    const cluster = await admin();
    await expect(async () => cluster.read({ kind: kind("v1", "Namespace"), name }, QUIET)).rejects.toThrow(TypeError);
  });
});

describe("apply", () => {
  test("creates, changes nothing twice, and a dry run writes nothing", async () => {
    const [cluster, namespace] = [await admin(), await freshNamespace()];
    const object = configMap(namespace, "web", { a: "1" });
    expect(await apply(cluster, object, true)).toMatchObject({ kind: "accepted", created: true, warnings: [] });
    expect(await cluster.read(addressOfObject(object), QUIET)).toBeUndefined();
    const first = await apply(cluster, object);
    const second = await apply(cluster, object);
    expect(first).toMatchObject({ kind: "accepted", created: true, object: { data: { a: "1" } } });
    expect(second).toEqual({ ...first, created: false });
    const [entry] = (first.kind === "accepted" && first.object.metadata.managedFields) || [];
    expect(entry).toMatchObject({ manager: "plumbline", operation: "Apply" });
  });

  test("takes fields from other managers", async () => {
    const [cluster, namespace] = [await admin(), await freshNamespace()];
    await kubectl(["create", "configmap", "web", "-n", namespace, "--from-literal=a=theirs"]);
    expect(await apply(cluster, configMap(namespace, "web", { a: "ours" }))).toMatchObject({
      kind: "accepted",
      created: false,
      object: { data: { a: "ours" } },
    });
  });

  test("hands on what the server warns of", async () => {
    const [cluster, namespace] = [await admin(), await freshNamespace()];
    const endpoints: KubeObject = { apiVersion: "v1", kind: "Endpoints", metadata: { name: "old", namespace } };
    expect(await apply(cluster, endpoints, true)).toMatchObject({
      kind: "accepted",
      warnings: ["v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"],
    });
  });
});

describe("a refusal tells what the server told", () => {
  test("an unknown field, asked once", async () => {
    const [cluster, namespace] = [await admin(), await freshNamespace()];
    expect(await apply(cluster, deployment(namespace, { repicas: 1 }), true)).toEqual({
      kind: "refused",
      refusal: {
        httpStatus: 500,
        reason: "",
        message:
          "failed to create typed patch object (" +
          `${namespace}/web; apps/v1, Kind=Deployment): .spec.repicas: field not declared in schema`,
        causes: [],
      },
    });
    expect(cluster.requests).toBe(1);
  });

  test("an immutable field", async () => {
    const [cluster, namespace] = [await admin(), await freshNamespace()];
    await apply(cluster, deployment(namespace));
    const answer = await apply(cluster, deployment(namespace, { selector: { matchLabels: { app: "other" } } }), true);
    expect(answer).toMatchObject({
      kind: "refused",
      refusal: {
        httpStatus: 422,
        reason: "Invalid",
        kind: "Deployment",
        name: "web",
        causes: expect.arrayContaining([
          expect.objectContaining({ reason: "FieldValueInvalid", field: "spec.selector" }),
        ]),
      },
    });
  });

  test("a missing namespace", async () => {
    expect(await apply(await admin(), configMap("no-such-namespace", "web"), true)).toEqual({
      kind: "refused",
      refusal: {
        httpStatus: 404,
        reason: "NotFound",
        message: 'namespaces "no-such-namespace" not found',
        causes: [],
        kind: "namespaces",
        name: "no-such-namespace",
      },
    });
  });

  test("a missing kind, which the server answers in plain text", async () => {
    const cluster = await admin();
    const widgets = {
      ...kind("apps/v1", "Deployment"),
      group: "gone.example.com",
      kind: "Widget",
      resource: "widgets",
    };
    const object = { apiVersion: "gone.example.com/v1", kind: "Widget", metadata: { name: "w" } };
    expect(
      await cluster.apply({ kind: widgets, namespace: "default", name: "w" }, object, { dryRun: true }, QUIET),
    ).toEqual({
      kind: "refused",
      refusal: { httpStatus: 404, reason: "", message: "404 page not found", causes: [] },
    });
  });

  test("a right that is missing", async () => {
    const namespace = await freshNamespace();
    const cluster = clusterOf(await limitedTransport(namespace, "patch", "configmaps"));
    expect(await apply(cluster, configMap(namespace, "web"), true)).toMatchObject({
      kind: "refused",
      refusal: {
        httpStatus: 403,
        reason: "Forbidden",
        message: expect.stringContaining('cannot create resource "configmaps" in API group "" in the namespace'),
      },
    });
  });

  test("a namespace that is being deleted", async () => {
    const [cluster, namespace] = [await admin(), await freshNamespace()];
    const held = configMap(namespace, "held");
    await apply(cluster, { ...held, metadata: { ...held.metadata, finalizers: ["example.com/hold"] } });
    await kubectl(["delete", "namespace", namespace, "--wait=false"]);
    const answer = await apply(cluster, configMap(namespace, "late"));
    await apply(cluster, held);
    expect(answer).toMatchObject({
      kind: "refused",
      refusal: {
        httpStatus: 403,
        reason: "Forbidden",
        causes: [{ reason: "NamespaceTerminating", field: "metadata.namespace" }],
      },
    });
  });
});

describe("remove", () => {
  test("takes the object that was seen, and nothing in a dry run", async () => {
    const [cluster, namespace] = [await admin(), await freshNamespace()];
    const answer = await apply(cluster, configMap(namespace, "web"));
    const uid = answer.kind === "accepted" ? (answer.object.metadata.uid ?? "") : "";
    const address = addressOfObject(configMap(namespace, "web"));
    const remove = (dryRun: boolean) => cluster.remove(address, { dryRun, uid, propagation: "Background" }, QUIET);
    expect(await remove(true)).toEqual({ kind: "removed" });
    expect(await cluster.read(address, QUIET)).toBeDefined();
    expect(await remove(false)).toEqual({ kind: "removed" });
    expect(await cluster.read(address, QUIET)).toBeUndefined();
    expect(await remove(false)).toEqual({ kind: "absent" });
  });

  test("leaves an object alone that was made anew under the same name", async () => {
    const [cluster, namespace] = [await admin(), await freshNamespace()];
    const object = configMap(namespace, "web");
    await apply(cluster, object);
    const uid = "11111111-1111-1111-1111-111111111111";
    for (const dryRun of [true, false]) {
      expect(
        await cluster.remove(addressOfObject(object), { dryRun, uid, propagation: "Orphan" }, QUIET),
      ).toMatchObject({
        kind: "refused",
        refusal: {
          httpStatus: 409,
          reason: "Conflict",
          message: expect.stringContaining("the UID in the precondition"),
        },
      });
    }
    expect(await cluster.read(addressOfObject(object), QUIET)).toBeDefined();
  });
});
