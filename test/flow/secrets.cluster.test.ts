import { describe, expect, test } from "vitest";
import type { TargetReport } from "../../src/model/plan.ts";
import { createMasker } from "../../src/diff/masker.ts";
import { secretTexts } from "../../src/diff/secrecy.ts";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";
import { engine, problemCodes, type Circumstances } from "./engine.ts";

const CANARIES = [
  "canary-in-string-data-71",
  "canary-in-data-8812",
  "canary-of-live-993",
  "8812773641",
  "canary-base64-1",
  "55172",
];

/** What of a report would be printed, as the guard prints it. */
function masked(): {
  readonly learn: NonNullable<Circumstances["learn"]>;
  readonly print: (told: TargetReport | TargetReport["problems"]) => string;
} {
  const masker = createMasker();
  return {
    learn: (object) => secretTexts(object).forEach((text) => masker.learn(text)),
    print: (told) => masker.text(JSON.stringify(told)),
  };
}

function expectNoCanary(text: string): void {
  for (const canary of CANARIES)
    for (const spelling of [canary, Buffer.from(canary).toString("base64")]) expect(text).not.toContain(spelling);
}

const secret = (body: string): string => `
---
apiVersion: v1
kind: Secret
metadata: {name: s}
${body}
`;

describe("no value of a Secret is told", () => {
  test("in changes and drift, whichever field it is in, nor that of a live edit", async () => {
    const namespace = await freshNamespace();
    const { apply, plan } = await engine({ namespace });
    const { learn, print } = masked();
    const base = secret(`stringData: {a: canary-in-string-data-71}\ndata: {b: ${Buffer.from("x").toString("base64")}}`);
    const head = secret(
      `stringData: {a: another}\ndata: {b: ${Buffer.from("canary-in-data-8812").toString("base64")}}`,
    );
    await apply(base);
    const patch = JSON.stringify({ stringData: { a: "canary-of-live-993", more: "canary-of-live-993" } });
    await kubectl(["-n", namespace, "patch", "secret", "s", "--type=merge", "-p", patch]);
    const { report } = await plan(head, { base, learn });
    expect(report.changes).toHaveLength(1);
    expect(report.drift.map(({ class: kind, path }) => `${kind} ${path}`)).toEqual([
      "changed data.a",
      "extra data.more",
    ]);
    expectNoCanary(JSON.stringify(report));
    expectNoCanary(print(report));
  });

  test.each([
    ["a number where text is wanted", "data: {pin: 8812773641}", "blocker wrong-type"],
    ["a number too short for the masker", "data: {pin: 55172}", "blocker wrong-type"],
    ["text that is no base64", `data: {b: "canary-base64-1!"}`, "blocker invalid-object"],
    ["a map where text is wanted", "data: {deep: {b: canary-in-data-8812}}", "blocker wrong-type"],
    [
      "a docker configuration that is no JSON",
      `type: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: canary-in-string-data-71}`,
      "blocker invalid-object",
    ],
    ["stringData that is no text", "stringData: {pin: 8812773641}", "blocker wrong-type"],
  ])("in what the server says of %s", async (_, body, code) => {
    const namespace = await freshNamespace();
    const { plan } = await engine({ namespace });
    const { learn, print } = masked();
    const { report } = await plan(secret(body), { base: "", learn });
    expect(problemCodes(report).filter((one) => !one.startsWith("caution"))).toEqual([code]);
    expectNoCanary(print(report.problems));
  });

  test("in what the server says of an immutable one", async () => {
    const namespace = await freshNamespace();
    const { apply, plan } = await engine({ namespace });
    const { learn, print } = masked();
    const fixed = (value: string): string => secret(`immutable: true\nstringData: {a: ${value}}`);
    await apply(fixed("canary-in-string-data-71"));
    const { report } = await plan(fixed("canary-of-live-993"), { base: fixed("canary-in-string-data-71"), learn });
    expect(problemCodes(report)).toEqual(["blocker immutable-field"]);
    expectNoCanary(print(report));
  });
});

test("a plan hides secret values in its digests as well as it can: with the key where there is one", async () => {
  const namespace = await freshNamespace();
  const { apply, plan } = await engine({ namespace });
  const [one, two] = [secret("stringData: {a: one}"), secret("stringData: {a: two}")];
  const rendered = async (text: string): Promise<string | undefined> => (await plan(text)).report.rendered;
  expect((await plan(one)).report.keyId).toBe("none");
  expect(await rendered(one)).toBe(await rendered(two));
  await apply(one);
  expect((await plan(one)).report.keyId).not.toBe("none");
  expect(await rendered(one)).not.toBe(await rendered(two));
});
