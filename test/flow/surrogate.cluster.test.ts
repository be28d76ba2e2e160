import { describe, expect, onTestFinished, test } from "vitest";
import { addressOf, findKind } from "../../src/model/kind.ts";
import { refOf } from "../../src/model/object.ts";
import type { Cluster } from "../../src/ports.ts";
import type { Desired } from "../../src/flow/desired.ts";
import type { Prediction } from "../../src/flow/prediction.ts";
import { predictInSurrogate, predictReplacement } from "../../src/flow/surrogate.ts";
import { openAccess } from "../../src/kube/access.ts";
import { parseManifests } from "../../src/manifest/parse.ts";
import { systemClock } from "../../src/system/clock.ts";
import { readOneDocument } from "../../src/manifest/one-document.ts";
import { cluster as testCluster, freshAccount, freshNamespace, kubectl } from "../cluster/cluster.ts";
import { wait } from "../cluster/wait.ts";

const SIGNAL = new AbortController().signal;

async function clusterOf(kubeconfig = testCluster().kubeconfig): Promise<Cluster> {
  const opened = await openAccess(
    { kubeconfig, env: {}, readYaml: readOneDocument },
    { systemNamespace: "default", clock: systemClock },
  );
  onTestFinished(() => opened.close());
  return opened.access.cluster;
}

async function desiredOf(text: string, cluster: Cluster): Promise<Desired> {
  const { objects } = parseManifests(text, "app.yaml");
  const [{ object, at }] = objects as [(typeof objects)[number]];
  const kind = findKind(await cluster.kinds(SIGNAL), object.apiVersion, object.kind);
  if (kind === undefined) throw new Error(`${object.kind}: not served`);
  const ref = refOf(object);
  return { ref, object, at, address: addressOf(kind, ref), pendingKind: false, keepsStatus: false };
}

async function surrogate(text: string, cluster?: Cluster): Promise<Prediction> {
  const used = cluster ?? (await clusterOf());
  return predictInSurrogate(await desiredOf(text, used), used, SIGNAL);
}

const config = (name: string, more = ""): string =>
  `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}, namespace: coming${more}}, data: {a: "1"}}`;

describe("an object whose namespace comes with it", () => {
  test("is dry-run elsewhere, and the plan says what was not asked", async () => {
    const prediction = await surrogate(config("web"));
    expect(prediction).toMatchObject({
      kind: "predicted",
      certainty: "surrogate",
      object: { metadata: { name: "web", namespace: "coming" } },
      because:
        "its namespace coming comes with this change; dry-run in default, so its quotas, Pod Security level and policies were not asked",
    });
    expect(await kubectl(["get", "configmaps", "-n", "default", "-o", "name"])).not.toContain("plumbline");
  });

  test("is refused for what is wrong with it anywhere, in its own name", async () => {
    const prediction = await surrogate(
      `{apiVersion: v1, kind: Service, metadata: {name: web, namespace: coming}, spec: {ports: [{port: 80000}]}}`,
    );
    expect(prediction).toMatchObject({ kind: "refused", refusal: { httpStatus: 422 } });
    expect(JSON.stringify(prediction)).toContain('Service \\"web\\" is invalid');
  });

  test("is refused for a name that its kind does not allow", async () => {
    const service = (name: string): string =>
      `{apiVersion: v1, kind: Service, metadata: {name: ${name}, namespace: coming}, spec: {ports: [{port: 80}]}}`;
    expect((await surrogate(service("web.a"))).kind).toBe("refused");
    expect((await surrogate(service("w".repeat(64)))).kind).toBe("refused");
    expect((await surrogate(service("w".repeat(63)))).kind).toBe("predicted");
  });

  test("is not refused by rights that only the other namespace denies", async () => {
    const namespace = await freshNamespace();
    const kubeconfig = await freshAccount(namespace, ["get,patch,create configmaps"]);
    expect(await surrogate(config("web"), await clusterOf(kubeconfig))).toMatchObject({
      kind: "unpredicted",
      because: expect.stringMatching(
        /^its namespace coming comes with this change; a stand-in in namespace default was refused: .* may not patch configmaps in namespace default$/,
      ),
    });
  });

  test("is not refused by a policy that looks at names or namespaces", async () => {
    const namespace = await freshNamespace();
    const labelled = `, labels: {test: ${namespace}}`;
    await policy(namespace, `object.metadata.name == 'web' && object.metadata.namespace == 'coming'`);
    const cluster = await clusterOf();
    let prediction: Prediction | undefined;
    const isInForce = async (): Promise<boolean> => {
      prediction = await surrogate(config("web", labelled), cluster);
      return prediction.kind !== "predicted";
    };
    await wait({ what: "policy in force", within: 20_000, of: [], until: isInForce });
    expect(prediction).toMatchObject({
      kind: "unpredicted",
      because: expect.stringContaining(
        `ValidatingAdmissionPolicy '${namespace}' with binding '${namespace}' denied request`,
      ),
    });
  });
});

describe("an object of a custom kind whose namespace comes with it", () => {
  const widget = (group: string, spec: string): string =>
    `{apiVersion: ${group}/v1, kind: Widget, metadata: {name: web, namespace: coming}, spec: ${spec}}`;

  test("is not refused by a rule about its name", async () => {
    const group = await define(`x-kubernetes-validations: [{rule: "self.metadata.name == self.spec.owner"}]`);
    expect(await surrogate(widget(group, "{owner: web}"))).toMatchObject({
      kind: "unpredicted",
      because: expect.stringContaining("self.metadata.name == self.spec.owner"),
    });
  });

  test("is not refused by a pattern of its name", async () => {
    const group = await define("", `metadata: {type: object, properties: {name: {type: string, pattern: "^web$"}}},`);
    expect((await surrogate(widget(group, "{owner: web}"))).kind).toBe("unpredicted");
  });

  test("is refused by every other rule, and by its schema", async () => {
    const group = await define(
      `x-kubernetes-validations: [{rule: "self.spec.owner != 'nobody'", message: owned by nobody}]`,
    );
    expect(await surrogate(widget(group, "{owner: nobody}"))).toMatchObject({
      kind: "refused",
      refusal: { message: `Widget.${group} "web" is invalid: <nil>: Invalid value: owned by nobody` },
    });
    expect((await surrogate(widget(group, "{owner: 5}"))).kind).toBe("refused");
    expect((await surrogate(widget(group, "{owner: web}"))).kind).toBe("predicted");
  });

  test("is not refused for certain where its definition may not be read", async () => {
    const group = await define(`x-kubernetes-validations: [{rule: "self.spec.owner != 'nobody'"}]`);
    const admin = await clusterOf();
    const { Failure } = await import("../../src/model/failure.ts");
    const blind: Cluster = {
      ...admin,
      requests: 0,
      read: async () => Promise.reject(new Failure("cluster-forbidden", "get: forbidden", { remedy: "allow it" })),
    };
    expect((await surrogate(widget(group, "{owner: nobody}"), blind)).kind).toBe("unpredicted");
  });
});

describe("an object that is deleted and made anew", () => {
  const service = (namespace: string, spec: string): string =>
    `{apiVersion: v1, kind: Service, metadata: {name: web, namespace: ${namespace}}, spec: {ports: [{port: 80}], ${spec}}}`;

  async function replacement(text: string): Promise<Prediction> {
    const cluster = await clusterOf();
    return predictReplacement(await desiredOf(text, cluster), cluster, SIGNAL);
  }

  test("is dry-run under another name in its own namespace", async () => {
    const namespace = await freshNamespace();
    expect(await replacement(service(namespace, "clusterIP: None"))).toMatchObject({
      kind: "predicted",
      replaces: true,
      certainty: "surrogate",
      because: "it is deleted and made anew; dry-run under another name",
    });
  });

  test("is refused where it could not be made again", async () => {
    const namespace = await freshNamespace();
    expect((await replacement(service(namespace, "clusterIP: nonsense"))).kind).toBe("refused");
    await kubectl(["label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted"]);
    const pod = `{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: ${namespace}}, spec: {containers: [{name: c, image: a}]}}`;
    expect(await replacement(pod)).toMatchObject({ kind: "refused", refusal: { httpStatus: 403 } });
  });

  test("may need what the one that is there still holds", async () => {
    const namespace = await freshNamespace();
    await kubectl(["create", "-f", "-"], { input: service(namespace, "type: NodePort") });
    const port = await kubectl(["-n", namespace, "get", "service", "web", "-o", "jsonpath={.spec.ports[0].nodePort}"]);
    const same = service(namespace, "type: NodePort").replace("port: 80", `port: 80, nodePort: ${port}`);
    expect(await replacement(same)).toMatchObject({
      kind: "predicted",
      replaces: true,
      certainty: "offline",
      because: expect.stringContaining("provided port is already allocated"),
    });
  });

  test("of a kind without namespaces is dry-run under another name as well", async () => {
    const namespace = await freshNamespace();
    const fast = `{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: ${namespace}-fast}, provisioner: example.com/a}`;
    expect(await replacement(fast)).toMatchObject({ kind: "predicted", replaces: true, certainty: "surrogate" });
  });
});

/** A kind of a group that no other test has; the group. */
async function define(rules: string, metadata = ""): Promise<string> {
  const group = `${await freshNamespace()}.example.com`;
  const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.${group}}
spec:
  group: ${group}
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: {${metadata} spec: {type: object, properties: {owner: {type: string}}}}
          ${rules}
`;
  await kubectl(["apply", "-f", "-"], { input: definition });
  onTestFinished(async () => void (await kubectl(["delete", "crd", `widgets.${group}`, "--wait=false"])));
  await kubectl(["wait", "--for=condition=Established", "--timeout=20s", "crd", `widgets.${group}`]);
  return group;
}

/** A policy for what carries the label `test` with this name. */
async function policy(name: string, expression: string): Promise<void> {
  const input = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: ${name}}
spec:
  failurePolicy: Fail
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]}
  matchConditions: [{name: only, expression: "has(object.metadata.labels) && object.metadata.labels[?'test'].orValue('') == '${name}'"}]
  validations: [{expression: "${expression}"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: ${name}}
spec: {policyName: ${name}, validationActions: [Deny]}
`;
  await kubectl(["apply", "-f", "-"], { input });
  const kinds = "validatingadmissionpolicy,validatingadmissionpolicybinding";
  onTestFinished(async () => void (await kubectl(["delete", kinds, name])));
}
