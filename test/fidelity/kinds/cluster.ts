import type { Json, JsonMap } from "../../../src/model/json.ts";
import type { KubeObject } from "../../../src/model/object.ts";
import type { Random } from "../random.ts";
import type { Recipe } from "../recipe.ts";

/** Autoscaling, storage, scheduling, leases, flow control and runtime classes. */
export const CLUSTER: readonly Recipe[] = [
  {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    namespaced: true,
    inOtherVersion: inAutoscaling1,
    body: (random) => ({
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: random.pick(["web", "api"]) },
        ...random.maybe(0.7, () => ({ minReplicas: random.pick([1, 2]) })),
        maxReplicas: random.pick([5, 10]),
        ...random.maybe(0.8, () => ({ metrics: random.some(METRICS, 1, 3) })),
        ...random.maybe(0.4, () => ({ behavior: behavior(random) })),
      },
    }),
  },
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    namespaced: false,
    body: (random) => ({
      provisioner: "disk.example.com",
      ...random.maybe(0.7, () => ({ parameters: { type: random.pick(["ssd", "hdd"]) } })),
      ...random.maybe(0.5, () => ({ allowVolumeExpansion: random.chance(0.5) })),
      ...random.maybe(0.5, () => ({ reclaimPolicy: random.pick(["Delete", "Retain"]) })),
      ...random.maybe(0.5, () => ({ volumeBindingMode: random.pick(["WaitForFirstConsumer", "Immediate"]) })),
      ...random.maybe(0.3, () => ({ mountOptions: random.some(["debug", "noatime"], 1, 2) })),
    }),
  },
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "CSIDriver",
    namespaced: false,
    body: (random) => ({
      spec: {
        ...random.maybe(0.6, () => ({ attachRequired: false })),
        ...random.maybe(0.6, () => ({ podInfoOnMount: random.chance(0.5) })),
        ...random.maybe(0.4, () => ({ volumeLifecycleModes: ["Persistent", "Ephemeral"] })),
        ...random.maybe(0.4, () => ({
          tokenRequests: [{ audience: "vault", expirationSeconds: random.pick([3600, 7200]) }],
        })),
      },
    }),
  },
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "VolumeAttributesClass",
    namespaced: false,
    inOtherVersion: (object) => ({ ...object, apiVersion: "storage.k8s.io/v1beta1" }),
    body: (random) => ({
      driverName: "disk.example.com",
      parameters: { iops: random.pick(["3000", "4000"]), ...random.maybe(0.5, () => ({ throughput: "125" })) },
    }),
  },
  {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    namespaced: false,
    body: (random) => ({
      value: random.pick([1000, 1000, 2000]),
      ...random.maybe(0.6, () => ({ description: random.pick(["for the shop", "for tests"]) })),
      ...random.maybe(0.4, () => ({ globalDefault: false })),
      ...random.maybe(0.4, () => ({ preemptionPolicy: "Never" })),
    }),
  },
  {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    namespaced: true,
    body: (random) => ({
      spec: {
        holderIdentity: random.pick(["one", "two"]),
        ...random.maybe(0.7, () => ({ leaseDurationSeconds: random.pick([15, 30]) })),
        ...random.maybe(0.4, () => ({ renewTime: "2026-01-01T00:00:00.000000Z" })),
      },
    }),
  },
  {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1",
    kind: "FlowSchema",
    namespaced: false,
    body: (random) => ({
      spec: {
        priorityLevelConfiguration: { name: random.pick(["exempt", "global-default"]) },
        ...random.maybe(0.8, () => ({ matchingPrecedence: random.pick([9000, 9500]) })),
        ...random.maybe(0.5, () => ({ distinguisherMethod: { type: random.pick(["ByUser", "ByNamespace"]) } })),
        rules: [
          {
            subjects: random.some(
              [
                { kind: "User", user: { name: "nobody" } },
                { kind: "Group", group: { name: "no-such-group" } },
                { kind: "ServiceAccount", serviceAccount: { name: "none", namespace: "none" } },
              ],
              1,
              3,
            ),
            nonResourceRules: [{ verbs: ["get"], nonResourceURLs: [random.pick(["/no", "/nothing"])] }],
          },
        ],
      },
    }),
  },
  {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1",
    kind: "PriorityLevelConfiguration",
    namespaced: false,
    body: (random) => ({
      spec: {
        type: "Limited",
        limited: {
          ...random.maybe(0.7, () => ({ nominalConcurrencyShares: random.pick([1, 2]) })),
          ...random.maybe(0.5, () => ({ lendablePercent: random.pick([0, 50]) })),
          limitResponse: random.pick<JsonMap>([
            { type: "Reject" },
            { type: "Queue", queuing: { queues: 8, handSize: 2, queueLengthLimit: random.pick([10, 50]) } },
          ]),
        },
      },
    }),
  },
  {
    apiVersion: "node.k8s.io/v1",
    kind: "RuntimeClass",
    namespaced: false,
    body: (random) => ({
      handler: random.pick(["runc", "runc", "gvisor"]),
      ...random.maybe(0.5, () => ({
        overhead: { podFixed: { memory: random.pick(["64Mi", "65536Ki"]), cpu: "250m" } },
      })),
      ...random.maybe(0.5, () => ({ scheduling: { nodeSelector: { runtime: "runc" } } })),
    }),
  },
  {
    apiVersion: "resource.k8s.io/v1",
    kind: "DeviceClass",
    namespaced: false,
    inOtherVersion: (object) => ({ ...object, apiVersion: "resource.k8s.io/v1beta2" }),
    body: (random) => ({
      spec: {
        selectors: random.some(["gpu", "nic"], 1, 2).map((driver) => ({
          cel: { expression: `device.driver == '${driver}.example.com'` },
        })),
        ...random.maybe(0.5, () => ({ config: [deviceConfig(random)] })),
      },
    }),
  },
  {
    apiVersion: "resource.k8s.io/v1",
    kind: "ResourceClaimTemplate",
    namespaced: true,
    inOtherVersion: (object) => ({ ...object, apiVersion: "resource.k8s.io/v1beta2" }),
    body: (random) => ({
      spec: {
        spec: {
          devices: {
            requests: random.some(["one", "two"], 1, 2).map((name) => ({
              name,
              exactly: { deviceClassName: "gpu", ...random.maybe(0.5, () => ({ count: 2 })) },
            })),
          },
        },
      },
    }),
  },
];

function deviceConfig(random: Random): JsonMap {
  return {
    opaque: {
      driver: "gpu.example.com",
      parameters: { mode: random.pick(["shared", "alone"]), list: [1, { a: "b" }] },
    },
  };
}

const METRICS: readonly JsonMap[] = [
  { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } },
  { type: "Resource", resource: { name: "memory", target: { type: "AverageValue", averageValue: "1024Mi" } } },
  { type: "Pods", pods: { metric: { name: "requests" }, target: { type: "AverageValue", averageValue: "1000m" } } },
];

function behavior(random: Random): JsonMap {
  return {
    scaleDown: {
      stabilizationWindowSeconds: random.pick([60, 300]),
      policies: random.some<JsonMap>(
        [
          { type: "Percent", value: 10, periodSeconds: 60 },
          { type: "Pods", value: 2, periodSeconds: 30 },
        ],
        1,
        2,
      ),
    },
  };
}

/** What autoscaling/v1 can say of it: one target for the CPU. */
function inAutoscaling1(object: KubeObject): KubeObject {
  const { metrics: _metrics, behavior: _behavior, ...spec } = object["spec"] as JsonMap;
  const target: Json = 70;
  return { ...object, apiVersion: "autoscaling/v1", spec: { ...spec, targetCPUUtilizationPercentage: target } };
}
