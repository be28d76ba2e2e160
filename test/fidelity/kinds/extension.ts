import type { Json, JsonMap } from "../../../src/model/json.ts";
import type { Random } from "../random.ts";
import type { Recipe } from "../recipe.ts";
import { GROUP, schemaOf } from "./definitions.ts";

/** CustomResourceDefinitions, and objects of three that the run itself installs. */
export const EXTENSION: readonly Recipe[] = [
  {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    namespaced: false,
    nameOf: ({ name }) => `${plural(name)}.${GROUP}`,
    body: (random, { name }) => ({ spec: definition(random, plural(name)) }),
  },
  {
    apiVersion: `${GROUP}/v1`,
    kind: "Widget",
    namespaced: true,
    scales: true,
    status: { phase: "Ready", replicas: 2 },
    inOtherVersion: (object) => ({ ...object, apiVersion: `${GROUP}/v2` }),
    body: (random) => ({ spec: widgetSpec(random) }),
  },
  {
    apiVersion: `${GROUP}/v1`,
    kind: "Freeform",
    namespaced: false,
    body: (random) => ({
      anything: freeValue(random, 3),
      ...random.maybe(0.5, () => ({ ratio: random.pick([0.5, 1.5, 12]) })),
      ...random.maybe(0.5, () => ({ status: { written: random.pick(["by Git", "by us"]) } })),
      ...random.maybe(0.3, () => ({ big: random.pick([9_007_199_254_740_993n, 9_007_199_254_740_995n]) })),
    }),
  },
  {
    apiVersion: `${GROUP}/v1`,
    kind: "Queue",
    namespaced: true,
    body: (random) => ({
      spec: {
        template: {
          metadata: { labels: { a: random.pick(["1", "2"]) } },
          spec: { image: "worker:1", extra: freeValue(random, 2) },
        },
        size: random.pick<Json>(["10Gi", "10240Mi"]),
        ...random.maybe(0.5, () => ({ retries: random.pick([1, 3]) })),
        ...random.maybe(0.5, () => ({ window: { from: "08:00", ...random.maybe(0.5, () => ({ to: "20:00" })) } })),
      },
    }),
  },
];

function widgetSpec(random: Random): JsonMap {
  return {
    mode: random.pick(["fast", "slow"]),
    ...random.maybe(0.7, () => ({ size: random.pick([1, 2, 3]) })),
    ...random.maybe(0.5, () => ({ port: random.pick<Json>([80, "http", "80"]) })),
    ...random.maybe(0.5, () => ({ replicas: random.pick([1, 2, 3]) })),
    ...random.maybe(0.7, () => ({ items: random.some(ITEMS, 1, 4) })),
    ...random.maybe(0.5, () => ({ pairs: random.some(PAIRS, 1, 3) })),
    ...random.maybe(0.6, () => ({ tags: random.some(["a", "b", "c", "d"], 1, 4) })),
    ...random.maybe(0.4, () => ({
      plain: random.some(
        [
          { key: "a", fill: "x" },
          { key: "b", fill: "y" },
        ],
        1,
        2,
      ),
    })),
    ...random.maybe(0.4, () => ({ whole: { x: random.pick(["1", "2"]), y: "z" } })),
    ...random.maybe(0.5, () => ({ loose: freeValue(random, 2) })),
    ...random.maybe(0.5, () => ({
      map: { a: random.pick(["1", "2"]), ...random.maybe(0.5, () => ({ "b.example.com/c": "3" })) },
    })),
  };
}

const ITEMS: readonly JsonMap[] = [
  { name: "one", value: "1" },
  { name: "two", value: "2", weight: 7 },
  { name: "three" },
  { name: "four", weight: 5 },
];

const PAIRS: readonly JsonMap[] = [
  { port: 53, protocol: "UDP" },
  { port: 53, protocol: "TCP", note: "same port" },
  { port: 80, note: "default protocol" },
];

/** A map of whatever there is. */
function freeValue(random: Random, depth: number): JsonMap {
  const leaf = (): Json => random.pick<Json>(["text", 7, 0.5, true, "", [1, 2, 3], ["a"], [{ a: 1 }, { b: 2 }]]);
  return Object.fromEntries(
    random
      .some(["alpha", "beta", "gamma", "delta"], 1, 3)
      .map((key) => [key, depth > 1 && random.chance(0.4) ? freeValue(random, depth - 1) : leaf()]),
  );
}

function plural(name: string): string {
  return `${name.replaceAll("-", "")}s`;
}

function definition(random: Random, name: string): JsonMap {
  const kind = `${name[0]?.toUpperCase() ?? ""}${name.slice(1, -1)}`;
  const property = random.some<[string, JsonMap]>(
    [
      ["size", { type: "integer", minimum: random.pick([0, 1]) }],
      ["mode", { type: "string", enum: random.some(["a", "b", "c"], 1, 3) }],
      [
        "items",
        { type: "array", items: { type: "string" }, ...random.maybe(0.5, () => ({ "x-kubernetes-list-type": "set" })) },
      ],
      ["port", { "x-kubernetes-int-or-string": true }],
    ],
    1,
    4,
  );
  const version = (versionName: string, storage: boolean): JsonMap => ({
    name: versionName,
    served: true,
    storage,
    schema: schemaOf({
      type: "object",
      properties: { spec: { type: "object", properties: Object.fromEntries(property) } },
    }),
    ...random.maybe(0.4, () => ({ subresources: { status: {} } })),
    ...random.maybe(0.4, () => ({
      additionalPrinterColumns: [{ name: "Size", type: "integer", jsonPath: ".spec.size" }],
    })),
  });
  return {
    group: GROUP,
    scope: "Namespaced",
    names: {
      plural: name,
      singular: kind.toLowerCase(),
      kind,
      ...random.maybe(0.5, () => ({ listKind: `${kind}List` })),
      ...random.maybe(0.4, () => ({ categories: random.some(["all", "shop"], 1, 2) })),
    },
    versions: [version("v1", true), ...(random.chance(0.3) ? [version("v2", false)] : [])],
  };
}
