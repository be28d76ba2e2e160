import { parse } from "yaml";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { differences } from "../../src/diff/differences.ts";
import { canonicalJson, sameJson, type Json } from "../../src/model/json.ts";
import { formatPath } from "../../src/model/path.ts";

function told(before: string, after: string): string[] {
  const side = (value: Json | undefined): string => (value === undefined ? "-" : canonicalJson(value));
  return differences(parse(before) as Json, parse(after) as Json).map(
    (difference) => `${formatPath(difference.path)}: ${side(difference.before)} -> ${side(difference.after)}`,
  );
}

describe("differences", () => {
  test("name the deepest field, and list items by what tells them apart", () => {
    const before = `spec: {containers: [{name: web, image: "a:1", env: [{name: A, value: "1"}]}, {name: log, image: "l:1"}]}`;
    const after = `spec: {containers: [{name: web, image: "a:2", env: [{name: B, value: "2"}]}, {name: log, image: "l:1"}]}`;
    expect(told(before, after)).toEqual([
      `spec.containers[name=web].env[name=A]: {"name":"A","value":"1"} -> -`,
      `spec.containers[name=web].env[name=B]: - -> {"name":"B","value":"2"}`,
      `spec.containers[name=web].image: "a:1" -> "a:2"`,
    ]);
  });

  test("tell the order of keyed items, by the whole list, also when something else differs", () => {
    expect(told(`env: [{name: A}, {name: B}]`, `env: [{name: B}, {name: A}]`)).toEqual([
      `env: [{"name":"A"},{"name":"B"}] -> [{"name":"B"},{"name":"A"}]`,
    ]);
    expect(told(`env: [{name: A}, {name: B}]`, `env: [{name: B}, {name: A, value: "1"}]`)).toEqual([
      `env: [{"name":"A"},{"name":"B"}] -> [{"name":"B"},{"name":"A","value":"1"}]`,
    ]);
    expect(told(`env: [{name: A}, {name: B}]`, `env: [{name: C}, {name: A}, {name: B}]`)).toEqual([
      `env[name=C]: - -> {"name":"C"}`,
    ]);
  });

  test("tell apart the same port number of two protocols", () => {
    const before = `ports: [{containerPort: 53, protocol: TCP}, {containerPort: 53, protocol: UDP}]`;
    const after = `ports: [{containerPort: 53, protocol: TCP}, {containerPort: 53, protocol: UDP, name: dns}]`;
    expect(told(before, after)).toEqual([`ports[containerPort=53,protocol=UDP].name: - -> "dns"`]);
  });

  test("take lists of plain values whole, and other lists by position when the length is the same", () => {
    expect(told(`args: [a, b]`, `args: [a, c]`)).toEqual([`args: ["a","b"] -> ["a","c"]`]);
    expect(told(`rules: [{host: a}, {host: b}]`, `rules: [{host: a}, {host: c}]`)).toEqual([
      `rules[1].host: "b" -> "c"`,
    ]);
  });

  test("quote keys that a path could not hold", () => {
    expect(told(`metadata: {labels: {app.kubernetes.io/name: a}}`, `metadata: {labels: {}}`)).toEqual([
      `metadata.labels["app.kubernetes.io/name"]: "a" -> -`,
    ]);
  });

  test("see no difference between a key that is absent and itself, but between null and absent", () => {
    expect(told(`{a: null}`, `{}`)).toEqual([`a: null -> -`]);
  });

  test("are none exactly when two values are the same", () => {
    const json = fc.jsonValue() as fc.Arbitrary<Json>;
    fc.assert(fc.property(json, json, (a, b) => (differences(a, b).length === 0) === sameJson(a, b)));
    fc.assert(fc.property(json, (value) => differences(value, structuredClone(value)).length === 0));
  });
});
