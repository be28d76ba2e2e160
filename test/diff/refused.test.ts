import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { problemOfRefusal } from "../../src/diff/refused.ts";
import type { KubeObject } from "../../src/model/object.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import { yml } from "../support/yml.ts";
import { refusalTable, type Answers } from "./refusal-table.ts";

const REF = { group: "apps", kind: "Deployment", namespace: "shop", name: "web" };

function refusal(httpStatus: number, message: string, more: Partial<Refusal> = {}): Refusal {
  return { httpStatus, reason: "", message, causes: [], ...more };
}

function told(given: Refusal, sent?: KubeObject): string {
  const { code, message } = problemOfRefusal(given, REF, undefined, sent && { sent });
  return `${code}: ${message}`;
}

const typedPatch = (detail: string): Refusal =>
  refusal(500, `failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): ${detail}`);

// As a kube-apiserver 1.36 answered them: test/flow/refusals.cluster.test.ts provokes and records them.
describe("what an API server once refused is told as it was", () => {
  test.each([
    "schema",
    "values",
    "immutable-fields",
    "admission",
    "namespaces",
    "rights",
    "kinds",
    "conflicts",
    "groups",
  ])("%s", async (subject) => {
    const file = join(import.meta.dirname, "golden/refusals", subject);
    const answers = JSON.parse(readFileSync(`${file}.json`, "utf8")) as Answers;
    await expect(refusalTable(answers)).toMatchFileSnapshot(`${file}.txt`);
  });
});

describe("an unknown field", () => {
  const unknown = (field: string): Refusal => typedPatch(`${field}: field not declared in schema`);
  const remedyOf = (given: Refusal, siblings: readonly KubeObject[]): string =>
    problemOfRefusal(given, REF, undefined, { siblings }).remedy;
  const api = yml`
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: api}
    spec: {replicas: 1, template: {spec: {containers: [{name: api, image: a, imagePullPolicy: Always}]}}}`;

  test("is told with all others", () => {
    const given = typedPatch(
      "errors:\n  .spec.foo: field not declared in schema\n  .spec.bar: field not declared in schema",
    );
    expect(told(given)).toBe(
      "unknown-field: apps/Deployment shop/web: spec.bar: no such field; spec.foo: no such field",
    );
  });

  test("is corrected after other objects of its kind, where it is new", () => {
    expect(remedyOf(unknown(".spec.repicas"), [api])).toContain("write spec.replicas, ");
  });

  test("in a list is corrected after the items of other objects", () => {
    const given = unknown('.spec.template.spec.containers[name="c"].imagePullPolice');
    expect(remedyOf(given, [api])).toContain("write spec.template.spec.containers[name=c].imagePullPolicy, ");
  });

  test("is not corrected to the name of somebody's data", () => {
    const config = yml`{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {pasword: a}}, data: {pasword: a}}`;
    expect(remedyOf(unknown(".pasword"), [config])).not.toContain("write ");
  });
});

describe("no value of a Secret comes with what the server says", () => {
  test.each([
    "failed to create typed patch object (a/b; /v1, Kind=Secret): .stringData.pin: expected string, got &value.valueUnstructured{Value:1234}",
    "failed to create typed patch object (a/b; /v1, Kind=Secret): .stringData.pin: expected string, got &{1234}",
    "failed to convert new object (a/b; /v1, Kind=Secret) to smd typed: .stringData.pin: expected string, got &value.valueUnstructured{Value:1234}",
    'Secret in version "v1" cannot be handled as a Secret: json: cannot unmarshal number 1234 into Go struct field Secret.stringData of type string',
  ])("%# of a wrong type", (message) => {
    expect(told(refusal(500, message))).toMatch(/expected string|cannot unmarshal number/);
    expect(told(refusal(500, message))).not.toContain("1234");
  });

  const pin = yml`{apiVersion: v1, kind: Secret, metadata: {name: pin}, stringData: {pin: "8812"}}`;

  test("in the words of a webhook", () => {
    const given = refusal(400, 'admission webhook "w" denied the request: 8812 (ODgxMg==) is too simple');
    expect(told({ ...given, causes: [{ reason: "", field: "stringData.pin", message: "8812" }] }, pin)).toBe(
      'denied-by-webhook: apps/Deployment shop/web: admission webhook "w" denied the request: «masked» («masked») is too simple (stringData.pin)',
    );
  });

  test("as an invalid value", () => {
    const causes = [
      { reason: "FieldValueInvalid", field: "data[pin]", message: 'Invalid value: "77\\"12": too short' },
    ];
    expect(told(refusal(422, "Secret is invalid", { causes }), pin)).toBe(
      "invalid-object: apps/Deployment shop/web: data.pin: too short",
    );
  });
});

describe("what an author or a webhook writes does not change what a refusal is", () => {
  test.each([
    ['admission webhook "w" denied the request: etcdserver: request is too large', "denied-by-webhook"],
    ['admission webhook "w" denied the request: failed to create typed patch object (a): .x: y', "denied-by-webhook"],
    ['ConfigMap "a" is invalid: data[admission webhook "w" denied the request]: Invalid value', "invalid-object"],
  ])("%s", (message, code) => {
    expect(told(refusal(422, message))).toMatch(new RegExp(`^${code}: `));
  });
});

test("a field is named by its item only where the server's list is the author's", () => {
  const causes = [{ reason: "FieldValueRequired", field: "spec.containers[0].image", message: "Required value" }];
  const sent = yml`{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: c}]}}`;
  const live = yml`{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: sidecar}, {name: c}]}}`;
  const given = refusal(422, "Pod is invalid", { causes });
  expect(problemOfRefusal(given, REF, undefined, { sent }).message).toContain("spec.containers[name=c].image: ");
  expect(problemOfRefusal(given, REF, undefined, { sent, live }).message).toContain("spec.containers[0].image: ");
});

test("one line, whatever the server says", () => {
  const text = fc.oneof(
    fc.string({ maxLength: 2_000 }),
    fc.constantFrom("x\n".repeat(5_000), "failed to create typed patch object (a): ["),
  );
  const cause = fc.record({
    reason: text,
    field: text,
    message: fc.oneof(
      text,
      text.map((value) => `Invalid value: ${value}`),
    ),
  });
  const answer = fc.record({
    httpStatus: fc.constantFrom(400, 403, 404, 409, 413, 422, 500, 503),
    reason: text,
    message: text,
    causes: fc.array(cause, { maxLength: 6 }),
  });
  fc.assert(
    fc.property(answer, (given) => {
      const { message } = problemOfRefusal(given, REF, undefined);
      expect(message).not.toContain("\n");
    }),
  );
});
