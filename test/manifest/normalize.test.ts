import { expect, test } from "vitest";

import type { KubeObject } from "../../src/model/object.ts";
import { canonicalJson } from "../../src/model/json.ts";
import { prepare } from "../../src/manifest/normalize.ts";
import { parseManifests } from "../../src/manifest/parse.ts";

function read(text: string): KubeObject {
  const [first] = parseManifests(text, "web.yaml").objects;
  if (first === undefined) throw new Error("no object");
  return first.object;
}

test.each([
  [
    "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: b2xk, b: aw==}\nstringData: {a: new, c: é}\n",
    '{"apiVersion":"v1","data":{"a":"bmV3","b":"aw==","c":"w6k="},"kind":"Secret","metadata":{"name":"a"}}',
  ],
  [
    "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {a: new}\n",
    '{"apiVersion":"v1","data":{"a":"bmV3"},"kind":"Secret","metadata":{"name":"a"}}',
  ],
  [
    "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {a: 1}\n",
    '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"},"stringData":{"a":1}}',
  ],
  [
    "apiVersion: acme.io/v1\nkind: Secret\nmetadata: {name: a}\nstringData: {a: b}\n",
    '{"apiVersion":"acme.io/v1","kind":"Secret","metadata":{"name":"a"},"stringData":{"a":"b"}}',
  ],
  [
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, creationTimestamp: null}\nspec: {template: {metadata: {creationTimestamp: null, labels: {a: b}}}}\nstatus: {}\n",
    '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"template":{"metadata":{"labels":{"a":"b"}}}},"status":{}}',
  ],
])("%j is sent as", (text, sent) => {
  expect(canonicalJson(prepare(read(text)))).toBe(sent);
});

test("what needs nothing is the same object, and the input never changes", () => {
  const plain = read("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
  expect(prepare(plain)).toBe(plain);
  const secret = read(
    "apiVersion: v1\nkind: Secret\nmetadata: {name: a, creationTimestamp: null}\nstringData: {a: b}\n",
  );
  const before = canonicalJson(secret);
  prepare(secret);
  expect(canonicalJson(secret)).toBe(before);
});
