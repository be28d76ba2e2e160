import { describe, expect, test } from "vitest";
import type { Op } from "../../src/model/change.ts";
import { formatJson, parseJson, type JsonMap } from "../../src/model/json.ts";
import { refOf, type KubeObject } from "../../src/model/object.ts";
import { formatQuantity } from "../../src/model/quantity.ts";
import type { Ref } from "../../src/model/ref.ts";
import type { Planned } from "../../src/preflight/planned.ts";
import { sumOf } from "../../src/preflight/amounts.ts";
import { exceededQuotas } from "../../src/preflight/quota.ts";
import { countsClaim, countsPod } from "../../src/preflight/quota-scope.ts";
import { usageOf } from "../../src/preflight/usage.ts";
import { parseManifests } from "../../src/manifest/parse.ts";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";
import { wait } from "../cluster/wait.ts";
import { dedent } from "../support/yml.ts";

const RESOURCES: Readonly<Record<string, string>> = {
  Pod: "pods",
  Service: "services",
  Secret: "secrets",
  ConfigMap: "configmaps",
  Deployment: "deployments",
  PersistentVolumeClaim: "persistentvolumeclaims",
};
const resourceOf = ({ kind }: Ref): string | undefined => RESOURCES[kind];

const objectsOf = (text: string): readonly KubeObject[] =>
  parseManifests(dedent(text), "app.yaml").objects.map(({ object }) => object);

const planned = (object: KubeObject, op: Op = "create", live?: KubeObject): Planned => ({
  ref: refOf(object),
  op,
  ...(op !== "delete" && { head: object }),
  ...(live && { live }),
});

/** A quota of the namespace, as soon as its use was counted. */
async function quotaOf(namespace: string, hard: string, more: readonly string[] = []): Promise<KubeObject> {
  await kubectl(["-n", namespace, "create", "quota", "q", `--hard=${hard}`, ...more]);
  const read = async (): Promise<KubeObject> =>
    parseJson(await kubectl(["-n", namespace, "get", "quota", "q", "-o", "json"])) as KubeObject;
  const isCounted = async (): Promise<boolean> => {
    const { status } = (await read()) as unknown as { readonly status?: { readonly used?: object } };
    return Object.keys(status?.used ?? {}).length === hard.split(",").length;
  };
  await wait({ what: "quota counted", within: 30_000, of: [], until: isCounted });
  return read();
}

const create = (namespace: string, object: KubeObject, ...more: readonly string[]): Promise<string> =>
  kubectl(["-n", namespace, "create", "-f", "-", "-o", "json", ...more], { input: formatJson(object) });

const EVERYTHING = `
  apiVersion: v1
  kind: Pod
  metadata: {name: plain}
  spec:
    initContainers:
      - {name: first, image: "a:1", resources: {requests: {cpu: "2", memory: 10Mi}}}
      - {name: side, image: "a:1", restartPolicy: Always, resources: {requests: {cpu: 100m, memory: 20Mi}}}
      - {name: second, image: "a:1", resources: {requests: {cpu: 300m, memory: 200Mi}}}
    containers:
      - {name: a, image: "a:1", resources: {requests: {cpu: 500m, memory: 64Mi}, limits: {cpu: "1", memory: 128Mi}}}
      - {name: b, image: "a:1", resources: {requests: {cpu: 250m, memory: 64Mi, ephemeral-storage: 1Gi}}}
  ---
  apiVersion: v1
  kind: Pod
  metadata: {name: limits-only}
  spec: {containers: [{name: a, image: "a:1", resources: {limits: {cpu: 200m, memory: 10M}}}]}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: balanced}
  spec: {type: LoadBalancer, ports: [{name: a, port: 80}, {name: b, port: 81}]}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: without-node-ports}
  spec: {type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{port: 80}]}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: on-nodes}
  spec: {type: NodePort, ports: [{port: 80}]}
  ---
  apiVersion: v1
  kind: PersistentVolumeClaim
  metadata: {name: fast}
  spec: {storageClassName: fast, accessModes: [ReadWriteOnce], resources: {requests: {storage: 5Gi}}}
  ---
  apiVersion: v1
  kind: PersistentVolumeClaim
  metadata: {name: slow}
  spec: {storageClassName: slow, accessModes: [ReadWriteOnce], resources: {requests: {storage: "1500000000"}}}
  ---
  apiVersion: v1
  kind: Secret
  metadata: {name: s}
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: d}
  spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: "a:1"}]}}}
`;

const NAMES =
  "pods cpu memory requests.cpu requests.memory requests.ephemeral-storage limits.cpu limits.memory services " +
  "services.loadbalancers services.nodeports count/services secrets requests.storage persistentvolumeclaims " +
  "fast.storageclass.storage.k8s.io/requests.storage slow.storageclass.storage.k8s.io/persistentvolumeclaims " +
  "count/deployments.apps count/pods";

describe("what objects take of a quota", () => {
  test("is what the API server counts", async () => {
    const namespace = await freshNamespace();
    const names = NAMES.split(/\s+/);
    const quota = (await quotaOf(namespace, names.map((name) => `${name}=1000Gi`).join(","))) as unknown as {
      readonly status: { readonly used: Readonly<Record<string, string>> };
    };
    // What the quota asks of every container has to be there.
    const asked = objectsOf(EVERYTHING).map((object) => (object.kind === "Pod" ? withAll(object) : object));
    const created: KubeObject[] = [];
    for (const object of asked) created.push(parseJson(await create(namespace, object)) as KubeObject);
    const usage = sumOf(created.map((object) => usageOf(object, resourceOf(refOf(object)) ?? "")));
    const ours = Object.fromEntries(
      names.map((name) => [name, formatQuantity(usage.get(name) ?? { nanos: 0n, format: "decimal" })]),
    );
    expect(Object.keys(quota.status.used).toSorted()).toEqual(names.toSorted());
    const used = parseJson(await kubectl(["-n", namespace, "get", "quota", "q", "-o", "jsonpath={.status.used}"]));
    expect(ours).toEqual(used);
  });
});

interface PodObject extends KubeObject {
  readonly spec: { readonly containers: readonly KubeObject[]; readonly initContainers?: readonly KubeObject[] };
}

function withAll(object: KubeObject): KubeObject {
  const { spec } = object as PodObject;
  const filled = (container: KubeObject): KubeObject => {
    const { requests, limits } = { requests: {}, limits: {}, ...(container["resources"] as object) };
    const least = { cpu: "4", memory: "1Gi", "ephemeral-storage": "2Gi" };
    return {
      ...container,
      resources: { requests: { "ephemeral-storage": "1Mi", ...requests }, limits: { ...least, ...limits } },
    };
  };
  const initContainers = spec.initContainers && { initContainers: spec.initContainers.map(filled) };
  return { ...object, spec: { ...spec, ...initContainers, containers: spec.containers.map(filled) } };
}

const service = (name: string, namespace: string): KubeObject =>
  objectsOf(`
    apiVersion: v1
    kind: Service
    metadata: {name: ${name}, namespace: ${namespace}}
    spec: {ports: [{port: 80}]}
  `)[0]!;

describe("a quota that each object respects and all together do not", () => {
  test("is a blocker: the server accepts each dry-run, and refuses the last write", async () => {
    const namespace = await freshNamespace();
    const quota = await quotaOf(namespace, "services=2");
    const three = ["a", "b", "c"].map((name) => service(name, namespace));
    for (const object of three) await create(namespace, object, "--dry-run=server");
    const problems = exceededQuotas(
      three.map((object) => planned(object)),
      { quotas: [quota], resourceOf },
    );
    expect(problems).toMatchObject([
      {
        code: "quota-exceeded",
        level: "blocker",
        message: `ResourceQuota ${namespace}/q: together Service ${namespace}/a, Service ${namespace}/b, Service ${namespace}/c ask for 3 more services, but 0 of 2 are used`,
      },
    ]);
    const [first, second, third] = three;
    await create(namespace, first!);
    await create(namespace, second!);
    await expect(create(namespace, third!)).rejects.toThrow(
      "exceeded quota: q, requested: services=1, used: services=2",
    );
    expect(exceededQuotas([planned(first!), planned(second!)], { quotas: [quota], resourceOf })).toEqual([]);
  });
});

describe("a quota with scopes", () => {
  const pod = (name: string, more = ""): KubeObject =>
    objectsOf(
      `{apiVersion: v1, kind: Pod, metadata: {name: ${name}}, spec: {containers: [{name: c, image: "a:1"}]${more}}}`,
    )[0]!;
  const claim = (name: string, more = ""): KubeObject =>
    objectsOf(
      `{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: ${name}}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}${more}}}`,
    )[0]!;
  const affinity = (which: string, more: string): string =>
    `, affinity: {${which}: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: t${more}}]}}`;
  const OBJECTS = [
    pod("plain"),
    pod("near", affinity("podAffinity", "")),
    pod("near-others", affinity("podAffinity", ", namespaces: [x]")),
    pod("far-from-others", affinity("podAntiAffinity", ", namespaceSelector: {}")),
    pod("ends", ", activeDeadlineSeconds: 60"),
    claim("some"),
    claim("gold", ", volumeAttributesClassName: gold"),
  ];
  const selector = (scopeName: string, operator: string, values = ""): string =>
    `scopeSelector: {matchExpressions: [{scopeName: ${scopeName}, operator: ${operator}${values}}]}`;

  test.each([
    ["pods", "scopes: [BestEffort]"],
    ["pods", "scopes: [NotTerminating]"],
    ["pods", selector("Terminating", "Exists")],
    ["pods", "scopes: [CrossNamespacePodAffinity]"],
    ["pods", selector("CrossNamespacePodAffinity", "Exists")],
    ["persistentvolumeclaims", selector("VolumeAttributesClass", "In", ", values: [gold]")],
    ["persistentvolumeclaims", selector("VolumeAttributesClass", "Exists")],
    ["persistentvolumeclaims", selector("VolumeAttributesClass", "NotIn", ", values: [gold]")],
  ])("counts of %s in %s what the API server counts", async (resource, scope) => {
    const namespace = await freshNamespace();
    const text = `{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {${resource}: "100"}, ${scope}}}`;
    await kubectl(["-n", namespace, "create", "-f", "-"], { input: text });
    const read = async (): Promise<string> =>
      kubectl(["-n", namespace, "get", "quota", "q", "-o", `jsonpath={.status.used.${resource}}`]);
    await wait({ what: "quota counted", within: 30_000, of: [], until: async () => (await read()) !== "" });
    for (const object of OBJECTS) await create(namespace, object);
    const quota = objectsOf(text)[0]!;
    const counted = OBJECTS.filter((object) => {
      const spec = object["spec"] as JsonMap;
      return object.kind === "Pod"
        ? resource === "pods" && countsPod(quota, spec) === true
        : resource === "persistentvolumeclaims" && countsClaim(quota, spec) === true;
    });
    expect(`${counted.length}`).toBe(await read());
    expect(counted.length).toBeGreaterThan(0);
  });
});
