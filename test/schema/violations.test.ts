import { describe, expect, test } from "vitest";
import type { JsonMap } from "../../src/model/json.ts";
import { refOf, type KubeObject } from "../../src/model/object.ts";
import { budgetOf } from "../../src/schema/budget.ts";
import { readDefinition, type Definition } from "../../src/schema/definition.ts";
import { toProblems } from "../../src/schema/problems.ts";
import { violations } from "../../src/schema/violations.ts";
import { yml } from "../support/yml.ts";

const definition = (spec: JsonMap): Definition =>
  readDefinition({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "gadgets.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { kind: "Gadget", plural: "gadgets" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { spec } } },
        },
        { name: "v0", served: false, storage: false, schema: { openAPIV3Schema: { type: "object" } } },
      ],
    },
  }) as Definition;

const gadget = (spec: JsonMap | string | readonly JsonMap[], version = "v1"): KubeObject => ({
  apiVersion: `example.com/${version}`,
  kind: "Gadget",
  metadata: { name: "g", namespace: "shop" },
  spec,
});

const at = { file: "app.yaml", line: 3, column: 1 };

const told = (object: KubeObject, schema: JsonMap): readonly string[] =>
  toProblems(refOf(object), at, violations(object, definition(schema))).map(
    ({ level, code, message }) => `${level} ${code}: ${message}`,
  );

const SIZE = { type: "integer", minimum: 1 };
const SCHEMA = {
  type: "object",
  properties: { size: SIZE, color: { type: "string", enum: ["red", "green"] }, free: { type: "object" } },
  "x-kubernetes-validations": [{ rule: "self.size < 10" }, { rule: "self.color == oldSelf.color" }],
};

describe("a definition", () => {
  test("is read from a CustomResourceDefinition of apiextensions.k8s.io/v1 and from nothing else", () => {
    const object = yml`
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: gadgets.example.com, generation: 3}
      spec:
        group: example.com
        scope: Cluster
        names: {kind: Gadget, plural: gadgets}
        conversion: {strategy: Webhook}
        versions: [{name: v1, served: true, storage: true, subresources: {status: {}}}]
      status: {storedVersions: [v1]}
    `;
    expect(readDefinition(object)).toMatchObject({
      group: "example.com",
      kind: "Gadget",
      plural: "gadgets",
      namespaced: false,
      convertsByName: false,
      storedVersions: ["v1"],
      generation: 3,
      versions: [{ name: "v1", served: true, storage: true, hasStatus: true }],
    });
    expect(readDefinition({ ...object, apiVersion: "apiextensions.k8s.io/v1beta1" })).toBeUndefined();
    expect(readDefinition({ ...object, kind: "ConfigMap" })).toBeUndefined();
    expect(readDefinition({ ...object, spec: {} })).toBeUndefined();
  });
});

describe("an object of a definition", () => {
  test("is told once for each kind of mistake, with the places, and never with the value", () => {
    expect(told(gadget({ size: "hunter2", colour: "hunter2" }), SCHEMA)).toEqual([
      "blocker wrong-type: example.com/Gadget shop/g: spec.size: expected numeric (int or float), got string",
      "blocker unknown-field: example.com/Gadget shop/g: spec.colour: field not declared in schema (is color meant?)",
    ]);
    expect(told(gadget({ size: 0, color: "hunter2" }), SCHEMA)).toEqual([
      'blocker invalid-object: example.com/Gadget shop/g: spec.size: should be greater than or equal to 1; spec.color: supported values: "red", "green"',
    ]);
  });

  test("that fits has its rules named, those about changes apart, and the fields that will be dropped", () => {
    expect(told(gadget({ size: 1, free: { a: 1 } }), SCHEMA)).toEqual([
      "caution rules-not-evaluated: example.com/Gadget shop/g: its definition comes with this change, so these rules were not evaluated: spec: self.size < 10",
      "caution fields-dropped: example.com/Gadget shop/g: the definition's schema has no place for spec.free.a, so the server accepts and drops it",
    ]);
    expect(told(gadget({ size: 1 }), { type: "object", properties: { size: SIZE } })).toEqual([]);
  });

  test("of a version that is not served is refused", () => {
    expect(told(gadget({}, "v0"), SCHEMA)).toEqual([
      "blocker invalid-object: example.com/Gadget shop/g: apiVersion: is not served; the definition serves v1",
    ]);
  });

  test("may hold keys that JavaScript objects are born with", () => {
    const spec = JSON.parse('{"__proto__": {"a": 1}, "constructor": 1, "toString": 2}') as JsonMap;
    const { violations: found } = violations(gadget(spec), definition({ type: "object", properties: { a: SIZE } }));
    expect(found.map(({ path }) => path.at(-1))).toEqual(["__proto__", "constructor", "toString"]);
    const needing = definition({
      type: "object",
      required: ["constructor"],
      "x-kubernetes-preserve-unknown-fields": true,
    });
    expect(violations(gadget({}), needing).violations).toHaveLength(1);
  });
});

describe("a hostile schema or object", () => {
  const CUT = "the object: too large to be checked to its end";
  const unevaluated = (
    spec: JsonMap,
    value: JsonMap | string | readonly JsonMap[],
    steps?: number,
  ): readonly string[] =>
    violations(gadget(value), definition(spec), ...(steps === undefined ? [] : [budgetOf(steps)])).unevaluated;

  test("ends within its budget, and it is said that it was not checked to the end", () => {
    const options = Array.from({ length: 1000 }, (_, index) => ({ required: [`k${index}`] }));
    const many = {
      type: "array",
      items: { type: "object", "x-kubernetes-preserve-unknown-fields": true, anyOf: options },
    };
    expect(
      unevaluated(
        many,
        Array.from({ length: 1000 }, () => ({ k999: 1 })),
        10_000,
      ),
    ).toContain(CUT);
    expect(unevaluated(many, [{ k999: 1 }])).toEqual([]);
  });

  test("made of one node a thousand times over is read once", () => {
    const chain = Array.from({ length: 40 }).reduce<JsonMap>(
      (inner) => ({ type: "object", properties: { a: inner, b: inner, c: inner } }),
      { type: "object" },
    );
    expect(violations(gadget({ a: { b: { c: {} } } }), definition(chain)).violations).toEqual([]);
  });

  test("with a pattern that is no RE2, or too large, leaves it to the server", () => {
    const pattern = (source: string): JsonMap => ({ type: "string", pattern: source });
    expect(unevaluated(pattern("(?=a)"), "a")).toEqual(["spec: pattern (?=a)"]);
    const large = "(a?b?){1000}".repeat(100);
    expect(unevaluated(pattern(large), "a")).toEqual([`spec: pattern ${large}`]);
  });

  test("cannot stall with a pattern that backtracks", () => {
    const { violations: found } = violations(
      gadget(`${"a".repeat(100_000)}!`),
      definition({ type: "string", pattern: "^(a+)+$" }),
    );
    expect(found.map(({ what }) => what)).toEqual(["should match '^(a+)+$'"]);
  });

  test("is told up to a hundred mistakes", () => {
    const list = { type: "array", items: { type: "object", properties: { a: SIZE } } };
    const { violations: found } = violations(gadget(Array.from({ length: 5000 }, () => ({ a: 0 }))), definition(list));
    expect(found).toHaveLength(100);
  });
});
