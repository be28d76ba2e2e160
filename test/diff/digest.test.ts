import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hideWith, intentDigest, planDigest, renderedDigest } from "../../src/diff/digest.ts";
import { yml } from "../support/yml.ts";

const WORLD = { cluster: "uid-1", renderer: "plain" };
const NO_KEY = hideWith(undefined);
const KEY = hideWith(Buffer.from("a random key"));

const config = (value: string): ReturnType<typeof yml> => yml`
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: a, namespace: shop}
  data: {k: "${value}"}`;
const secret = (value: string): ReturnType<typeof yml> => yml`
  apiVersion: v1
  kind: Secret
  metadata: {name: s, namespace: shop}
  data: {k: "${value}"}`;
const other = yml`
  apiVersion: v1
  kind: Namespace
  metadata: {name: shop}`;

describe("a digest of what Git wants", () => {
  test("stays what it is: it is compared across machines and releases", () => {
    expect(renderedDigest([config("1"), other], WORLD, NO_KEY)).toMatchInlineSnapshot(
      `"sha256:5d332d8fbc0d9dc10c33f06c94fced7fa43c8fb248c2469606928978da2d2778"`,
    );
    expect(intentDigest([config("1")], [config("2"), other], NO_KEY)).toMatchInlineSnapshot(
      `"sha256:48262324b8d3ba88efb08dfc5c87ff208626d2ea71a3d067815b05543fe9151a"`,
    );
  });

  test("does not depend on the order of objects or keys, on our own label, or on what the server writes", () => {
    const written = {
      kind: "ConfigMap",
      data: { k: "1" },
      apiVersion: "v1",
      metadata: {
        namespace: "shop",
        name: "a",
        uid: "x",
        resourceVersion: "7",
        labels: { "applyset.kubernetes.io/part-of": "set" },
      },
    };
    expect(renderedDigest([other, written], WORLD, NO_KEY)).toBe(renderedDigest([config("1"), other], WORLD, NO_KEY));
  });

  test("changes with every value, the cluster and the renderer", () => {
    const digests = [
      renderedDigest([config("1")], WORLD, NO_KEY),
      renderedDigest([config("2")], WORLD, NO_KEY),
      renderedDigest([config("1")], { ...WORLD, cluster: "uid-2" }, NO_KEY),
      renderedDigest([config("1")], { ...WORLD, renderer: "kustomize v5" }, NO_KEY),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });

  test("knows a secret value only through the key", () => {
    const withValue = (value: string, hide: typeof NO_KEY): string => renderedDigest([secret(value)], WORLD, hide);
    expect(withValue("YQ==", NO_KEY)).toBe(withValue("Yg==", NO_KEY));
    expect(withValue("YQ==", KEY)).not.toBe(withValue("Yg==", KEY));
    expect(withValue("YQ==", KEY)).not.toBe(withValue("YQ==", hideWith(Buffer.from("another key"))));
  });

  test("of a change is the same in whichever order the changes come", () => {
    const changes = ["a", "b", "c", "d"].map((name) => ({
      op: "update" as const,
      ref: { group: "", kind: "ConfigMap", namespace: "shop", name },
      fields: [{ path: ["data", "k"], before: "1", after: name }],
    }));
    const expected = planDigest("sha256:0", changes, NO_KEY);
    fc.assert(
      fc.property(fc.shuffledSubarray(changes, { minLength: changes.length }), (shuffled) => {
        expect(planDigest("sha256:0", shuffled, NO_KEY)).toBe(expected);
      }),
    );
  });
});
