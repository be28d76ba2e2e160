import { expect, test } from "vitest";
import * as fc from "fast-check";
import { decodeInventory, encodeInventory, idOf, setId } from "../../src/kube/apply-set.ts";
import type { Inventory } from "../../src/model/inventory.ts";
import { compareText } from "../../src/model/ref.ts";

const place = { target: { environment: "production", app: "web" }, namespace: "plumbline-system" };
const id = setId(place.target, place.namespace);

test("the id of a set is the one that KEP-3659 prescribes", () => {
  expect([
    idOf({ name: "my-set", namespace: "test", kind: "Secret", group: "" }),
    idOf({ name: "my-set", namespace: "", kind: "ApplySet", group: "company.com" }),
  ]).toEqual([
    "applyset-0eFHV8ySqp7XoShsGvyWFQD3s96yqwHmzc4e0HR1dsY-v1",
    "applyset-rhp1a-HVAVT_dFgyEygyA1BEB82HPp2o10UiFTpqtAs-v1",
  ]);
});

test("an inventory is a ConfigMap that people and kubectl can read", () => {
  const inventory: Inventory = {
    id,
    kinds: [
      { group: "apps", kind: "Deployment" },
      { group: "", kind: "ConfigMap" },
    ],
    namespaces: ["shop", "plumbline-system"],
    repository: { id: "42", name: "acme/shop" },
    applied: { commit: "abc", digest: "sha256:def", time: "2026-11-20T10:00:00Z" },
  };
  expect(encodeInventory(inventory, place, undefined)).toEqual({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: "plumbline.production.web",
      namespace: "plumbline-system",
      labels: { "app.kubernetes.io/managed-by": "plumbline", "applyset.kubernetes.io/id": id },
      annotations: {
        "applyset.kubernetes.io/tooling": "plumbline/v1.0.0",
        "applyset.kubernetes.io/contains-group-kinds": "ConfigMap,Deployment.apps",
        "applyset.kubernetes.io/additional-namespaces": "shop",
      },
    },
    data: {
      repository: '{"id":"42","name":"acme/shop"}',
      applied: '{"commit":"abc","digest":"sha256:def","time":"2026-11-20T10:00:00Z"}',
      admission: "",
      "members-beside": "true",
    },
  });
});

test("what others put on the ConfigMap stays", () => {
  const live = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "x", labels: { team: "a" }, annotations: { note: "b" }, resourceVersion: "7" },
    data: { more: "c" },
    future: true,
  };
  const empty: Inventory = { id, kinds: [], namespaces: [], repository: { name: "a/b" } };
  expect(encodeInventory(empty, place, live)).toMatchObject({
    metadata: { labels: { team: "a" }, annotations: { note: "b" }, resourceVersion: "7" },
    data: { more: "c" },
    future: true,
  });
});

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
const inventories = fc
  .record(
    {
      kinds: fc.uniqueArray(
        fc.record({
          group: fc.oneof(
            fc.constant(""),
            label.map((text) => `${text}.k8s.io`),
          ),
          kind: fc.stringMatching(/^[A-Z][A-Za-z]{0,8}$/),
        }),
        { selector: ({ group, kind }) => `${kind}.${group}` },
      ),
      namespaces: fc.uniqueArray(fc.oneof(label, fc.constant(place.namespace))),
      repository: fc.record({ name: fc.string({ minLength: 1 }), id: fc.string() }, { requiredKeys: ["name"] }),
      applied: fc.record({ commit: fc.string(), digest: fc.string(), time: fc.string() }),
    },
    { requiredKeys: ["kinds", "namespaces", "repository"] },
  )
  .map((inventory) => ({
    ...inventory,
    id,
    kinds: inventory.kinds.toSorted((a, b) => compareText(textOf(a), textOf(b))),
    namespaces: inventory.namespaces.toSorted(compareText),
  }));

function textOf({ group, kind }: { readonly group: string; readonly kind: string }): string {
  return group === "" ? kind : `${kind}.${group}`;
}

test("an inventory is read as it was written", () => {
  fc.assert(
    fc.property(inventories, (inventory) => {
      expect(decodeInventory(encodeInventory(inventory, place, undefined), place)).toEqual(inventory);
    }),
  );
});

test.each([
  ["another tool's", { annotations: { "applyset.kubernetes.io/tooling": "kubectl/v1.36.3" } }],
  ["a set of another id", { labels: { "applyset.kubernetes.io/id": "applyset-x-v1" } }],
  ["one without a tool", { annotations: { "applyset.kubernetes.io/tooling": "" } }],
])("%s is not ours", (_, change: { labels?: Record<string, string>; annotations?: Record<string, string> }) => {
  const ours = encodeInventory({ id, kinds: [], namespaces: [], repository: { name: "a/b" } }, place, undefined);
  const metadata = {
    ...ours.metadata,
    labels: { ...ours.metadata.labels, ...change.labels },
    annotations: { ...ours.metadata.annotations, ...change.annotations },
  };
  expect(() => decodeInventory({ ...ours, metadata }, place)).toThrow("exists, but is no inventory of this target");
});
