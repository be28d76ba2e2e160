import { parse } from "yaml";
import { expect, test } from "vitest";
import { withoutAllocated } from "../../src/diff/allocated.ts";
import { formatJson } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { formatPath } from "../../src/model/path.ts";

function told(predicted: string, desired: string, live?: string): readonly string[] {
  const read = (text: string): KubeObject => parse(text) as KubeObject;
  const { object, allocated } = withoutAllocated(
    read(predicted),
    read(desired),
    live === undefined ? live : read(live),
  );
  return [formatJson(object["spec"] ?? null), ...allocated.map(formatPath)];
}

const service = (spec: string): string => `{apiVersion: v1, kind: Service, metadata: {name: web}, spec: ${spec}}`;

test("a port that a dry-run picked is no prediction, one that is live or in Git is", () => {
  const wanted = service(`{type: NodePort, ports: [{name: http, port: 80}, {name: dns, port: 53, nodePort: 30053}]}`);
  const predicted = service(
    `{type: NodePort, clusterIP: 10.0.0.7, ports: [{name: http, port: 80, protocol: TCP, nodePort: 31111}, {name: dns, port: 53, protocol: TCP, nodePort: 30053}]}`,
  );
  const live = service(`{type: ClusterIP, clusterIP: 10.0.0.7, ports: [{name: http, port: 80, protocol: TCP}]}`);
  expect(told(predicted, wanted, live)).toEqual([
    `{"type":"NodePort","clusterIP":"10.0.0.7","ports":[{"name":"http","port":80,"protocol":"TCP"},{"name":"dns","port":53,"protocol":"TCP","nodePort":30053}]}`,
    "spec.ports[name=http].nodePort",
  ]);
  expect(told(predicted, wanted, predicted)).toHaveLength(1);
});

test("a headless Service gets no address", () => {
  const headless = service(`{clusterIP: None, clusterIPs: [None], ports: [{port: 80}]}`);
  expect(told(headless, service(`{clusterIP: None, ports: [{port: 80}]}`))).toHaveLength(1);
});

test("a Job that is made anew gets an identity of its own", () => {
  const job = (labels: string, selector: string): string =>
    `{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {${selector}template: {metadata: {labels: ${labels}}}}}`;
  const predicted = job(
    `{app: a, controller-uid: u, batch.kubernetes.io/controller-uid: u}`,
    `selector: {matchLabels: {batch.kubernetes.io/controller-uid: u}}, `,
  );
  expect(told(predicted, job("{app: a}", ""))).toEqual([
    `{"template":{"metadata":{"labels":{"app":"a"}}}}`,
    "spec.selector",
    "spec.template.metadata.labels.controller-uid",
    `spec.template.metadata.labels["batch.kubernetes.io/controller-uid"]`,
  ]);
  expect(told(predicted, job("{app: a}", ""), predicted)).toHaveLength(1);
});
