import type { JsonMap } from "../../../src/model/json.ts";
import type { KubeObject } from "../../../src/model/object.ts";

/** The API group of every custom kind of the run. */
export const GROUP = "fidelity.example.com";

/** The definitions that objects of `EXTENSION` stand on. */
export const DEFINITIONS: readonly KubeObject[] = [
  installed("widgets", {
    kind: "Widget",
    scope: "Namespaced",
    versions: [widgetVersion("v1", true), widgetVersion("v2", false)],
  }),
  installed("freeforms", {
    kind: "Freeform",
    scope: "Cluster",
    versions: [{ name: "v1", served: true, storage: true, schema: schemaOf({ type: "object", ...FREE() }) }],
  }),
  installed("queues", { kind: "Queue", scope: "Namespaced", versions: [queueVersion()] }),
];

function installed(
  name: string,
  { kind, scope, versions }: { kind: string; scope: string; versions: readonly JsonMap[] },
): KubeObject {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${name}.${GROUP}` },
    spec: {
      group: GROUP,
      scope,
      names: { plural: name, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions,
    },
  };
}

function FREE(): JsonMap {
  return { "x-kubernetes-preserve-unknown-fields": true };
}

/** A schema, as a version of a definition holds it. */
export function schemaOf(schema: JsonMap): JsonMap {
  return { openAPIV3Schema: schema };
}

/** Every list and map type there is, with defaults on all levels. */
function widgetVersion(name: string, storage: boolean): JsonMap {
  const text = { type: "string" };
  const properties = {
    size: { type: "integer", format: "int32", minimum: 1, default: 1 },
    mode: { type: "string", enum: ["fast", "slow"], default: "fast" },
    port: { "x-kubernetes-int-or-string": true },
    replicas: { type: "integer" },
    items: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: {
        type: "object",
        required: ["name"],
        properties: { name: text, value: text, weight: { type: "integer", default: 5 } },
      },
    },
    pairs: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["port", "protocol"],
      items: {
        type: "object",
        required: ["port"],
        properties: { port: { type: "integer" }, protocol: { type: "string", default: "TCP" }, note: text },
      },
    },
    tags: { type: "array", "x-kubernetes-list-type": "set", items: text },
    plain: {
      type: "array",
      items: { type: "object", properties: { key: text, fill: { type: "string", default: "filled" } } },
    },
    whole: {
      type: "object",
      "x-kubernetes-map-type": "atomic",
      properties: { x: text, y: { type: "string", default: "why" } },
    },
    loose: { type: "object", ...FREE() },
    map: { type: "object", additionalProperties: text },
    nothing: { type: "string", nullable: true },
  };
  const status = { type: "object", ...FREE() };
  return {
    name,
    served: true,
    storage,
    subresources: { status: {}, scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" } },
    schema: schemaOf({
      type: "object",
      properties: { spec: { type: "object", required: ["mode"], properties }, status },
    }),
  };
}

function queueVersion(): JsonMap {
  const text = { type: "string" };
  const properties = {
    template: { type: "object", "x-kubernetes-embedded-resource": false, ...FREE() },
    size: { "x-kubernetes-int-or-string": true },
    retries: { type: "integer", default: 2 },
    window: {
      type: "object",
      default: { from: "00:00", to: "24:00" },
      properties: { from: text, to: { ...text, default: "24:00" } },
    },
  };
  return {
    name: "v1",
    served: true,
    storage: true,
    schema: schemaOf({ type: "object", properties: { spec: { type: "object", properties } } }),
  };
}
