import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Json } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { findEncrypted } from "../../src/manifest/encrypted-value.ts";
import { checkSize } from "../../src/manifest/object-size.ts";
import { parseManifests } from "../../src/manifest/parse.ts";
import { findVariables } from "../../src/manifest/unresolved-variable.ts";
import { validateObjects } from "../../src/manifest/validate.ts";
import { showProblems } from "./shown.ts";

const HEAD = "apiVersion: v1\nkind: ConfigMap\n";
const NAMED = `${HEAD}metadata: {name: a, namespace: shop}\n`;

function check(...texts: readonly string[]): string {
  return showProblems(
    validateObjects(texts.flatMap((text, index) => parseManifests(text, `${index + 1}.yaml`).objects)),
  );
}

describe("names", () => {
  test.each([
    ["metadata: {}", "error name-missing 1:1 ConfigMap: metadata.name is missing; add metadata.name"],
    ["metadata: {name: ''}", "error name-missing 1:1 ConfigMap: metadata.name is missing; add metadata.name"],
    ["", "error name-missing 1:1 ConfigMap: metadata.name is missing; add metadata.name"],
    [
      "metadata: {generateName: a-}",
      "error name-missing 1:1 ConfigMap: metadata.generateName makes a new object on every apply; give it a fixed metadata.name",
    ],
    [
      "metadata: {name: a/b}",
      "blocker invalid-object 1:1 ConfigMap a/b: metadata.name cannot be part of a URL; use at most 253 letters, digits, '-' and '.'",
    ],
    [
      'metadata: {name: "a\\nb"}',
      "blocker invalid-object 1:1 ConfigMap a\\u{a}b: metadata.name cannot be part of a URL; use at most 253 letters, digits, '-' and '.'",
    ],
    [
      "metadata: {name: ..}",
      "blocker invalid-object 1:1 ConfigMap ..: metadata.name cannot be part of a URL; use at most 253 letters, digits, '-' and '.'",
    ],
    [
      "metadata: {name: a, namespace: ../b}",
      "blocker invalid-object 1:1 ConfigMap ../b/a: metadata.namespace is not a DNS label; use at most 63 lower-case letters, digits and '-'",
    ],
    ["metadata: {name: 'system:a.B'}", ""],
    ["metadata: {name: a, namespace: null}", ""],
  ])("%s", (metadata, shown) => {
    expect(check(`${HEAD}${metadata}\n`)).toBe(shown);
  });
});

describe("duplicates", () => {
  test("the same object twice names both places, also in another version", () => {
    const hpa = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\n";
    expect(check(`${NAMED}---\n${NAMED}`, hpa, hpa.replace("v2", "v1"))).toBe(
      [
        "error duplicate-object 5:1 ConfigMap shop/a: defined here and at 1.yaml:1; remove one of them",
        "error duplicate-object 1:1 autoscaling/HorizontalPodAutoscaler a: defined here and at 2.yaml:1; remove one of them",
      ].join("\n"),
    );
  });

  test("the same name in another namespace, group or kind is another object", () => {
    const others = [
      NAMED.replace("shop", "bank"),
      NAMED.replace("ConfigMap", "Secret"),
      NAMED.replace("v1", "acme.io/v1"),
    ];
    expect(check(NAMED, ...others)).toBe("");
  });
});

describe("fields that are not a manifest's", () => {
  test.each([
    [
      "resourceVersion: '5', uid: x, generation: 2",
      "blocker server-owned-field 1:1 ConfigMap a: only the server sets metadata.uid, metadata.resourceVersion, metadata.generation; remove what an export of the live object left behind",
    ],
    [
      "managedFields: [{manager: x}]",
      "blocker server-owned-field 1:1 ConfigMap a: only the server sets metadata.managedFields; remove what an export of the live object left behind",
    ],
    [
      "creationTimestamp: '2026-01-01T00:00:00Z', selfLink: /x",
      "caution server-owned-field 1:1 ConfigMap a: only the server sets metadata.creationTimestamp, metadata.selfLink; remove what an export of the live object left behind",
    ],
    ["creationTimestamp: null, managedFields: [], uid: ''", ""],
    [
      "labels: {applyset.kubernetes.io/part-of: x}",
      "blocker server-owned-field 1:1 ConfigMap a: only the tool that applies an object sets applyset.kubernetes.io/part-of; remove it",
    ],
    [
      "annotations: {plumbline.dev/holder: x, applyset.kubernetes.io/tooling: z}",
      "blocker server-owned-field 1:1 ConfigMap a: only the tool that applies an object sets plumbline.dev/holder, applyset.kubernetes.io/tooling; remove it",
    ],
    ["annotations: {plumbline.dev/prune: disabled}, labels: {applyset.kubernetes.io/is-parent-type: 'true'}", ""],
  ])("%s", (metadata, shown) => {
    expect(check(`${HEAD}metadata: {name: a, ${metadata}}\n`)).toBe(shown);
  });
});

describe("values that have to be base64", () => {
  const secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: shop}\n";

  test("are named, not shown, with the field for plain text", () => {
    expect(check(`${secret}data: {a: aHVudGVyMg==, b: hunter2, c: aHVudGVyMg}\n`)).toBe(
      "blocker invalid-object 1:1 Secret shop/a: not base64 at data.b, data.c; encode it, or write it as text under stringData",
    );
    expect(check(`${NAMED}binaryData: {a: "hunter2!"}\n`)).toBe(
      "blocker invalid-object 1:1 ConfigMap shop/a: not base64 at binaryData.a; encode it, or write it as text under data",
    );
  });

  test("may hold line breaks, and nothing at all", () => {
    expect(check(`${secret}data:\n  a: ""\n  b: |\n    aHVu\n    dGVyMg==\n`)).toBe("");
  });
});

describe("what a step before should have replaced", () => {
  test("values that SOPS encrypted are named, not shown", () => {
    const value = "ENC[AES256_GCM,data:c2VjcmV0,iv:x,tag:y,type:str]";
    const shown = check(`${NAMED}data: {a: "${value}", "b.c": "${value}", d: "${value}", e: "${value}"}\n`);
    expect(shown).toBe(
      'blocker encrypted-value 1:1 ConfigMap shop/a: still encrypted at data.a, data["b.c"], data.d and 1 more; keep it out of this app: `decrypt: sops` is not supported yet',
    );
  });

  test("a sops block alone is enough", () => {
    expect(check(`${NAMED}sops: {mac: "ENC[AES256_GCM,x]"}\n`)).toBe(
      "blocker encrypted-value 1:1 ConfigMap shop/a: still encrypted at sops; keep it out of this app: `decrypt: sops` is not supported yet",
    );
  });

  test.each([
    ["data: {a: 'x-${tag}', b: '${tag:=1}'}", "${tag} at data.a, ${tag} at data.b"],
    ["spec: [{image: 'a:${TAG:-secret}'}]", "${TAG} at spec[0].image"],
  ])("%s", (body, found) => {
    expect(check(`${NAMED}${body}\n`)).toBe(
      `caution unresolved-variable 1:1 ConfigMap shop/a: nothing replaced ${found}; write the value itself, \`substitute\` is not supported yet; if it is meant literally, leave it`,
    );
  });

  test.each([
    ["data: {a: '$${tag}', b: $(TAG), c: '${{ x }}', d: '${1}', e: $tag}"],
    ["data:\n  run.sh: |\n    #!/bin/sh\n    echo ${HOME}\n"],
    ["spec: {command: [sh, -c, 'echo ${HOME}'], args: ['${HOME}']}"],
  ])("%j has variables of its own", (body) => {
    expect(check(`${NAMED}${body}\n`)).toBe("");
  });
});

test("an object that no cluster can store is a blocker with its size", () => {
  expect(check(`${NAMED}data: {a: "${"x".repeat(1_600_000)}"}\n`)).toBe(
    "blocker too-large 1:1 ConfigMap shop/a: 1.5 MiB, and a cluster stores at most 1.5 MiB; split it, or keep the content in an image or a volume",
  );
  expect(check(`${NAMED}data: {a: "${"x".repeat(1_500_000)}"}\n`)).toBe("");
});

describe("an object that one pass finds plain", () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "${tag}",
      "a: ${TAG:-1}",
      "$${tag}",
      "$(TAG)",
      "ENC[AES256_GCM,data:x]",
      "ENC[",
      "x".repeat(90_000),
    ),
  );
  const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      scalar as fc.Arbitrary<Json>,
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("args", "sops", "__proto__")), tie("value"), { maxKeys: 3 }),
    ),
  }));
  const at = { file: "1.yaml", line: 1, column: 1 };

  test("has nothing that any check finds", () => {
    const own = fc.record({ spec: value, data: value, sops: value }, { requiredKeys: [] });
    fc.assert(
      fc.property(own, (fields) => {
        const object: KubeObject = { apiVersion: "a.io/v1", kind: "A", metadata: { name: "a" }, ...fields };
        const source = { object, at };
        expect(validateObjects([source])).toEqual([
          ...findEncrypted(source),
          ...findVariables(source),
          ...checkSize(source),
        ]);
      }),
      { numRuns: 1_000 },
    );
  });
});
