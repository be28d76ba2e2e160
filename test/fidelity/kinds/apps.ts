import type { JsonMap } from "../../../src/model/json.ts";
import type { Random } from "../random.ts";
import type { Recipe } from "../recipe.ts";
import { podTemplate } from "./pod.ts";

/** The kinds of `apps`. */
export const APPS: readonly Recipe[] = [
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    namespaced: true,
    scales: true,
    status: { replicas: 1, updatedReplicas: 1, observedGeneration: 1 },
    body: (random, { name }) => ({
      spec: {
        ...random.maybe(0.8, () => ({ replicas: random.pick([0, 1, 2, 3]) })),
        ...random.maybe(0.3, () => ({ revisionHistoryLimit: random.pick([3, 10]) })),
        ...random.maybe(0.4, () => ({ strategy: strategy(random) })),
        ...random.maybe(0.2, () => ({ minReadySeconds: random.pick([0, 5]) })),
        ...random.maybe(0.2, () => ({ progressDeadlineSeconds: random.pick([300, 600]) })),
        ...random.maybe(0.1, () => ({ paused: true })),
        selector: selector(name),
        template: podTemplate(random, name),
      },
    }),
  },
  {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    namespaced: true,
    scales: true,
    status: { replicas: 1, observedGeneration: 1 },
    body: (random, { name }) => ({
      spec: {
        serviceName: "db",
        ...random.maybe(0.8, () => ({ replicas: random.pick([1, 3]) })),
        ...random.maybe(0.3, () => ({ podManagementPolicy: "Parallel" })),
        ...random.maybe(0.4, () => ({
          updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: random.int(2) } },
        })),
        ...random.maybe(0.3, () => ({
          persistentVolumeClaimRetentionPolicy: {
            whenDeleted: random.pick(["Retain", "Delete"]),
            whenScaled: "Retain",
          },
        })),
        selector: selector(name),
        template: podTemplate(random, name),
        ...random.maybe(0.6, () => ({ volumeClaimTemplates: [claimTemplate(random)] })),
      },
    }),
  },
  {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    namespaced: true,
    body: (random, { name }) => ({
      spec: {
        selector: selector(name),
        ...random.maybe(0.4, () => ({
          updateStrategy: random.pick<JsonMap>([
            { type: "OnDelete" },
            { type: "RollingUpdate", rollingUpdate: { maxUnavailable: random.pick<string | number>([1, "10%"]) } },
          ]),
        })),
        template: podTemplate(random, name),
      },
    }),
  },
  {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    namespaced: true,
    scales: true,
    body: (random, { name }) => ({
      spec: {
        ...random.maybe(0.7, () => ({ replicas: random.pick([0, 2]) })),
        selector: selector(name),
        template: podTemplate(random, name),
      },
    }),
  },
];

export function selector(name: string): JsonMap {
  return { matchLabels: { app: name } };
}

function strategy(random: Random): JsonMap {
  return random.pick<JsonMap>([
    { type: "Recreate" },
    { type: "RollingUpdate", rollingUpdate: { maxSurge: random.pick<string | number>(["25%", 1]), maxUnavailable: 0 } },
    { rollingUpdate: { maxUnavailable: "50%" } },
  ]);
}

function claimTemplate(random: Random): JsonMap {
  return {
    metadata: { name: "data" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: random.pick(["10Gi", "10240Mi"]) } } },
  };
}
