import { describe, expect, test } from "vitest";
import type { JsonMap } from "../../src/model/json.ts";
import type { KubeObject, ManagedFields } from "../../src/model/object.ts";
import { refOf } from "../../src/model/object.ts";
import { formatPath } from "../../src/model/path.ts";
import { takeoverProblems, takeovers, type Takeover } from "../../src/diff/takeover.ts";

function deployment(spec: JsonMap, ...managedFields: readonly ManagedFields[]): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop", managedFields },
    spec,
  };
}

function entry(manager: string, operation: string, fields: JsonMap, more: JsonMap = {}): ManagedFields {
  return { manager, operation, apiVersion: "apps/v1", fieldsType: "FieldsV1", fieldsV1: { "f:spec": fields }, ...more };
}

function lines(taken: readonly Takeover[]): readonly string[] {
  return taken.map(
    ({ path, by, declarative }) => `${formatPath(path)} from ${by.manager}${declarative ? ", declarative" : ""}`,
  );
}

describe("writing takes a field from another manager", () => {
  test("that claims it, when it gets another value; a status is nobody's to write", () => {
    const live = deployment(
      { replicas: 5, paused: true, minReadySeconds: 1 },
      entry("plumbline", "Apply", { "f:minReadySeconds": {} }),
      entry("scaler", "Update", { "f:replicas": {} }, { subresource: "scale" }),
      entry("kubectl-edit", "Update", { "f:paused": {}, "f:replicas": {} }),
      entry("watcher", "Update", { "f:replicas": {} }, { subresource: "status" }),
    );
    const sent = deployment({ replicas: 3, paused: true, minReadySeconds: 2 });
    expect(lines(takeovers(sent, live))).toEqual(["spec.replicas from scaler", "spec.replicas from kubectl-edit"]);
  });

  test("inside an item of a list, found by its keys though a default is left out", () => {
    const port = 'k:{"containerPort":80,"protocol":"TCP"}';
    const live = deployment(
      { ports: [{ containerPort: 80, protocol: "TCP", name: "theirs" }] },
      entry("kubectl-edit", "Update", { "f:ports": { [port]: { "f:name": {} } } }),
    );
    const sent = deployment({ ports: [{ containerPort: 80, name: "ours" }] });
    expect(lines(takeovers(sent, live))).toEqual(["spec.ports[containerPort=80,protocol=TCP].name from kubectl-edit"]);
  });

  test("as a whole, when it is one value; not when a shared map was once written empty", () => {
    const live = deployment(
      { list: ["a"], map: { theirs: "x" } },
      entry("first", "Apply", { "f:list": {}, "f:map": {} }),
      entry("second", "Update", { "f:map": { "f:theirs": {} } }),
    );
    const sent = deployment({ list: ["b"], map: { ours: "y" } });
    expect(lines(takeovers(sent, live))).toEqual(["spec.list from first, declarative"]);
  });

  test("unless its entry becomes ours before", () => {
    const old = entry("kubectl-client-side-apply", "Update", { "f:replicas": {} });
    const live = deployment({ replicas: 5 }, old);
    expect(lines(takeovers(deployment({ replicas: 3 }), live))).toEqual([
      "spec.replicas from kubectl-client-side-apply",
    ]);
    expect(takeovers(deployment({ replicas: 3 }), live, { absorbed: [old] })).toEqual([]);
  });
});

describe("of fields that are taken is told", () => {
  const ref = refOf(deployment({}));
  const live = deployment(
    { replicas: 5, paused: true },
    entry("kustomize-controller", "Apply", { "f:paused": {} }),
    entry("kubectl", "Update", { "f:replicas": {} }, { subresource: "scale" }),
  );
  const taken = takeovers(deployment({ replicas: 3, paused: false }), live);
  const told = (adopting: boolean): readonly string[] =>
    takeoverProblems(ref, taken, { adopting }).map(({ level, code, message }) => `${level} ${code} ${message}`);

  test("one problem for each manager, a blocker where the other applies from files as well", () => {
    expect(told(false)).toEqual([
      "blocker field-owned-by-another apps/Deployment shop/web: spec.paused would be taken from kustomize-controller, which applies from files of its own",
      "caution field-taken apps/Deployment shop/web: spec.replicas will be taken from kubectl (scale)",
    ]);
  });

  test("a caution each, where the app may take objects over", () => {
    expect(told(true)).toEqual([
      "caution field-taken apps/Deployment shop/web: spec.paused will be taken from kustomize-controller",
      "caution field-taken apps/Deployment shop/web: spec.replicas will be taken from kubectl (scale)",
    ]);
  });

  test("no more than five fields", () => {
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    const values = (value: string): JsonMap => Object.fromEntries(names.map((name) => [name, value]));
    const claims = Object.fromEntries(names.map((name) => [`f:${name}`, {}]));
    const many = takeovers(
      deployment(values("git")),
      deployment(values("live"), entry("kubectl-edit", "Update", claims)),
    );
    expect(takeoverProblems(ref, many, { adopting: false })[0]?.message).toBe(
      "apps/Deployment shop/web: spec.a, spec.b, spec.c, spec.d, spec.e and 2 more will be taken from kubectl-edit",
    );
  });
});
