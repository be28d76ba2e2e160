import { expect, test } from "vitest";
import { autoscaledPaths } from "../../src/diff/autoscaler.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { formatPath } from "../../src/model/path.ts";
import { yml } from "../support/yml.ts";

function lines(...autoscalers: readonly KubeObject[]): readonly string[] {
  return [...autoscaledPaths(autoscalers)].flatMap(([workload, fields]) =>
    fields.map(({ path, by, extent }) => `${workload} ${formatPath(path)} by ${by} (${extent})`),
  );
}

const HPA = yml`
  apiVersion: autoscaling/v2
  kind: HorizontalPodAutoscaler
  metadata: {name: web, namespace: shop}
  spec: {scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: web}, maxReplicas: 5}`;

test("a HorizontalPodAutoscaler looks after the replicas of its target, told once when it is in Git and in the cluster", () => {
  expect(lines(HPA, HPA)).toEqual([
    "apps/StatefulSet/shop/web spec.replicas by autoscaling/HorizontalPodAutoscaler shop/web (field)",
  ]);
});

test("a ScaledObject of KEDA looks after a Deployment unless it says otherwise", () => {
  const scaled = (target: string): KubeObject => yml`
    apiVersion: keda.sh/v1alpha1
    kind: ScaledObject
    metadata: {name: queue, namespace: shop}
    spec: {scaleTargetRef: ${target}}`;
  const [plain, other] = ["{name: web}", "{apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: web}"];
  expect(lines(scaled(plain), scaled(other))).toEqual([
    "apps/Deployment/shop/web spec.replicas by keda.sh/ScaledObject shop/queue (field)",
    "argoproj.io/Rollout/shop/web spec.replicas by keda.sh/ScaledObject shop/queue (field)",
  ]);
});

test("a VerticalPodAutoscaler has a say over the resources of all containers, unless it only recommends", () => {
  const vertical = (name: string, kind: string, rest: string): KubeObject => yml`
    apiVersion: autoscaling.k8s.io/v1
    kind: VerticalPodAutoscaler
    metadata: {name: ${name}, namespace: shop}
    spec: {targetRef: {apiVersion: batch/v1, kind: ${kind}, name: ${name}}${rest}}`;
  const by = "by autoscaling.k8s.io/VerticalPodAutoscaler shop/nightly (foreign)";
  expect(
    lines(vertical("nightly", "CronJob", ""), vertical("once", "Job", ", updatePolicy: {updateMode: 'Off'}")),
  ).toEqual([
    `batch/CronJob/shop/nightly spec.jobTemplate.spec.template.spec.containers[*].resources ${by}`,
    `batch/CronJob/shop/nightly spec.jobTemplate.spec.template.spec.initContainers[*].resources ${by}`,
  ]);
});

test("what is no autoscaler, and one without a target, look after nothing", () => {
  const other = { ...HPA, apiVersion: "example.com/v1" };
  const targetless = { ...HPA, spec: { maxReplicas: 5 } };
  expect(lines(other, targetless)).toEqual([]);
});
