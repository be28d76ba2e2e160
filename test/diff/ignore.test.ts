import { describe, expect, test } from "vitest";
import { ignoreRulesFor, ignoreRulesForOrphan, type Ignoring } from "../../src/diff/ignore.ts";
import { findMarks, IGNORE_MARKS } from "../../src/diff/ignore-marks.ts";
import type { IgnoreRule } from "../../src/model/ignore-rule.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { formatPath } from "../../src/model/path.ts";
import { yml } from "../support/yml.ts";

type Marks = Readonly<Record<string, string>>;

function web(annotations: Marks = {}, labels: Marks = {}): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop", annotations, labels },
  };
}

function told(ignoring: Ignoring): string {
  if (ignoring.kind !== "paths") return `${ignoring.kind}: ${ignoring.because}`;
  return `${ignoring.paths.map(formatPath).join(" ")}: ${ignoring.because.join("; ")}`;
}

describe("an annotation in Git", () => {
  test.each<[Marks, string]>([
    [{ "plumbline.dev/ignore": "true" }, "whole: annotation plumbline.dev/ignore: true in Git"],
    [
      { "kustomize.toolkit.fluxcd.io/reconcile": "Disabled" },
      "whole: annotation kustomize.toolkit.fluxcd.io/reconcile: Disabled in Git",
    ],
    [
      { "kustomize.toolkit.fluxcd.io/ssa": "Ignore" },
      "whole: annotation kustomize.toolkit.fluxcd.io/ssa: Ignore in Git",
    ],
    [{ "fluxcd.io/ignore": "true" }, "whole: annotation fluxcd.io/ignore: true in Git"],
    [{ "kapp.k14s.io/noop": "" }, "whole: annotation kapp.k14s.io/noop in Git"],
    [
      { "configmanagement.gke.io/managed": "disabled" },
      "whole: annotation configmanagement.gke.io/managed: disabled in Git",
    ],
    [
      { "kustomize.toolkit.fluxcd.io/ssa": "IfNotPresent" },
      "if-absent: annotation kustomize.toolkit.fluxcd.io/ssa: IfNotPresent in Git",
    ],
    [
      { "client.lifecycle.config.k8s.io/mutation": "ignore" },
      "if-absent: annotation client.lifecycle.config.k8s.io/mutation: ignore in Git",
    ],
    [{ "kluctl.io/ignore-diff": "true" }, "if-absent: annotation kluctl.io/ignore-diff: true in Git"],
    [
      { "plumbline.dev/ignore": 'spec.replicas, data["a,b"], spec.ports[port=80,protocol=TCP].nodePort' },
      'spec.replicas data["a,b"] spec.ports[port=80,protocol=TCP].nodePort: annotation plumbline.dev/ignore in Git',
    ],
    [
      { "kluctl.io/ignore-diff-field-1": "$.spec.replicas" },
      "spec.replicas: annotation kluctl.io/ignore-diff-field-1 in Git",
    ],
    [
      { "fluxcd.io/ignore": "false", "plumbline.dev/ignore": "false", "kustomize.toolkit.fluxcd.io/ssa": "Override" },
      ": ",
    ],
    [
      { "kapp.k14s.io/noop": "", "plumbline.dev/ignore": "spec.replicas" },
      "whole: annotation kapp.k14s.io/noop in Git",
    ],
  ])("%j", (annotations, expected) => {
    expect(told(ignoreRulesFor(web(annotations), undefined, []))).toBe(expected);
  });

  test("that Flux reads as a label, too", () => {
    expect(told(ignoreRulesFor(web({}, { "kustomize.toolkit.fluxcd.io/reconcile": "disabled" }), undefined, []))).toBe(
      "whole: label kustomize.toolkit.fluxcd.io/reconcile: disabled in Git",
    );
    expect(told(ignoreRulesFor(web({}, { "plumbline.dev/ignore": "true" }), undefined, []))).toBe(": ");
  });

  test("of another tool that is about fields of others, or about drift", () => {
    const merge = ignoreRulesFor(web({ "kustomize.toolkit.fluxcd.io/ssa": "Merge" }), undefined, []);
    expect(merge.othersStay).toBe("annotation kustomize.toolkit.fluxcd.io/ssa: Merge in Git");
    const drift = ignoreRulesFor(web({ "helm.toolkit.fluxcd.io/driftDetection": "disabled" }), undefined, []);
    expect(drift.driftUncounted).toBe("annotation helm.toolkit.fluxcd.io/driftDetection: disabled in Git");
  });

  test("that cannot be read blocks, and says what to write", () => {
    const { problems, ...rest } = ignoreRulesFor(
      web({ "plumbline.dev/ignore": "spec.replicas, spec.containers[0]" }),
      undefined,
      [],
    );
    expect(told({ problems, ...rest })).toBe("spec.replicas: annotation plumbline.dev/ignore in Git");
    expect(problems).toEqual([
      {
        code: "ignore-invalid",
        level: "blocker",
        message:
          "apps/Deployment shop/web: annotation plumbline.dev/ignore in Git names a field in a way that cannot be read",
        remedy: expect.stringContaining("write spec.containers[name=...]"),
      },
    ]);
  });

  test.each(["metadata.name", "kind", "metadata", "*", `spec${"[".repeat(5000)}`])(
    "that names %.20s is refused",
    (text) => {
      const { problems } = ignoreRulesFor(web({ "plumbline.dev/ignore": text }), undefined, []);
      expect(problems.map(({ level }) => level)).toEqual(["blocker"]);
    },
  );

  test("of another tool that cannot be read is a caution", () => {
    const { problems } = ignoreRulesFor(web({ "kluctl.io/ignore-diff-field": '$..[?(@.a=="b")]' }), undefined, []);
    expect(problems.map(({ level }) => level)).toEqual(["caution"]);
  });
});

describe("an annotation on the live object", () => {
  test("leaves it alone, and is told apart from one in Git", () => {
    const live = web({ "plumbline.dev/ignore": "true" });
    expect(told(ignoreRulesFor(web(), live, []))).toBe(
      "whole: annotation plumbline.dev/ignore: true on the live object",
    );
  });

  test("that cannot be read leaves the whole object alone", () => {
    const ignoring = ignoreRulesFor(web(), web({ "plumbline.dev/ignore": "spec[0]" }), []);
    expect(told(ignoring)).toBe("whole: annotation plumbline.dev/ignore on the live object, which cannot be read");
    expect(ignoring.problems.map(({ level }) => level)).toEqual(["caution"]);
  });

  test("that we wrote ourselves counts no longer once Git has taken it back", () => {
    const live = yml`
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
        namespace: shop
        annotations: {kustomize.toolkit.fluxcd.io/ssa: IfNotPresent}
        managedFields:
          - {manager: MANAGER, operation: Apply, apiVersion: apps/v1, fieldsV1: {f:metadata: {f:annotations: {"f:kustomize.toolkit.fluxcd.io/ssa": {}}}}}`;
    const by = (manager: string): KubeObject =>
      JSON.parse(JSON.stringify(live).replace("MANAGER", manager)) as KubeObject;
    expect(told(ignoreRulesFor(web(), by("plumbline"), []))).toBe(": ");
    expect(told(ignoreRulesFor(web(), by("kubectl"), []))).toMatch(/^if-absent: .* on the live object$/);
    expect(told(ignoreRulesForOrphan(by("plumbline")))).toMatch(/^if-absent: /);
  });

  test("of an object that left Git keeps it, or makes its leaving no drift", () => {
    expect(told(ignoreRulesForOrphan(web({ "fluxcd.io/ignore": "true" })))).toBe(
      "whole: annotation fluxcd.io/ignore: true on the live object",
    );
    const extraneous = { "argocd.argoproj.io/compare-options": "ServerSideDiff=true, IgnoreExtraneous" };
    expect(ignoreRulesForOrphan(web(extraneous)).driftUncounted).toBe(
      "annotation argocd.argoproj.io/compare-options on the live object",
    );
    expect(ignoreRulesFor(web(extraneous), web(extraneous), []).driftUncounted).toBeUndefined();
  });
});

describe("a rule of the configuration", () => {
  const rule = (more: Partial<IgnoreRule>): IgnoreRule => ({
    kind: "Deployment",
    paths: [["spec", "replicas"]],
    ...more,
  });

  test.each<[Partial<IgnoreRule>, boolean]>([
    [{}, true],
    [{ kind: "apps/Deployment" }, true],
    [{ kind: "*" }, true],
    [{ kind: "apps/*" }, true],
    [{ kind: "batch/*" }, false],
    [{ kind: "StatefulSet" }, false],
    [{ name: "we*" }, true],
    [{ name: "api" }, false],
    [{ namespace: "shop*" }, true],
    [{ namespace: "other" }, false],
  ])("%j covers Deployment shop/web: %s", (more, covered) => {
    const ignoring = ignoreRulesFor(web(), undefined, [rule(more)]);
    expect(ignoring.kind === "paths" && ignoring.paths.map(formatPath)).toEqual(covered ? ["spec.replicas"] : []);
  });

  test("stands beside annotations, and all are told", () => {
    const ignoring = ignoreRulesFor(web({ "plumbline.dev/ignore": "spec.paused" }), undefined, [rule({ name: "w*" })]);
    expect(told(ignoring)).toBe(
      "spec.replicas spec.paused: ignore rule of the configuration for Deployment w*; annotation plumbline.dev/ignore in Git",
    );
  });
});

test.each(IGNORE_MARKS)("$key: $example is found among others, on whatever it may stand", (mark) => {
  const key = mark.repeated === true ? `${mark.key}-2` : mark.key;
  const marked = { a: "b", [key]: mark.example, z: "y" };
  const found = { mark, key, value: mark.example };
  const places = [
    { annotations: marked, labels: { a: "b" } },
    { annotations: { a: "b" }, labels: marked },
  ].map((metadata) => findMarks(metadata).filter((one) => one.mark === mark));
  expect(places).toEqual([[{ ...found, on: "annotation" }], mark.label === true ? [{ ...found, on: "label" }] : []]);
});
