import { expect, test } from "vitest";
import { verdictOf } from "../../src/rollout/health.ts";
import { yml } from "../support/yml.ts";

function told(manifest: string, generation = 1): string {
  const verdict = verdictOf(yml`${manifest}`, generation);
  if (verdict.kind === "settling") return `settling: ${verdict.waitingFor}`;
  return verdict.kind === "failed" ? `failed: ${verdict.reason}` : "settled";
}

const deployment = (status: string): string => `
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web}
  spec: {replicas: 2}
  status: ${status}`;

test.each([
  ["{}", "settling: its controller to see it"],
  ["{observedGeneration: 1, replicas: 2, updatedReplicas: 1}", "settling: 1 of 2 pods updated"],
  ["{observedGeneration: 1, replicas: 3, updatedReplicas: 2, availableReplicas: 3}", "settling: old pods to end"],
  ["{observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 1}", "settling: 1 of 2 pods available"],
  ["{observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2}", "settled"],
  [
    "{observedGeneration: 1, conditions: [{type: Progressing, status: 'False', reason: ProgressDeadlineExceeded, message: it took too long}]}",
    "failed: it took too long",
  ],
])("a Deployment with status %s is %s", (status, expected) => {
  expect(told(deployment(status))).toBe(expected);
});

test("no controller that saw an older generation is believed", () => {
  const status = "{observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2}";
  expect(told(deployment(status), 2)).toBe("settling: its controller to see the change");
});

const job = (status: string): string => `
  apiVersion: batch/v1
  kind: Job
  metadata: {name: migrate}
  status: ${status}`;

test.each([
  ["{startTime: now, active: 1}", "settling: the job to finish"],
  ["{conditions: [{type: Complete, status: 'True'}]}", "settled"],
  ["{conditions: [{type: Failed, status: 'True', message: BackoffLimitExceeded}]}", "failed: BackoffLimitExceeded"],
])("a Job with status %s is %s", (status, expected) => {
  expect(told(job(status))).toBe(expected);
});

const custom = (status: string): string => `
  apiVersion: example.com/v1
  kind: Widget
  metadata: {name: w}
  status: ${status}`;

test.each([
  ["{}", "settled"],
  ["{conditions: [{type: Ready, status: 'False', message: no backend}]}", "settling: condition Ready: no backend"],
  ["{conditions: [{type: Stalled, status: 'True', reason: Broken}]}", "failed: Broken"],
  ["{conditions: [{type: Reconciling, status: 'True'}]}", "settling: its controller to reconcile it"],
  ["{conditions: [{type: Ready, status: 'True', observedGeneration: 1}]}", "settled"],
])("a custom resource with status %s is %s", (status, expected) => {
  expect(told(custom(status))).toBe(expected);
});

test("a condition about an older generation is not believed", () => {
  expect(told(custom("{conditions: [{type: Ready, status: 'False', observedGeneration: 1}]}"), 2)).toBe(
    "settling: its controller to see the change",
  );
});

test("an object that is being deleted has failed", () => {
  expect(told("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, deletionTimestamp: now}}")).toBe(
    "failed: it is being deleted",
  );
});
