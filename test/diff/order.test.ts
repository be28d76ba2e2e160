import fc from "fast-check";
import { expect, test } from "vitest";
import { hideWith, intentDigest } from "../../src/diff/digest.ts";
import type { KubeObject } from "../../src/model/object.ts";

const NAMES = ["a", "b", "c", "d"];

function pod(names: readonly string[], image: string): KubeObject {
  const initContainers = names.map((name) => ({ name, image: "a:1" }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: { initContainers, containers: [{ name: "c", image }] },
  };
}

function intent(base: readonly string[], head: readonly string[]): string {
  return intentDigest([pod(base, "a:1")], [pod(head, "a:2")], hideWith(undefined));
}

const list = fc.shuffledSubarray(NAMES);

test("two ways to order the items of a list are two intents, whatever was there before and whatever else changes", () => {
  fc.assert(
    fc.property(list, list, list, (base, one, other) => {
      expect(intent(base, one) === intent(base, other)).toBe(one.join() === other.join());
    }),
  );
});

test("another version of the same kind is another intent", () => {
  const budget = (apiVersion: string): KubeObject => ({
    apiVersion,
    kind: "PodDisruptionBudget",
    metadata: { name: "b" },
  });
  const [old, now] = [budget("policy/v1beta1"), budget("policy/v1")];
  const hide = hideWith(undefined);
  expect(intentDigest([old], [now], hide)).not.toBe(intentDigest([old], [old], hide));
});
