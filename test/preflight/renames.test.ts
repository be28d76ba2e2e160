import { expect, test } from "vitest";
import { formatRef } from "../../src/model/ref.ts";
import { renamesOf } from "../../src/preflight/renames.ts";
import type { Planned } from "../../src/preflight/planned.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { yml } from "../support/yml.ts";
import { created, deleted, planned } from "./planning.ts";

function config(name: string, data: string, kind = "ConfigMap"): KubeObject {
  return yml`
    apiVersion: v1
    kind: ${kind}
    metadata: {name: ${name}, namespace: shop}
    data: ${data}
  `;
}

function renames(...plan: readonly Planned[]): readonly string[] {
  return renamesOf(plan).map(({ from, to }) => `${formatRef(from.ref)} -> ${formatRef(to.ref)}`);
}

const SETTINGS = "{A: '1', B: '2', C: '3', D: '4', E: '5'}";

test("the same content under another name", () => {
  expect(renames(deleted(config("old", SETTINGS)), created(config("new", SETTINGS)))).toEqual([
    "ConfigMap shop/old -> ConfigMap shop/new",
  ]);
});

test("nearly the same content, and an object that repeats its name", () => {
  const web = (name: string, image: string): KubeObject => yml`
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}
    spec:
      selector: {matchLabels: {app: ${name}}}
      template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: main, image: "${image}"}]}}
  `;
  expect(renames(deleted(web("web", "web:1")), created(web("shop", "web:2")))).toEqual([
    "apps/Deployment shop/web -> apps/Deployment shop/shop",
  ]);
});

test("generated names with the same stem, whatever they hold", () => {
  expect(renames(deleted(config("web-b8c7m6t5hd", "{A: x}")), created(config("web-5h2k9g4fcm", "{B: y}")))).toEqual([
    "ConfigMap shop/web-b8c7m6t5hd -> ConfigMap shop/web-5h2k9g4fcm",
  ]);
  expect(renames(deleted(config("web-abc123", "{A: x}")), created(config("web-def456", "{B: y}")))).toHaveLength(1);
});

test.each([
  ["other content", config("old", SETTINGS), config("new", "{X: '1', Y: '2', Z: '3'}")],
  ["another kind", config("old", SETTINGS), { ...config("new", SETTINGS), kind: "Secret" }],
  ["nothing that tells", config("old", "{}"), config("new", "{}")],
  ["words after the same word", config("web-staging", "{A: x}"), config("web-canary", "{B: y}")],
])("%s is no rename", (_, old, fresh) => {
  expect(renames(deleted(old), created(fresh))).toEqual([]);
});

test("defaults of a live object are no difference to what Git declares", () => {
  const live = {
    ...config("old", SETTINGS),
    metadata: { name: "old", namespace: "shop", uid: "1" },
    more: [1, 2, 3, 4, 5],
  };
  expect(renames(planned("delete", { live }), created(config("new", SETTINGS)))).toHaveLength(1);
});

test("each object is renamed once, the likeliest first", () => {
  const almost = SETTINGS.replace("'5'", "'6'");
  expect(renames(deleted(config("a", almost)), deleted(config("b", SETTINGS)), created(config("c", SETTINGS)))).toEqual(
    ["ConfigMap shop/b -> ConfigMap shop/c"],
  );
});

test("whether a live secret is equal to a new one is not told", () => {
  const [old, fresh] = [config("old", SETTINGS, "Secret"), config("new", SETTINGS, "Secret")];
  expect(renames(planned("delete", { live: old }), created(fresh))).toEqual([]);
  expect(renames(deleted(old), created(fresh))).toHaveLength(1);
});

test("what comes back because it was lost live is no rename", () => {
  const fresh = config("new", SETTINGS);
  expect(renames(deleted(config("old", SETTINGS)), planned("create", { base: fresh, head: fresh }))).toEqual([]);
});

test("of very many objects the names alone tell", () => {
  const many = (prefix: string): readonly KubeObject[] =>
    Array.from({ length: 150 }, (_, index) => config(`${prefix}-${index}`, SETTINGS));
  const plan = [
    ...many("old").map(deleted),
    ...many("new").map(created),
    deleted(config("web-b8c7m6t5hd", SETTINGS)),
    created(config("web-5h2k9g4fcm", SETTINGS)),
  ];
  expect(renames(...plan)).toEqual(["ConfigMap shop/web-b8c7m6t5hd -> ConfigMap shop/web-5h2k9g4fcm"]);
});
