import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Value } from "../../src/model/change.ts";
import type { Json } from "../../src/model/json.ts";
import { createMasker } from "../../src/diff/masker.ts";
import { changeNamed, namedIn } from "../../src/diff/named-secret.ts";
import { isSecretPath, maskValue, secretTexts } from "../../src/diff/secrecy.ts";
import { yml } from "../support/yml.ts";

const SECRET = { group: "", kind: "Secret" };
const CONFIG_MAP = { group: "", kind: "ConfigMap" };
const DEPLOYMENT = { group: "apps", kind: "Deployment" };
const MASKED = { masked: true };

function encoded(text: string): string {
  return Buffer.from(text).toString("base64");
}

function learnedFrom(object: ReturnType<typeof yml>): (text: string) => string {
  const masker = createMasker();
  for (const text of secretTexts(object)) masker.learn(text);
  return (text) => masker.text(text);
}

test("a value that was encoded once more than it had to be is known in each form", () => {
  const told = learnedFrom(yml`
    apiVersion: v1
    kind: Secret
    metadata: {name: token}
    data: {token: "${encoded(encoded("canary-Data-42"))}"}
    stringData: {other: "${encoded("canary-Text-42")}"}`);
  for (const text of ["canary-Data-42", encoded("canary-Data-42"), "canary-Text-42"])
    expect(told(`is ${text}`)).toBe("is «masked»");
});

test("what an annotation keeps of an older state of a Secret is known", () => {
  const older = JSON.stringify({
    kind: "Secret",
    data: { a: encoded("canary-Old-1") },
    stringData: { b: "canary-Old-2" },
  });
  const told = learnedFrom(yml`
    apiVersion: v1
    kind: Secret
    metadata: {name: s, annotations: {kapp.k14s.io/original: '${older}'}}
    data: {a: "${encoded("canary-New-1")}"}`);
  expect(told("canary-Old-1 canary-Old-2 canary-New-1")).toBe("«masked» «masked» «masked»");
});

test("what a name outside of Secrets says to be secret is known", () => {
  const told = learnedFrom(yml`
    apiVersion: v1
    kind: Pod
    metadata: {name: p}
    spec:
      containers:
        - name: c
          env: [{name: DB_PASSWORD, value: canary-Env-1}]
          args: [--api-key, canary-Arg-1]`);
  expect(told("canary-Env-1 canary-Arg-1")).toBe("«masked» «masked»");
});

test("what is masked by its name is also what is learned", () => {
  const name = fc.constantFrom(
    "password",
    "DB_PASSWORD",
    "--api-key",
    "secretName",
    "name",
    "value",
    "env",
    "__proto__",
    "1",
  );
  const scalar = fc.oneof(
    name,
    fc.constantFrom("$(A)", "canary-1", "canary-2", "", 0, 12345678, 2n ** 60n, true, null),
  );
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      scalar,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(name, tie("value"), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(value, (any) => {
      const masked: Json[] = [];
      changeNamed(any, undefined, (secret) => {
        masked.push(secret);
        return null;
      });
      expect(namedIn(any)).toEqual(masked);
    }),
    { numRuns: 2_000 },
  );
});

describe("of a Secret is shown", () => {
  test.each<[string, Json, Value]>([
    ["no value, but each key", { data: { a: "YQ==", b: "Yg==" } }, { data: { a: MASKED, b: MASKED } }],
    [
      "no value in a wrong form",
      { data: { a: [1, { b: 2 }] }, stringData: "x" },
      { data: { a: MASKED }, stringData: MASKED },
    ],
    [
      "no value in a field that does not exist",
      { StringData: { a: "x" }, dat: "y" },
      { StringData: { a: MASKED }, dat: MASKED },
    ],
    ["its type", { type: "Opaque", immutable: true }, { type: "Opaque", immutable: true }],
    [
      "an annotation that is none of its copies",
      { metadata: { annotations: { "reloader.stakater.com/match": "true", note: "rotated by hand in May" } } },
      { metadata: { annotations: { "reloader.stakater.com/match": "true", note: "rotated by hand in May" } } },
    ],
    [
      "no copy, and no hash of it",
      {
        metadata: {
          annotations: {
            "kapp.k14s.io/original": "x",
            "kubectl.kubernetes.io/last-applied-configuration": "x",
            "objectset.rio.cattle.io/applied": "x",
            "reconcile.external-secrets.io/data-hash": "x",
            "acme.example/any": '{"data": {"a": "Yg=="}}',
            "acme.example/packed": "H4sIAAAAAAAA/6tWKkktLlGyUlAqSyxKBwAAAP//",
          },
        },
      },
      {
        metadata: {
          annotations: {
            "kapp.k14s.io/original": MASKED,
            "kubectl.kubernetes.io/last-applied-configuration": MASKED,
            "objectset.rio.cattle.io/applied": MASKED,
            "reconcile.external-secrets.io/data-hash": MASKED,
            "acme.example/any": MASKED,
            "acme.example/packed": MASKED,
          },
        },
      },
    ],
  ])("%s", (_, value, shown) => {
    expect(maskValue(SECRET, [], value)).toEqual(shown);
  });

  test("the same of one field alone", () => {
    expect(maskValue(SECRET, ["data", "a"], "YQ==")).toEqual(MASKED);
    expect(maskValue(SECRET, ["metadata", "annotations", "kapp.k14s.io/original"], "x")).toEqual(MASKED);
    expect(maskValue(SECRET, ["metadata", "labels", "app"], "web")).toBe("web");
    expect(isSecretPath(SECRET, ["metadata"])).toBe(false);
    expect(isSecretPath({ group: "acme.example", kind: "Secret" }, ["data"])).toBe(false);
  });
});

describe("outside of Secrets is masked", () => {
  test.each<[string, Parameters<typeof maskValue>, Value]>([
    [
      "a key of a ConfigMap",
      [CONFIG_MAP, ["data"], { DB_PASSWORD: "x", DB_HOST: "y" }],
      { DB_PASSWORD: MASKED, DB_HOST: "y" },
    ],
    ["one key alone", [CONFIG_MAP, ["data", "dbPassword"], "x"], MASKED],
    [
      "a variable of a container",
      [
        DEPLOYMENT,
        ["spec", "containers"],
        [
          {
            name: "c",
            env: [
              { name: "API_KEY", value: "x" },
              { name: "A", value: "y" },
            ],
          },
        ],
      ],
      [
        {
          name: "c",
          env: [
            { name: "API_KEY", value: MASKED },
            { name: "A", value: "y" },
          ],
        },
      ],
    ],
    ["its value alone", [DEPLOYMENT, ["spec", "env", { item: { name: "DB_PASS" } }, "value"], "x"], MASKED],
    ["a number as well", [CONFIG_MAP, ["spec", "adminPassword"], 12345], MASKED],
    ["what follows a flag", [DEPLOYMENT, ["args"], ["--client-secret", "x", "y"]], ["--client-secret", MASKED, "y"]],
  ])("%s whose name says so", (_, given, shown) => {
    expect(maskValue(...given)).toEqual(shown);
  });

  test.each<[string, Json]>([
    ["a reference", { passwordSecretRef: { name: "a", key: "password" }, passwordKey: "b", secretName: "c" }],
    ["a variable or a file", { PASSWORD: "$(OTHER)", API_KEY: "${X}", DB_PASSWORD: "/run/secrets/db" }],
    ["a switch", { disablePassword: true, password: "none" }],
    ["a schema", { properties: { password: { type: "string" } }, required: ["password"] }],
    ["what a list is called", { name: "compass", value: "north" }],
  ])("but not %s", (_, value) => {
    expect(maskValue(DEPLOYMENT, [], value)).toEqual(value);
  });
});
