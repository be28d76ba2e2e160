import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Op } from "../../src/model/change.ts";
import type { Json } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { readingAids } from "../../src/preflight/reading-aids.ts";
import { NO_VOLUMES } from "../../src/preflight/volumes.ts";
import { yml } from "../support/yml.ts";
import { created, deleted, planned, unchanged, updated } from "./planning.ts";

const WEB = yml`
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web, namespace: shop}
  spec: {replicas: 2, template: {spec: {containers: [{name: web, image: "web:1"}]}}}
`;
const OPEN = yml`
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web, namespace: shop}
  spec: {replicas: 2, template: {spec: {hostNetwork: true, containers: [{name: web, image: web, securityContext: {privileged: true}}]}}}
`;

test("all that is to be told of a plan, the gravest first", () => {
  const { changes, problems } = readingAids([updated(WEB, OPEN)], NO_VOLUMES);
  expect([...changes]).toEqual([["apps/Deployment/shop/web", { restarts: 2 }]]);
  expect(problems.map(({ code }) => code)).toEqual(["privileged", "exposure", "image-latest"]);
});

test("a rename names the object that goes", () => {
  const config = (name: string): KubeObject => yml`
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: ${name}, namespace: shop}
    data: {A: b, C: d}
  `;
  const { changes, renames } = readingAids([deleted(config("old")), created(config("new"))], NO_VOLUMES);
  expect(changes.get("/ConfigMap/shop/new")).toEqual({ movedFrom: "ConfigMap shop/old" });
  expect(renames.map(({ from }) => from.ref.name)).toEqual(["old"]);
});

test("of what is so already, nothing is told", () => {
  expect(readingAids([unchanged(OPEN)], NO_VOLUMES)).toMatchObject({ problems: [], renames: [] });
  expect(readingAids([updated(OPEN, OPEN)], NO_VOLUMES).problems).toEqual([]);
});

const KINDS = [
  "v1 Service",
  "v1 Namespace",
  "v1 PersistentVolumeClaim",
  "v1 ConfigMap",
  "apps/v1 Deployment",
  "apps/v1 StatefulSet",
  "networking.k8s.io/v1 NetworkPolicy",
  "networking.k8s.io/v1 Ingress",
  "gateway.networking.k8s.io/v1 Gateway",
  "rbac.authorization.k8s.io/v1 Role",
  "rbac.authorization.k8s.io/v1 RoleBinding",
  "apiextensions.k8s.io/v1 CustomResourceDefinition",
  "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration",
];
const KEYS =
  "spec template containers ports volumes rules verbs apiGroups resources subjects roleRef webhooks versions schema type from ingress data hostPath";
const anything = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, 0, "", "*", "a", "LoadBalancer", "NodePort"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS.split(" ")), tie("value"), { maxKeys: 4 }),
  ),
})).value;
const object = fc
  .tuple(fc.constantFrom(...KINDS), fc.dictionary(fc.constantFrom(...KEYS.split(" ")), anything))
  .map(([kind, content]): KubeObject => {
    const [apiVersion = "", name = ""] = kind.split(" ");
    return { ...content, apiVersion, kind: name, metadata: { name: "a", namespace: "b" } };
  });

test("whatever an object holds where it should hold something else, nothing breaks", () => {
  const op = fc.constantFrom<Op | undefined>("create", "update", "replace", "delete", "keep", "ownership", undefined);
  fc.assert(
    fc.property(fc.array(fc.tuple(op, object, object), { maxLength: 4 }), (entries) => {
      const plan = entries.map(([what, before, after]) => planned(what, { live: before, base: before, head: after }));
      expect(readingAids(plan, NO_VOLUMES).problems.every(({ level }) => level === "caution")).toBe(true);
    }),
    { numRuns: 500 },
  );
});
