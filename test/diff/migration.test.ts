import { describe, expect, test } from "vitest";
import { absorbed } from "../../src/diff/absorbed.ts";
import { ownershipPatch, predictionPatch } from "../../src/diff/migration.ts";
import { vanishing } from "../../src/diff/vanishing.ts";
import type { JsonMap } from "../../src/model/json.ts";
import type { KubeObject, ManagedFields } from "../../src/model/object.ts";

function configMap(data: JsonMap, managedFields: readonly ManagedFields[], rest: JsonMap = {}): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "settings", resourceVersion: "7", managedFields, ...rest },
    data,
  };
}

function entry(manager: string, operation: string, keys: readonly string[] = [], more: JsonMap = {}): ManagedFields {
  const fieldsV1 = { "f:data": Object.fromEntries(keys.map((key) => [`f:${key}`, {}])) };
  return { manager, operation, apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1, ...more };
}

describe("claims that become ours before we apply", () => {
  const others = [
    entry("kubectl-client-side-apply", "Update"),
    entry("before-first-apply", "Update"),
    entry("plumbline", "Update"),
    entry("kubectl-create", "Update"),
    entry("kubectl", "Apply"),
    entry("helm", "Update"),
    entry("kustomize-controller", "Apply"),
    entry("argocd-application-controller", "Update"),
    entry("kapp", "Update"),
    entry("kubectl-edit", "Update"),
    entry("kubectl-rollout", "Update"),
    entry("kubectl-set", "Update"),
    entry("kubectl-label", "Update"),
    entry("kubectl", "Update", [], { subresource: "scale" }),
    entry("helm", "Update", [], { subresource: "status" }),
    entry("kubectl-client-side-apply", "Update", [], { apiVersion: "v1beta1" }),
  ];
  const names = (managedFields: readonly ManagedFields[], adopting: boolean): readonly string[] =>
    absorbed(configMap({}, managedFields), { adopting }).map(({ manager, operation }) => `${manager} ${operation}`);
  const LEFT_BEHIND = ["kubectl-client-side-apply Update", "before-first-apply Update", "plumbline Update"];

  test("are those that no tool keeps up", () => {
    expect(names(others, false)).toEqual(LEFT_BEHIND);
  });

  test("are those of other tools as well, when we take an object over; never a person's", () => {
    expect(names(others, true)).toEqual([
      ...LEFT_BEHIND,
      "kubectl-create Update",
      "kubectl Apply",
      "helm Update",
      "kustomize-controller Apply",
      "argocd-application-controller Update",
      "kapp Update",
    ]);
  });

  test("are not those of other tools once we have applied", () => {
    expect(names([entry("plumbline", "Apply"), ...others], true)).toEqual(LEFT_BEHIND);
  });

  test("are none while our own claim is of another version", () => {
    expect(names([entry("plumbline", "Apply", [], { apiVersion: "v1beta1" }), ...others], true)).toEqual([]);
  });
});

describe("the patch that makes claims ours", () => {
  test("unites them with our own, keeps all others, and names the version it was made for", () => {
    const [own, old, theirs] = [
      entry("plumbline", "Apply", ["a"]),
      entry("kubectl-client-side-apply", "Update", ["a", "b"]),
      entry("kubectl-edit", "Update", ["c"]),
    ];
    const live = configMap({}, [old, theirs, own]);
    expect(ownershipPatch(live, [old])).toEqual([
      { op: "replace", path: "/metadata/managedFields", value: [entry("plumbline", "Apply", ["a", "b"]), theirs] },
      { op: "replace", path: "/metadata/resourceVersion", value: "7" },
    ]);
  });

  test("makes an entry of ours where there was none", () => {
    const live = configMap({}, [entry("helm", "Apply", ["a"])]);
    expect(ownershipPatch(live, live.metadata.managedFields ?? [])[0]).toEqual({
      op: "replace",
      path: "/metadata/managedFields",
      value: [entry("plumbline", "Apply", ["a"])],
    });
  });
});

describe("fields vanish", () => {
  test("that we will own, do not send, and that nobody else claims", () => {
    const [old, theirs] = [
      entry("kubectl-client-side-apply", "Update", ["sent", "dropped", "shared"]),
      entry("kubectl-edit", "Update", ["shared", "foreign"]),
    ];
    const data = { sent: "1", dropped: "1", shared: "1", foreign: "1", unclaimed: "1" };
    const live = configMap(data, [old, theirs]);
    const answer = configMap(data, [entry("plumbline", "Apply", ["sent"]), old, theirs]);
    expect(vanishing(answer, live, [old])["data"]).toEqual({ sent: "1", shared: "1", foreign: "1", unclaimed: "1" });
  });

  test("not at all, where there is nothing of ours", () => {
    const live = configMap({ a: "1" }, [entry("kubectl-edit", "Update", ["a"])]);
    expect(vanishing(live, live, [])).toBe(live);
  });

  test("and leave null where the last member of a map that is sent goes", () => {
    const helm = entry("helm", "Update", ["gone"]);
    const answer = configMap({ gone: "1" }, [helm, { ...entry("plumbline", "Apply"), fieldsV1: { "f:data": {} } }]);
    expect(vanishing(answer, configMap({ gone: "1" }, [helm]), [helm])["data"]).toBeNull();
  });

  test("with the whole item of a list, unless another claims the item itself", () => {
    const items = (claim: JsonMap): JsonMap => ({
      "f:list": { 'k:{"name":"a"}': claim, 'k:{"name":"b"}': claim },
    });
    const claims = (manager: string, operation: string, fieldsV1: JsonMap): ManagedFields => ({
      ...entry(manager, operation),
      fieldsV1,
    });
    const old = claims("kubectl-client-side-apply", "Update", items({ ".": {}, "f:name": {}, "f:value": {} }));
    const partly = claims("kubectl-set", "Update", { "f:list": { 'k:{"name":"a"}': { "f:more": {} } } });
    const wholly = claims("kubectl-edit", "Update", { "f:list": { 'k:{"name":"b"}': { ".": {}, "f:name": {} } } });
    const list = ["a", "b"].map((name) => ({ name, value: "1", more: "1" }));
    const live = { ...configMap({}, [old, partly, wholly]), list };
    const answer = {
      ...configMap({}, [claims("plumbline", "Apply", { "f:list": {} }), old, partly, wholly]),
      list,
    };
    expect(vanishing(answer, live, [old])["list"]).toEqual([{ name: "b", more: "1" }]);
  });

  test("but not an item that another claims as one value", () => {
    const claim = (manager: string): ManagedFields => ({
      ...entry(manager, "Apply"),
      fieldsV1: { "f:list": { 'k:{"name":"a"}': {} } },
    });
    const [flux, second] = [claim("kustomize-controller"), claim("second")];
    const live = { ...configMap({}, [flux, second]), list: [{ name: "a" }] };
    const answer = { ...live, metadata: { ...live.metadata, managedFields: [entry("plumbline", "Apply"), second] } };
    expect(vanishing(answer, live, [flux])["list"]).toEqual([{ name: "a" }]);
  });
});

test("the patch that asks for a prediction holds the top-level parts that differ, and nothing that the server owns", () => {
  const live = configMap({ a: "1", b: "1" }, [], { labels: { x: "1" }, annotations: { y: "1" }, uid: "u" });
  const wanted = {
    ...configMap({ a: "1" }, [entry("plumbline", "Apply")], { annotations: { y: "2" }, finalizers: ["z"] }),
    binaryData: { c: "AA==" },
  };
  expect(predictionPatch(live, wanted)).toEqual([
    { op: "replace", path: "/data", value: { a: "1" } },
    { op: "add", path: "/binaryData", value: { c: "AA==" } },
    { op: "remove", path: "/metadata/labels" },
    { op: "replace", path: "/metadata/annotations", value: { y: "2" } },
    { op: "add", path: "/metadata/finalizers", value: ["z"] },
    { op: "replace", path: "/metadata/resourceVersion", value: "7" },
  ]);
});
