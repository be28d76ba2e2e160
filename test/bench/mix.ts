import type { JsonMap } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";

/** Which objects a contender keeps in the cluster. */
export interface Mix {
  readonly size: number;
  /** What the names of its namespaces begin with. */
  readonly prefix: string;
  /** 0 at first; another version changes 1 % of the objects, always the same ones. */
  readonly version: number;
}

const NAMESPACES = 20;

/**
 * Generated objects of an ordinary set of applications: of ten, three Deployments, two Services, three ConfigMaps, a
 * ServiceAccount and an Ingress, over 20 namespaces. The same mix gives the same objects.
 */
export function objectsOf({ size, prefix, version }: Mix): readonly KubeObject[] {
  return Array.from({ length: size }, (_, index) => {
    const kind = KINDS[index % KINDS.length]!;
    const revision = isChanged(index) ? version : 0;
    const group = Math.floor(index / KINDS.length);
    const namespace = `${prefix}-${group % NAMESPACES}`;
    return kind({ name: `app-${index}`, namespace, index, revision });
  });
}

/** The namespaces that the objects of a prefix may lie in. */
export function namespacesOf(prefix: string): readonly string[] {
  return Array.from({ length: NAMESPACES }, (_, index) => `${prefix}-${index}`);
}

/** How many objects differ between two versions. */
export function changedIn(size: number): number {
  return Array.from({ length: size }, (_, index) => index).filter(isChanged).length;
}

/** Where the objects of each kind are listed. */
export const COLLECTIONS = [
  { kind: "Deployment", api: "/apis/apps/v1", plural: "deployments" },
  { kind: "Service", api: "/api/v1", plural: "services" },
  { kind: "ConfigMap", api: "/api/v1", plural: "configmaps" },
  { kind: "ServiceAccount", api: "/api/v1", plural: "serviceaccounts" },
  { kind: "Ingress", api: "/apis/networking.k8s.io/v1", plural: "ingresses" },
] as const;

/** The URL path of an object of the mix. */
export function pathOf({ kind, metadata }: KubeObject): string {
  const collection = COLLECTIONS.find((one) => one.kind === kind);
  if (collection === undefined) throw new Error(`${kind}: no kind of the mix`);
  return `${collection.api}/namespaces/${metadata.namespace}/${collection.plural}/${metadata.name}`;
}

// One of a hundred, another kind each time.
const isChanged = (index: number): boolean => index % 100 === Math.floor(index / 100) % KINDS.length;

interface Slot {
  readonly name: string;
  readonly namespace: string;
  readonly index: number;
  readonly revision: number;
}

const KINDS: readonly ((slot: Slot) => KubeObject)[] = [
  deployment,
  service,
  configMap,
  deployment,
  ingress,
  configMap,
  serviceAccount,
  deployment,
  service,
  configMap,
];

function metadataOf({ name, namespace, index }: Slot): KubeObject["metadata"] {
  const labels = {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/part-of": "bench",
    "app.kubernetes.io/version": `1.${index % 7}.0`,
    team: `team-${index % 9}`,
  };
  return { name, namespace, labels };
}

function deployment(slot: Slot): KubeObject {
  const labels = { "app.kubernetes.io/name": slot.name };
  const podLabels = { ...labels, team: `team-${slot.index % 9}` };
  const spec = {
    serviceAccountName: "default",
    securityContext: { runAsNonRoot: true, runAsUser: 10001 },
    containers: [mainContainer(slot), sidecar(slot)],
    volumes: [{ name: "config", configMap: { name: `${slot.name}-config` } }],
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(slot),
    spec: {
      replicas: 1 + (slot.index % 3),
      revisionHistoryLimit: 3,
      selector: { matchLabels: labels },
      template: { metadata: { labels: podLabels, annotations: { "prometheus.io/scrape": "true" } }, spec },
    },
  };
}

function mainContainer({ name, index, revision }: Slot): JsonMap {
  const probe = { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 10 };
  return {
    name: "main",
    image: `registry.example.com/shop/${name}:1.4.${revision}`,
    args: ["--listen=:8080", `--shard=${index % 16}`, "--log-format=json"],
    ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
    env: [
      { name: "LOG_LEVEL", value: "info" },
      { name: "DATABASE_URL", value: `postgres://db-${index % 5}.data.svc:5432/shop` },
      { name: "CACHE_SIZE", value: "256" },
      { name: "POD_NAME", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } },
    ],
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
    livenessProbe: probe,
    readinessProbe: { ...probe, httpGet: { path: "/ready", port: 8080 } },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
    volumeMounts: [{ name: "config", mountPath: "/etc/app", readOnly: true }],
  };
}

function sidecar({ index }: Slot): JsonMap {
  return {
    name: "metrics",
    image: `registry.example.com/shared/exporter:0.9.${index % 4}`,
    ports: [{ name: "metrics", containerPort: 9102, protocol: "TCP" }],
    resources: { requests: { cpu: "10m", memory: "16Mi" } },
  };
}

function service(slot: Slot): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(slot),
    spec: {
      type: "ClusterIP",
      selector: { "app.kubernetes.io/name": slot.name },
      ports: [
        { name: "http", port: 80, targetPort: 8080 + slot.revision, protocol: "TCP" },
        { name: "metrics", port: 9102, targetPort: 9102, protocol: "TCP" },
      ],
    },
  };
}

function configMap(slot: Slot): KubeObject {
  const settings = Array.from({ length: 12 }, (_, line) => `setting.${line} = value-${(slot.index * 31 + line) % 997}`);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf(slot),
    data: {
      "application.properties": `${[...settings, `revision = ${slot.revision}`].join("\n")}\n`,
      LOG_LEVEL: "info",
      FEATURE_FLAGS: "checkout,search,reviews",
    },
  };
}

function serviceAccount(slot: Slot): KubeObject {
  const metadata = { ...metadataOf(slot), annotations: { "example.com/role": `shop-${slot.revision}` } };
  return { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false };
}

function ingress(slot: Slot): KubeObject {
  const backend = { service: { name: slot.name, port: { name: "http" } } };
  const path = { path: `/v${slot.revision}`, pathType: "Prefix", backend };
  const host = `${slot.name}.example.com`;
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: metadataOf(slot),
    spec: {
      ingressClassName: "nginx",
      rules: [{ host, http: { paths: [path] } }],
      tls: [{ hosts: [host], secretName: `${slot.name}-tls` }],
    },
  };
}
