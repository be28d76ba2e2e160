import { expect, test } from "vitest";
import { withoutGuesses } from "../../src/diff/guess.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { yml } from "../support/yml.ts";

const encoded = (text: string): string => Buffer.from(text).toString("base64");

const secret = (data: Readonly<Record<string, string>>): KubeObject => yml`
  apiVersion: v1
  kind: Secret
  metadata: {name: s, namespace: shop}
  data: ${JSON.stringify(data)}`;

const old = secret({ a: encoded("old"), b: encoded("b") });

test("a value that the change brings and that is live already becomes another one of the same form", () => {
  const head = secret({ a: encoded("live"), b: encoded("b") });
  expect(withoutGuesses({ base: old, head, live: head })).toEqual(secret({ a: encoded("live\n"), b: encoded("b") }));
});

test("of a Secret that the change brings, each live value may have been guessed", () => {
  const head = secret({ a: encoded('{"auths": {}}') });
  expect(withoutGuesses({ head, live: head })).toEqual(secret({ a: encoded('{"auths": {}}\n') }));
});

test("what differs from the live value, what the change does not touch, and what is no Secret stays as it is", () => {
  const wrong = secret({ a: encoded("wrong") });
  expect(withoutGuesses({ base: old, head: wrong, live: secret({ a: encoded("live") }) })).toBe(wrong);
  expect(withoutGuesses({ base: old, head: old, live: old })).toBe(old);
  const map = { ...old, kind: "ConfigMap" };
  expect(withoutGuesses({ head: map, live: map })).toBe(map);
});
