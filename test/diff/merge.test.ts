import { expect, test } from "vitest";
import { mergePrediction } from "../../src/diff/merge.ts";
import { mergedOrder } from "../../src/diff/merge-list.ts";
import type { JsonMap } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { yml } from "../support/yml.ts";

interface Claim {
  readonly manager: string;
  readonly fields: string;
}

/** A live object whose fields are claimed as some YAML says, each by an apply but for kubectl's edits. */
function claimed(object: KubeObject, ...claims: readonly Claim[]): KubeObject {
  const managedFields = claims.map(({ manager, fields }) => ({
    manager,
    operation: manager === "kubectl-edit" ? "Update" : "Apply",
    apiVersion: object.apiVersion,
    fieldsV1: yml`${fields}` as JsonMap,
  }));
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

function merged(sent: KubeObject, live: KubeObject): JsonMap {
  const { managedFields: _claims, ...metadata } = mergePrediction(sent, live).object.metadata;
  return { ...mergePrediction(sent, live).object, metadata };
}

const settings = (data: string): KubeObject =>
  yml`{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: ${data}}`;

test("what is sent is set, what only we own goes, what others own stays", () => {
  const live = claimed(
    settings("{ours: '1', shared: '1', theirs: '1', changed: '1'}"),
    { manager: "plumbline", fields: "{f:data: {f:ours: {}, f:shared: {}, f:changed: {}}}" },
    { manager: "mesh", fields: "{f:data: {f:shared: {}, f:theirs: {}}}" },
  );
  expect(merged(settings("{changed: '2', new: x}"), live)).toEqual(
    settings("{shared: '1', theirs: '1', changed: '2', new: x}"),
  );
});

test("an object that already is as it is sent is the same, and nothing is unseen", () => {
  const live = claimed(settings("{a: '1'}"), { manager: "plumbline", fields: "{f:data: {f:a: {}}}" });
  expect(mergePrediction(settings("{a: '1'}"), live)).toEqual({ object: live, unseen: [] });
  expect(mergePrediction(settings("{a: '2'}"), live).unseen).toContain("defaults that the API server fills in");
});

test("what another tool left is ours to remove once its claims are absorbed", () => {
  const live = claimed(settings("{a: '1', old: '1'}"), {
    manager: "kubectl-edit",
    fields: "{f:data: {f:a: {}, f:old: {}}}",
  });
  expect(mergePrediction(settings("{a: '1'}"), live).object["data"]).toEqual({ a: "1", old: "1" });
  const { object } = mergePrediction(settings("{a: '1'}"), live, live.metadata.managedFields);
  expect(object["data"]).toEqual({ a: "1" });
});

const pod = (spec: string): KubeObject => yml`{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: ${spec}}`;

test("a sidecar that another manager put in stays, one of ours goes with what others wrote into it", () => {
  const live = claimed(
    pod("{containers: [{name: app, image: a}, {name: old, image: o, tty: true}, {name: proxy, image: p}]}"),
    {
      manager: "plumbline",
      fields: `{f:spec: {f:containers: {'k:{"name":"app"}': {.: {}, f:image: {}}, 'k:{"name":"old"}': {.: {}, f:image: {}}}}}`,
    },
    { manager: "mesh", fields: `{f:spec: {f:containers: {'k:{"name":"proxy"}': {.: {}, f:name: {}, f:image: {}}}}}` },
    { manager: "kubectl-edit", fields: `{f:spec: {f:containers: {'k:{"name":"old"}': {f:tty: {}}}}}` },
  );
  expect(merged(pod("{containers: [{name: app, image: b}, {name: new, image: n}]}"), live)).toEqual(
    pod("{containers: [{name: app, image: b}, {name: proxy, image: p}, {name: new, image: n}]}"),
  );
});

test("an item is found although the key that the server fills in is left out", () => {
  const live = claimed(pod("{containers: [{name: app, ports: [{containerPort: 80, protocol: TCP}]}]}"), {
    manager: "plumbline",
    fields: `{f:spec: {f:containers: {'k:{"name":"app"}': {.: {}, f:name: {}, f:ports: {'k:{"containerPort":80,"protocol":"TCP"}': {.: {}, f:containerPort: {}}}}}}}`,
  });
  expect(merged(pod("{containers: [{name: app, ports: [{containerPort: 80, name: http}]}]}"), live)).toEqual(
    pod("{containers: [{name: app, ports: [{containerPort: 80, protocol: TCP, name: http}]}]}"),
  );
});

test("a selector is replaced as one value, also by an empty one", () => {
  const policy = (selector: string): KubeObject =>
    yml`{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {podSelector: ${selector}}}`;
  const live = claimed(policy("{matchLabels: {a: b}}"), {
    manager: "plumbline",
    fields: "{f:spec: {f:podSelector: {}}}",
  });
  expect(merged(policy("{}"), live)).toEqual(policy("{}"));
  expect(merged(policy("{matchLabels: {c: d}}"), live)).toEqual(policy("{matchLabels: {c: d}}"));
});

test("a quantity is compared as the server stores it", () => {
  const live = claimed(pod("{containers: [{name: app, resources: {requests: {cpu: '1'}}}]}"), {
    manager: "plumbline",
    fields: `{f:spec: {f:containers: {'k:{"name":"app"}': {.: {}, f:name: {}, f:resources: {f:requests: {f:cpu: {}}}}}}}`,
  });
  const sent = pod("{containers: [{name: app, resources: {requests: {cpu: 1000m}}}]}");
  expect(mergePrediction(sent, live).unseen).toEqual([]);
});

test("an empty value of ours that the server dropped before is dropped again, one that is new is not", () => {
  const live = claimed(pod("{hostname: a}"), {
    manager: "plumbline",
    fields: "{f:spec: {f:hostname: {}, f:hostIPC: {}}}",
  });
  expect(merged(pod("{hostname: a, hostIPC: false, hostPID: false}"), live)).toEqual(
    pod("{hostname: a, hostPID: false}"),
  );
});

test.each([
  ["a b c", "a b c", "a b c"],
  ["a b c", "c b a", "c b a"],
  ["a x b", "b a", "x b a"],
  ["a b", "a new b", "a new b"],
  ["x a y b z", "b", "x a y b z"],
  ["x y", "a b", "x y a b"],
  ["", "a b", "a b"],
  ["a b", "", "a b"],
])("live %j merged with sent %j is %j", (live, sent, expected) => {
  const items = (text: string): readonly string[] => text.split(" ").filter((item) => item !== "");
  expect(mergedOrder(items(live), items(sent))).toEqual(items(expected));
});
