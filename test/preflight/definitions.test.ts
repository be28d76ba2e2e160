import { describe, expect, test } from "vitest";
import { definitionNotes, narrowedDefinitions } from "../../src/preflight/definitions.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { yml } from "../support/yml.ts";
import { created, deleted, messages, planned, updated } from "./planning.ts";

function definition(versions: string, scope = "Namespaced"): KubeObject {
  return yml`
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: queues.acme.io}
    spec: {scope: ${scope}, names: {kind: Queue}, versions: ${versions}}
  `;
}

function withSchema(schema: string): KubeObject {
  return definition(
    `[{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: ${schema}}}}}]`,
  );
}

const NAMED = "caution definition-narrowed apiextensions.k8s.io/CustomResourceDefinition queues.acme.io: ";

describe("a schema", () => {
  test.each([
    ["{type: object, properties: {a: {type: string}}}", "{type: object, properties: {}}", "v1: spec.a is gone"],
    ["{type: object}", "{type: object, required: [a]}", "v1: spec.a is required"],
    ["{type: string}", "{type: integer}", "v1: spec is integer instead of string"],
    ["{type: string, enum: [a, b]}", "{type: string, enum: [a]}", 'v1: spec no longer takes "b"'],
    ["{type: string}", "{type: string, enum: [a]}", 'v1: spec takes "a" only'],
    ["{type: integer, maximum: 9}", "{type: integer, maximum: 5}", "v1: spec has maximum 5 instead of 9"],
    ["{type: string}", "{type: string, pattern: ^a}", "v1: spec has another pattern"],
    ["{type: string, nullable: true}", "{type: string}", "v1: spec may no longer be null"],
    [
      "{type: object, x-kubernetes-preserve-unknown-fields: true}",
      "{type: object}",
      "v1: spec no longer keeps fields that are not listed",
    ],
    [
      "{type: array, items: {type: string}}",
      "{type: array, items: {type: string, maxLength: 5}}",
      "v1: spec[] has maxLength 5",
    ],
    [
      "{type: object}",
      "{type: object, x-kubernetes-validations: [{rule: self.a > 1, message: a is large}]}",
      "v1: spec has the rule: a is large",
    ],
  ])("%s to %s", (before, after, what) => {
    const [old, fresh] = [withSchema(before), withSchema(after)];
    expect(messages(narrowedDefinitions([updated(old, fresh)]))).toEqual([NAMED + what]);
    expect(narrowedDefinitions([updated(old, old), created(fresh)])).toEqual([]);
  });

  test.each([
    ["{type: object, properties: {}}", "{type: object, properties: {a: {type: string}}}"],
    [
      "{type: object, properties: {a: {type: string}}}",
      "{type: object, properties: {a: {type: string, default: b}}, required: [a]}",
    ],
    ["{type: integer}", "{type: number}"],
    ["{type: integer, maximum: 5}", "{type: integer, maximum: 9}"],
    ["{type: string, enum: [a]}", "{type: string, enum: [a, b]}"],
  ])("%s to %s allows more", (before, after) => {
    expect(narrowedDefinitions([updated(withSchema(before), withSchema(after))])).toEqual([]);
  });
});

test("versions that go are a caution, versions that come are told", () => {
  const before = definition("[{name: v1alpha1, served: true, storage: true}, {name: v1beta1, served: true}]");
  const after = definition("[{name: v1beta1, served: false}, {name: v1, served: true, storage: true}]");
  expect(messages(narrowedDefinitions([updated(before, after)]))).toEqual([
    `${NAMED}version v1alpha1 is gone, version v1beta1 is no longer served`,
  ]);
  expect(definitionNotes(updated(before, after))).toEqual(["new version v1", "objects are stored as v1 from now on"]);
});

test("another scope, and a definition that goes with all its objects", () => {
  const before = definition("[]");
  expect(
    messages(
      narrowedDefinitions([planned("replace", { live: before, base: before, head: definition("[]", "Cluster") })]),
    ),
  ).toEqual([`${NAMED}its objects are Cluster instead of Namespaced`]);
  expect(messages(narrowedDefinitions([deleted(before)]))).toEqual([
    `${NAMED}every object of kind Queue is deleted with it`,
  ]);
});

test("what was narrowed live already is no news", () => {
  const [wide, narrow] = [withSchema("{type: string}"), withSchema("{type: string, maxLength: 5}")];
  expect(narrowedDefinitions([planned("update", { live: narrow, base: wide, head: narrow })])).toEqual([]);
});
