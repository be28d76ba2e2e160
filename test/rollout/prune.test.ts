import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Change } from "../../src/model/change.ts";
import { keepReason, pruneLimit } from "../../src/rollout/prune.ts";
import { yml } from "../support/yml.ts";

const POLICY = { max: 10, ratio: 0.25, protect: ["Namespace", "PersistentVolumeClaim"] };

function deletions(count: number): readonly Change[] {
  return Array.from({ length: count }, (_, index) => ({
    op: "delete",
    ref: { group: "", kind: "ConfigMap", namespace: "shop", name: `c${index}` },
    version: "v1",
    certainty: "server",
    fields: [],
    warnings: [],
  }));
}

describe("the limit of deletion", () => {
  test.each([
    [3, 3, undefined],
    [4, 16, undefined],
    [4, 15, "4 of 15 objects (27 %) would be deleted; the limit is 10 objects and 25 %"],
    [11, 1000, "11 of 1000 objects (1 %) would be deleted; the limit is 10 objects and 25 %"],
  ])("%i of %i: %s", (count, owned, expected) => {
    expect(pruneLimit(deletions(count), owned, POLICY)?.message).toBe(expected);
  });

  test("never lets more than the maximum pass, however much is owned", () => {
    fc.assert(
      fc.property(fc.integer({ min: 11, max: 60 }), fc.integer({ min: 0, max: 10_000 }), (count, owned) => {
        expect(pruneLimit(deletions(count), owned, POLICY)?.code).toBe("prune-limit");
      }),
    );
  });
});

describe("an object that left Git is kept", () => {
  test.each([
    [`{plumbline.dev/prune: "false"}`, "annotation plumbline.dev/prune asks to keep it"],
    [`{kustomize.toolkit.fluxcd.io/prune: disabled}`, "annotation kustomize.toolkit.fluxcd.io/prune asks to keep it"],
    [
      `{argocd.argoproj.io/sync-options: "Replace=true,Prune=false"}`,
      "annotation argocd.argoproj.io/sync-options asks to keep it",
    ],
    [`{helm.sh/resource-policy: keep}`, "annotation helm.sh/resource-policy asks to keep it"],
    [`{note: x}`, undefined],
  ])("with annotations %s: %s", (annotations, expected) => {
    const live = yml`
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: a, namespace: shop, annotations: ${annotations}}`;
    expect(keepReason(live, { group: "", kind: "ConfigMap", namespace: "shop", name: "a" }, POLICY)).toBe(expected);
  });

  test("when its kind is protected or its namespace is Kubernetes' own", () => {
    const live = yml`{apiVersion: v1, kind: X, metadata: {name: a}}`;
    const kept = (kind: string, name: string, namespace?: string): string | undefined =>
      keepReason(live, { group: "", kind, name, ...(namespace !== undefined && { namespace }) }, POLICY);
    expect(kept("PersistentVolumeClaim", "data", "shop")).toBe("PersistentVolumeClaim is a protected kind");
    expect(kept("ConfigMap", "a", "kube-system")).toBe("namespace kube-system belongs to Kubernetes");
    expect(kept("ConfigMap", "a", "default")).toBeUndefined();
  });
});
