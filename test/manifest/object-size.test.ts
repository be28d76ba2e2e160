import { expect, test } from "vitest";
import { checkSize, checkStoredSize } from "../../src/manifest/object-size.ts";
import type { KubeObject } from "../../src/model/object.ts";

// The exact limit of a custom kind is proven on a real server: test/flow/refusals.cluster.test.ts.
const AT = { file: "app.yaml", line: 1, column: 1 };
const LIMIT = 1_572_864;

function custom(more: Readonly<Record<string, string>>, managed: number): KubeObject {
  const fieldsV1 = {
    "f:spec": Object.fromEntries(Array.from({ length: managed }, (_, index) => [`f:key-${index}`, {}])),
  };
  const managedFields = [{ manager: "plumbline", operation: "Apply", apiVersion: "acme.example.com/v1", fieldsV1 }];
  return {
    apiVersion: "acme.example.com/v1",
    kind: "Widget",
    metadata: { name: "w", namespace: "shop", ...(managed > 0 && { managedFields }) },
    spec: more,
  };
}

test("what the server adds counts once it has answered", () => {
  const text = "x".repeat(1_000_000);
  expect(checkSize({ object: custom({ text }, 0), at: AT })).toEqual([]);
  expect(checkStoredSize(custom({ text }, 10), AT)).toEqual([]);
  expect(checkStoredSize(custom({ text }, 40_000), AT)).toEqual([
    {
      code: "too-large",
      level: "blocker",
      message: "acme.example.com/Widget shop/w: 1.6 MiB, and a cluster stores at most 1.5 MiB",
      remedy: "split it, or keep the content in an image or a volume",
      at: AT,
    },
  ]);
});

test("a built-in object is stored without the names of its fields, so its JSON may be larger than the store takes", () => {
  const env = Array.from({ length: 60_000 }, (_, index) => ({ name: `K${index}`, value: "v" }));
  const object = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: { template: { spec: { containers: [{ name: "c", env }] } } },
  };
  expect(JSON.stringify(object).length).toBeGreaterThan(LIMIT);
  expect(checkSize({ object, at: AT })).toEqual([]);
  const large = { ...object, metadata: { name: "web", annotations: { a: "ä".repeat(LIMIT / 2) } } };
  expect(checkSize({ object: large, at: AT })).toHaveLength(1);
});
