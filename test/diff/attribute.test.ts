import { describe, expect, test } from "vitest";
import { attributedFields, driftOf, type Sides } from "../../src/diff/attribute.ts";
import { canonicalJson, type Json } from "../../src/model/json.ts";
import { formatPath } from "../../src/model/path.ts";
import type { Value } from "../../src/model/change.ts";
import { yml } from "../support/yml.ts";

const side = (value: Value | undefined): string => (value === undefined ? "-" : canonicalJson(value as Json));

function fieldsText(sides: Sides): string[] {
  return attributedFields(sides).map(
    ({ path, before, after, from }) => `${from} ${formatPath(path)}: ${side(before)} -> ${side(after)}`,
  );
}

function driftText(sides: Sides): string[] {
  return driftOf(sides).map(
    ({ class: kind, path, git, live, by, onMerge, security }) =>
      `${kind} ${path}: git ${side(git)}, live ${side(live)}, by ${by?.manager ?? "nobody"}, ${onMerge}${security ? ", security" : ""}`,
  );
}

function deployment(replicas: number, image: string, more = ""): ReturnType<typeof yml> {
  return yml`
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: shop}
    spec: {replicas: ${replicas}, template: {spec: {containers: [{name: web, image: "${image}"}]${more}}}}`;
}

function scaledByHand(replicas: number, image: string): ReturnType<typeof yml> {
  const live = deployment(replicas, image);
  const managedFields = [
    {
      manager: "plumbline",
      operation: "Apply",
      apiVersion: "apps/v1",
      fieldsV1: { "f:spec": { "f:template": {} } },
    },
    {
      manager: "kubectl-edit",
      operation: "Update",
      apiVersion: "apps/v1",
      time: "2026-11-20T10:00:00Z",
      fieldsV1: { "f:spec": { "f:replicas": {} } },
    },
  ];
  return { ...live, metadata: { ...live.metadata, managedFields } };
}

describe("a difference is attributed to", () => {
  test("the pull request, when Git itself changes", () => {
    const [base, head] = [deployment(3, "a:1"), deployment(3, "a:2")];
    const sides = { base, head, live: base, predictedBase: base, predictedHead: head };
    expect(fieldsText(sides)).toEqual([`pull-request spec.template.spec.containers[name=web].image: "a:1" -> "a:2"`]);
    expect(driftText(sides)).toEqual([]);
  });

  test("drift, when somebody changed the live object before", () => {
    const [base, head, live] = [deployment(3, "a:1"), deployment(3, "a:2"), scaledByHand(5, "a:1")];
    const sides = { base, head, live, predictedBase: base, predictedHead: head };
    expect(fieldsText(sides)).toEqual([
      `drift spec.replicas: 5 -> 3`,
      `pull-request spec.template.spec.containers[name=web].image: "a:1" -> "a:2"`,
    ]);
    expect(driftText(sides)).toEqual([`changed spec.replicas: git 3, live 5, by kubectl-edit, reverted`]);
  });

  test("the pull request, when Git changes a field that was also changed live, and the drift is told all the same", () => {
    const [base, head, live] = [deployment(3, "a:1"), deployment(4, "a:1"), scaledByHand(5, "a:1")];
    const sides = { base, head, live, predictedBase: base, predictedHead: head };
    expect(fieldsText(sides)).toEqual([`pull-request spec.replicas: 5 -> 4`]);
    expect(driftText(sides)).toEqual([`changed spec.replicas: git 3, live 5, by kubectl-edit, reverted`]);
  });

  test("the server, when Git does not declare the field", () => {
    const base = deployment(3, "a:1");
    const predicted = deployment(3, "a:1", ", priority: 7");
    const sides = { base, head: base, live: base, predictedBase: base, predictedHead: predicted };
    expect(fieldsText(sides)).toEqual([`server spec.template.spec.priority: - -> 7`]);
  });
});

describe("drift is", () => {
  test("missing, when Git has the object and the cluster has lost it", () => {
    const base = deployment(3, "a:1");
    expect(driftText({ base, head: base })).toEqual(["missing : git -, live -, by nobody, reverted"]);
  });

  test("extra and security-relevant, when somebody adds a container to an object of ours", () => {
    const base = deployment(3, "a:1");
    const containers = [
      { name: "web", image: "a:1" },
      { name: "miner", image: "x:1" },
    ];
    const metadata = {
      ...base.metadata,
      managedFields: [
        { manager: "plumbline", operation: "Apply", apiVersion: "apps/v1", fieldsV1: { "f:spec": {} } },
        {
          manager: "kubectl-patch",
          operation: "Update",
          apiVersion: "apps/v1",
          time: "2026-11-20T10:00:00Z",
          fieldsV1: {
            "f:spec": { "f:template": { "f:spec": { "f:containers": { 'k:{"name":"miner"}': { ".": {} } } } } },
          },
        },
      ],
    };
    const live = { ...base, metadata, spec: { replicas: 3, template: { spec: { containers } } } };
    expect(driftText({ base, head: base, live, predictedBase: live, predictedHead: live })).toEqual([
      `extra spec.template.spec.containers[name=miner]: git -, live {"image":"x:1","name":"miner"}, by kubectl-patch, kept, security`,
    ]);
  });

  test("not what built-in controllers write", () => {
    const base = deployment(3, "a:1");
    const annotations = { "deployment.kubernetes.io/revision": "2", note: "x" };
    const fieldsV1 = { "f:metadata": { "f:annotations": { "f:note": {}, "f:deployment.kubernetes.io/revision": {} } } };
    const managedFields = [
      { manager: "plumbline", operation: "Apply", apiVersion: "apps/v1", fieldsV1: { "f:spec": {} } },
      { manager: "kube-controller-manager", operation: "Update", apiVersion: "apps/v1", fieldsV1 },
    ];
    const live = { ...base, metadata: { ...base.metadata, annotations, managedFields } };
    expect(driftText({ base, head: base, live, predictedBase: live, predictedHead: live })).toEqual([]);
  });

  test("masked, when it is in a Secret", () => {
    const secret = (token: string): ReturnType<typeof yml> => yml`
      apiVersion: v1
      kind: Secret
      metadata: {name: s, namespace: shop}
      data: {token: ${token}}`;
    const sides = { base: secret("b2xk"), head: secret("b2xk"), live: secret("bmV3"), predictedBase: secret("b2xk") };
    expect(driftText(sides)).toEqual([
      `changed data.token: git {"masked":true}, live {"masked":true}, by nobody, reverted`,
    ]);
  });
});
