import type { JsonMap } from "../../../src/model/json.ts";
import type { Random } from "../random.ts";
import type { Recipe } from "../recipe.ts";
import { podTemplate } from "./pod.ts";

/** The kinds of `batch`. */
export const BATCH: readonly Recipe[] = [
  {
    apiVersion: "batch/v1",
    kind: "Job",
    namespaced: true,
    body: (random, { name }) => ({ spec: jobSpec(random, name) }),
  },
  {
    apiVersion: "batch/v1",
    kind: "CronJob",
    namespaced: true,
    body: (random, { name }) => ({
      spec: {
        schedule: random.pick(["0 3 * * *", "*/5 * * * *"]),
        ...random.maybe(0.4, () => ({ timeZone: random.pick(["Europe/Berlin", "Etc/UTC"]) })),
        ...random.maybe(0.5, () => ({ concurrencyPolicy: random.pick(["Forbid", "Allow", "Replace"]) })),
        ...random.maybe(0.4, () => ({ suspend: random.chance(0.5) })),
        ...random.maybe(0.3, () => ({ successfulJobsHistoryLimit: random.pick([1, 3]) })),
        ...random.maybe(0.3, () => ({ startingDeadlineSeconds: random.pick([60, 120]) })),
        jobTemplate: { spec: jobSpec(random, name) },
      },
    }),
  },
];

function jobSpec(random: Random, name: string): JsonMap {
  return {
    ...random.maybe(0.5, () => ({ backoffLimit: random.pick([0, 2, 6]) })),
    ...random.maybe(0.3, () => ({ parallelism: random.pick([1, 4]) })),
    ...random.maybe(0.3, () => ({ completions: 4 })),
    ...random.maybe(0.3, () => ({ ttlSecondsAfterFinished: random.pick([600, 86_400]) })),
    ...random.maybe(0.3, () => ({ activeDeadlineSeconds: random.pick([300, 900]) })),
    ...random.maybe(0.2, () => ({ suspend: true })),
    template: podTemplate(random, name, { restartPolicy: random.pick(["Never", "OnFailure"]) }),
  };
}
