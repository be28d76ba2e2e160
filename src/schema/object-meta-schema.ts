import { readSchema } from "./schema.ts";

const TEXT = { type: "string" };
const TIME = { type: "string", format: "date-time" };
const INTEGER = { type: "integer" };
const TEXTS = { type: "object", additionalProperties: TEXT };

const OWNER = {
  type: "object",
  properties: {
    apiVersion: TEXT,
    kind: TEXT,
    name: TEXT,
    uid: TEXT,
    controller: { type: "boolean" },
    blockOwnerDeletion: { type: "boolean" },
  },
};

/** `metadata` as the server types it, whatever a definition says of it (ObjectMeta of meta/v1). */
export const OBJECT_META = readSchema({
  type: "object",
  properties: {
    name: TEXT,
    generateName: TEXT,
    namespace: TEXT,
    selfLink: TEXT,
    uid: TEXT,
    resourceVersion: TEXT,
    generation: INTEGER,
    creationTimestamp: TIME,
    deletionTimestamp: TIME,
    deletionGracePeriodSeconds: INTEGER,
    labels: TEXTS,
    annotations: TEXTS,
    ownerReferences: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["uid"],
      items: OWNER,
    },
    finalizers: { type: "array", "x-kubernetes-list-type": "set", items: TEXT },
    managedFields: { type: "array", items: { type: "object" } },
  },
});
