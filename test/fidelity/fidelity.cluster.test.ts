import { expect, test } from "vitest";
import { casesOf } from "./generator.ts";
import { replay } from "./replay.ts";
import { reportOf } from "./report.ts";
import { run } from "./run.ts";
import { openStage } from "./stage.ts";

// The short form of `npm run fidelity`: one case of every kind.
test("what the plan says is what the API server does, for an object of every kind", { timeout: 180_000 }, async () => {
  await using stage = await openStage(() => {});
  const cases = casesOf({ seed: 4, cases: 1 });

  const findings = await run(cases, stage, { lanes: 4, kubectlDiff: true, say: () => {} });

  const { text, missed } = reportOf(findings);
  console.log(text);
  expect(missed).toEqual([]);
  expect(findings.verdicts.length).toBeGreaterThan(40);
});

test("the same seed gives the same cases", () => {
  const texts = [1, 2].map(() => JSON.stringify(casesOf({ seed: 7, cases: 2 }), bigintAsText));
  expect(texts[0]).toBe(texts[1]);
  expect(texts[0]).not.toBe(JSON.stringify(casesOf({ seed: 8, cases: 2 }), bigintAsText));
});

test("a case of a long run is the same case alone", () => {
  const [alone] = casesOf({ seed: 7, cases: 1, kind: "Ingress", index: 5 });
  const among = casesOf({ seed: 7, cases: 6 }).find(({ id }) => id === "7/Ingress/5");
  expect(JSON.stringify(alone)).toBe(JSON.stringify(among));
});

test("a plan taken at its word gives the object that it promises", () => {
  const before = { spec: { replicas: 1, ports: [{ port: 80, name: "http" }], keys: { "a.b/c": "x", gone: "y" } } };
  const fields = [
    { path: "spec.replicas", before: 1, after: 2, from: "pull-request" as const },
    { path: "spec.ports[port=80].name", before: "http", from: "drift" as const },
    { path: 'spec.keys["a.b/c"]', before: "x", after: { masked: true as const }, from: "server" as const },
    { path: "spec.keys.gone", before: "y", from: "server" as const },
  ];
  const { content, faults } = replay(before, { fields }, { spec: { keys: { "a.b/c": "secret" } } });
  expect(content).toEqual({ spec: { replicas: 2, ports: [{ port: 80 }], keys: { "a.b/c": "secret" } } });
  expect(faults).toEqual([]);
});

test("a field that was not so before, or does not change, is a fault", () => {
  const { faults } = replay(
    { spec: { a: 1, b: 2 } },
    {
      fields: [
        { path: "spec.a", before: 7, after: 8, from: "drift" },
        { path: "spec.b", before: 2, after: 2, from: "drift" },
      ],
    },
    {},
  );
  expect(faults).toEqual(["spec.a is said to be 7 before, it is 1", "spec.b is told although it stays 2"]);
});

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
