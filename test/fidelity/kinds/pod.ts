import type { Json, JsonMap } from "../../../src/model/json.ts";
import type { Random } from "../random.ts";

/** A pod template whose labels a selector of `app: <name>` finds. */
export function podTemplate(random: Random, name: string, options: PodOptions = {}): JsonMap {
  return {
    metadata: {
      labels: { app: name, ...random.maybe(0.4, () => ({ track: random.pick(["stable", "canary"]) })) },
      ...random.maybe(0.3, () => ({ annotations: { "example.com/checksum": random.pick(["a1b2", "c3d4"]) } })),
    },
    spec: podSpec(random, options),
  };
}

export interface PodOptions {
  /** Default: as the server has it. */
  readonly restartPolicy?: "Never" | "OnFailure";
}

/** A pod as teams write it, from three lines to a hundred. */
export function podSpec(random: Random, { restartPolicy }: PodOptions = {}): JsonMap {
  const names = random.some(["web", "worker", "metrics"], 1, 3);
  const volumes = random.some(VOLUMES, 0, 4);
  return {
    ...(restartPolicy && { restartPolicy }),
    containers: names.map((name, index) => container(random, { name, volumes, firstPort: 8000 + 100 * index })),
    ...random.maybe(0.3, () => ({ initContainers: [initContainer(random)] })),
    ...(volumes.length > 0 && { volumes }),
    ...random.maybe(0.3, () => ({ nodeSelector: { "kubernetes.io/os": random.pick(["linux", "windows"]) } })),
    ...random.maybe(0.3, () => ({ tolerations: random.some(TOLERATIONS, 1, 2) })),
    ...random.maybe(0.3, () => ({ affinity: random.pick(AFFINITIES) })),
    ...random.maybe(0.2, () => ({ topologySpreadConstraints: random.some(SPREADS, 1, 2) })),
    ...random.maybe(0.2, () => ({ hostAliases: random.some(HOST_ALIASES, 1, 2) })),
    ...random.maybe(0.3, () => ({ imagePullSecrets: random.some([{ name: "registry" }, { name: "mirror" }], 1, 2) })),
    ...random.maybe(0.2, () => ({ dnsConfig: { options: [{ name: "ndots", value: random.pick(["2", "5"]) }] } })),
    ...random.maybe(0.3, () => ({ terminationGracePeriodSeconds: random.pick([5, 30, 60]) })),
    ...random.maybe(0.4, () => ({ securityContext: podSecurity(random) })),
    ...random.maybe(0.1, () => ({ automountServiceAccountToken: false })),
  };
}

function container(
  random: Random,
  given: { readonly name: string; readonly volumes: readonly Volume[]; readonly firstPort: number },
): JsonMap {
  const { name, volumes, firstPort } = given;
  return {
    name,
    image: `registry.example/shop/${name}:${random.pick(["1.4.0", "1.5.0", "latest"])}`,
    ...random.maybe(0.3, () => ({ imagePullPolicy: random.pick(["Always", "IfNotPresent"]) })),
    ...random.maybe(0.3, () => ({ command: random.pick([["serve"], ["sh", "-c", "exec serve"]]) })),
    ...random.maybe(0.4, () => ({ args: random.pick([["--port=8080"], ["--port=8080", "--verbose"], ["-v", "-v"]]) })),
    ...random.maybe(0.6, () => ({ env: random.some(ENVIRONMENT, 1, 5) })),
    ...random.maybe(0.2, () => ({ envFrom: [{ configMapRef: { name: random.pick(["one", "two"]) } }] })),
    ...random.maybe(0.6, () => ({ ports: ports(random, firstPort) })),
    ...random.maybe(0.6, () => ({ resources: resources(random) })),
    ...random.maybe(0.4, () => ({ livenessProbe: probe(random) })),
    ...random.maybe(0.3, () => ({ readinessProbe: probe(random) })),
    ...random.maybe(0.2, () => ({
      lifecycle: { preStop: { exec: { command: ["sleep", random.pick(["5", "10"])] } } },
    })),
    ...random.maybe(0.3, () => ({ securityContext: containerSecurity(random) })),
    ...(volumes.length > 0 && { volumeMounts: random.shuffled(volumes).map((volume) => mountOf(random, volume)) }),
  };
}

function initContainer(random: Random): JsonMap {
  return {
    name: "migrate",
    image: random.pick(["registry.example/shop/migrate:1", "registry.example/shop/migrate:2"]),
    ...random.maybe(0.5, () => ({ env: random.some(ENVIRONMENT, 1, 2) })),
    ...random.maybe(0.2, () => ({ restartPolicy: "Always" })),
  };
}

function mountOf(random: Random, { name }: Volume): JsonMap {
  return {
    name,
    mountPath: `/mnt/${name}`,
    ...random.maybe(0.3, () => ({ readOnly: true })),
    ...random.maybe(0.2, () => ({ subPath: "part" })),
  };
}

function ports(random: Random, first: number): readonly JsonMap[] {
  return [
    { containerPort: first, ...random.maybe(0.5, () => ({ name: `p${first}` })), ...random.maybe(0.5, () => TCP) },
    ...(random.chance(0.5) ? [{ containerPort: first + 1, protocol: "UDP", name: `u${first}` }] : []),
    ...(random.chance(0.3) ? [{ containerPort: first, protocol: "UDP" }] : []),
  ];
}

const TCP = { protocol: "TCP" };

/** Quantities in every spelling that manifests have. */
function resources(random: Random): JsonMap {
  return {
    requests: {
      cpu: random.pick<Json>(["100m", "0.1", "0.25"]),
      memory: random.pick(["128Mi", "0.125Gi", "131072Ki"]),
    },
    ...random.maybe(0.7, () => ({
      limits: {
        cpu: random.pick<Json>([1, "1", "1000m", "1.5", "2e0"]),
        memory: random.pick<Json>(["1Gi", "1024Mi", "1048576Ki", 1_073_741_824]),
      },
    })),
  };
}

function probe(random: Random): JsonMap {
  return {
    ...random.pick<JsonMap>([
      { httpGet: { path: "/healthz", port: 8080 } },
      { httpGet: { path: "/", port: "http", scheme: "HTTPS", httpHeaders: [{ name: "X-A", value: "1" }] } },
      { tcpSocket: { port: 5432 } },
      { exec: { command: ["true"] } },
    ]),
    ...random.maybe(0.4, () => ({ periodSeconds: random.pick([5, 10, 20]) })),
    ...random.maybe(0.3, () => ({ initialDelaySeconds: random.pick([0, 3]) })),
    ...random.maybe(0.3, () => ({ failureThreshold: random.pick([3, 6]) })),
  };
}

function podSecurity(random: Random): JsonMap {
  return {
    runAsNonRoot: true,
    ...random.maybe(0.5, () => ({ fsGroup: random.pick([1000, 2000]), supplementalGroups: [1, 2] })),
    ...random.maybe(0.5, () => ({ seccompProfile: { type: "RuntimeDefault" } })),
  };
}

function containerSecurity(random: Random): JsonMap {
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: random.chance(0.5),
    ...random.maybe(0.6, () => ({
      capabilities: { drop: ["ALL"], ...random.maybe(0.4, () => ({ add: ["NET_ADMIN"] })) },
    })),
  };
}

const ENVIRONMENT: readonly JsonMap[] = [
  { name: "LOG_LEVEL", value: "info" },
  { name: "REGION", value: "eu-1" },
  { name: "URL", value: "https://$(REGION).example.com" },
  { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
  { name: "NODE", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "spec.nodeName" } } },
  { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "database", key: "password", optional: true } } },
  { name: "CPUS", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } },
  { name: "FLAGS", valueFrom: { configMapKeyRef: { name: "flags", key: "all" } } },
];

interface Volume extends JsonMap {
  readonly name: string;
}

const VOLUMES: readonly Volume[] = [
  { name: "config", configMap: { name: "settings" } },
  { name: "keys", secret: { secretName: "keys", items: [{ key: "a", path: "a.pem" }] } },
  { name: "scratch", emptyDir: { sizeLimit: "1024Mi" } },
  { name: "cache", emptyDir: {} },
  { name: "host", hostPath: { path: "/var/log" } },
  {
    name: "token",
    projected: {
      sources: [
        { serviceAccountToken: { path: "token", audience: "vault" } },
        { downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] } },
      ],
    },
  },
  { name: "about", downwardAPI: { items: [{ path: "name", fieldRef: { fieldPath: "metadata.name" } }] } },
];

const TOLERATIONS: readonly JsonMap[] = [
  { key: "dedicated", operator: "Equal", value: "shop", effect: "NoSchedule" },
  { operator: "Exists", effect: "NoExecute", tolerationSeconds: 60 },
];

const AFFINITIES: readonly JsonMap[] = [
  {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "web" } } },
        },
      ],
    },
  },
  {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: "disk", operator: "In", values: ["ssd", "nvme"] }] }],
      },
    },
  },
];

const SPREADS: readonly JsonMap[] = [
  {
    maxSkew: 1,
    topologyKey: "topology.kubernetes.io/zone",
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { app: "web" } },
  },
  { maxSkew: 2, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "DoNotSchedule" },
];

const HOST_ALIASES: readonly JsonMap[] = [
  { ip: "10.0.0.1", hostnames: ["a.example", "b.example"] },
  { ip: "10.0.0.2", hostnames: ["c.example"] },
];
