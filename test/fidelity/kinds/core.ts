import type { Json, JsonMap } from "../../../src/model/json.ts";
import type { Random } from "../random.ts";
import type { Recipe } from "../recipe.ts";
import { podSpec, podTemplate } from "./pod.ts";

/** The kinds of the core group. */
export const CORE: readonly Recipe[] = [
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    namespaced: true,
    body: (random) => ({
      data: {
        ...Object.fromEntries(random.some(SETTINGS, 1, 4)),
        ...random.maybe(0.4, () => ({ "app.properties": random.pick(["a=1\nb=2\n", "a=1\nb=3\n"]) })),
      },
      ...random.maybe(0.3, () => ({ binaryData: { logo: random.pick(["AAEC", "AAED"]) } })),
      ...random.maybe(0.1, () => ({ immutable: true })),
    }),
  },
  {
    apiVersion: "v1",
    kind: "Secret",
    namespaced: true,
    body: (random) => ({
      ...random.maybe(0.5, () => ({ type: "Opaque" })),
      data: Object.fromEntries(random.some(CREDENTIALS, 1, 3)),
      ...random.maybe(0.3, () => ({ stringData: { token: random.pick(["swordfish-1", "swordfish-2"]) } })),
    }),
  },
  { apiVersion: "v1", kind: "Service", namespaced: true, body: (random) => ({ spec: serviceSpec(random) }) },
  {
    apiVersion: "v1",
    kind: "ServiceAccount",
    namespaced: true,
    body: (random) => ({
      ...random.maybe(0.5, () => ({ automountServiceAccountToken: random.chance(0.5) })),
      ...random.maybe(0.6, () => ({ imagePullSecrets: random.some([{ name: "registry" }, { name: "mirror" }], 1, 2) })),
      ...random.maybe(0.3, () => ({ secrets: [{ name: random.pick(["one", "two"]) }] })),
    }),
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    namespaced: true,
    body: (random) => ({
      spec: {
        accessModes: ["ReadWriteOnce"],
        ...random.maybe(0.7, () => ({ storageClassName: "standard" })),
        ...random.maybe(0.2, () => ({ volumeMode: "Filesystem" })),
        resources: { requests: { storage: random.pick(["5Gi", "5120Mi", "1024Mi", "1e9"]) } },
      },
    }),
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolume",
    namespaced: false,
    body: (random, { name }) => ({
      spec: {
        capacity: { storage: random.pick(["1Gi", "1024Mi", "20Gi"]) },
        accessModes: random.some(["ReadWriteOnce", "ReadOnlyMany"], 1, 2),
        persistentVolumeReclaimPolicy: random.pick(["Retain", "Delete"]),
        storageClassName: name,
        ...random.maybe(0.3, () => ({ mountOptions: ["hard", "nfsvers=4.1"] })),
        csi: { driver: "disk.example.com", volumeHandle: name, ...random.maybe(0.5, () => ({ fsType: "ext4" })) },
      },
    }),
  },
  {
    apiVersion: "v1",
    kind: "ResourceQuota",
    namespaced: true,
    body: (random) => ({
      spec: {
        hard: {
          pods: random.pick<Json>(["100", 100, "1e3"]),
          ...random.maybe(0.6, () => ({ "requests.cpu": random.pick<Json>(["20", "20000m", 20]) })),
          ...random.maybe(0.6, () => ({ "requests.memory": random.pick(["40Gi", "40960Mi"]) })),
          ...random.maybe(0.4, () => ({ "count/jobs.batch": "10" })),
        },
        ...random.maybe(0.2, () => ({ scopes: ["NotTerminating"] })),
      },
    }),
  },
  {
    apiVersion: "v1",
    kind: "LimitRange",
    namespaced: true,
    body: (random) => ({
      spec: {
        limits: [
          {
            type: "Container",
            default: { cpu: random.pick(["500m", "0.5"]), memory: "512Mi" },
            ...random.maybe(0.5, () => ({ defaultRequest: { cpu: random.pick(["100m", "0.1"]) } })),
            ...random.maybe(0.3, () => ({ max: { cpu: "2", memory: random.pick(["2Gi", "2048Mi"]) } })),
          },
          ...(random.chance(0.4)
            ? [{ type: "PersistentVolumeClaim", max: { storage: random.pick(["10Gi", "20Gi"]) } }]
            : []),
        ],
      },
    }),
  },
  {
    apiVersion: "v1",
    kind: "Namespace",
    namespaced: false,
    body: (random) => ({
      metadata: {
        labels: {
          "pod-security.kubernetes.io/enforce": random.pick(["baseline", "restricted", "privileged"]),
          ...random.maybe(0.5, () => ({ environment: random.pick(["staging", "production"]) })),
        },
      },
    }),
  },
  {
    apiVersion: "v1",
    kind: "Pod",
    namespaced: true,
    body: (random) => ({ spec: { serviceAccountName: "robot", ...podSpec(random) } }),
  },
  {
    apiVersion: "v1",
    kind: "Endpoints",
    namespaced: true,
    body: (random) => ({
      subsets: [
        {
          addresses: random.some([{ ip: "10.9.0.1" }, { ip: "10.9.0.2", hostname: "b" }, { ip: "10.9.0.3" }], 1, 3),
          ports: [{ port: random.pick([80, 8080]), ...random.maybe(0.5, () => ({ protocol: "TCP" })) }],
        },
      ],
    }),
  },
  {
    apiVersion: "v1",
    kind: "ReplicationController",
    namespaced: true,
    scales: true,
    body: (random, { name }) => ({
      spec: {
        ...random.maybe(0.8, () => ({ replicas: random.pick([0, 1, 2]) })),
        ...random.maybe(0.7, () => ({ selector: { app: name } })),
        template: podTemplate(random, name),
      },
    }),
  },
  {
    apiVersion: "v1",
    kind: "PodTemplate",
    namespaced: true,
    body: (random, { name }) => ({ template: podTemplate(random, name) }),
  },
];

const SETTINGS: readonly (readonly [string, string])[] = [
  ["LOG_LEVEL", "info"],
  ["FEATURES", "a,b"],
  ["EMPTY", ""],
  ["NUMBER", "080"],
  ["TEXT", "first line\n  second line\n"],
];

const CREDENTIALS: readonly (readonly [string, string])[] = [
  ["user", "c2hvcA=="],
  ["password", "c3dvcmRmaXNoLTQ3MTE="],
  ["empty", ""],
  ["certificate", "LS0tLS1CRUdJTi0tLS0t"],
];

function serviceSpec(random: Random): JsonMap {
  const ports = random.some(SERVICE_PORTS, 1, 3);
  return {
    ...random.pick<JsonMap>([
      {},
      {},
      { type: "ClusterIP" },
      { clusterIP: "None" },
      { type: "NodePort" },
      { type: "LoadBalancer", externalTrafficPolicy: random.pick(["Local", "Cluster"]) },
    ]),
    ...random.maybe(0.8, () => ({ selector: { app: random.pick(["web", "api"]) } })),
    ...random.maybe(0.2, () => ({ sessionAffinity: "ClientIP" })),
    ...random.maybe(0.2, () => ({ publishNotReadyAddresses: true })),
    ports,
  };
}

const SERVICE_PORTS: readonly JsonMap[] = [
  { name: "http", port: 80, targetPort: "http" },
  { name: "metrics", port: 9090, protocol: "TCP", targetPort: 9090 },
  { name: "dns", port: 53, protocol: "UDP" },
  { name: "https", port: 443, targetPort: 8443, appProtocol: "https" },
];
