import * as fc from "fast-check";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import type { Change, Drift, Value } from "../../src/model/change.ts";
import type { Json } from "../../src/model/json.ts";
import { RESULTS } from "../../src/model/result.ts";
import { planJsonSchema } from "../../src/report/plan-json-schema.ts";
import { formatPlanJson, parsePlanJson } from "../../src/report/plan-json.ts";
import type { RunReport } from "../../src/model/run.ts";
import { change, field, guard, problem, run, target } from "./run-report.ts";
import { applied, big, blocked, broken, drifted, hostile, unchanged } from "./stories.ts";

const STORIES = { applied, big, blocked, broken, drifted, hostile, unchanged };

test("a plan has the documented shape, null where something is absent", () => {
  const report = run([
    target("production/web", {
      appliedRevision: { commit: "77d0e12", digest: "sha256:aa", time: "2026-11-19T10:00:00Z" },
      changes: [
        change("update", "apps/Deployment shop/web", {
          restarts: 3,
          fields: [field("spec.replicas", { before: null, after: 9007199254740993n })],
        }),
        change("update", "Secret shop/web", { fields: [field("data.KEY", { after: { masked: true } })] }),
      ],
    }),
  ]);
  const text = formatPlanJson(report);
  const [first, second] = JSON.parse(text).targets[0].changes;
  expect(first).toEqual({
    op: "update",
    group: "apps",
    kind: "Deployment",
    namespace: "shop",
    name: "web",
    version: "v1",
    movedFrom: null,
    certainty: "server",
    because: null,
    restarts: 3,
    fields: [{ path: "spec.replicas", before: null, after: 9007199254740992, from: "pull-request" }],
    warnings: [],
    at: null,
  });
  expect(second.fields).toEqual([{ path: "data.KEY", after: { masked: true }, from: "pull-request" }]);
  expect(text).toContain('"after": 9007199254740993,');
  expect(JSON.parse(text)).toMatchObject({ schemaVersion: 1, digest: null, pull: 12, result: "changes" });
  expect(JSON.parse(text).targets[0]).toMatchObject({ target: "production/web", appliedRevision: "77d0e12" });
});

test.each(Object.entries(STORIES))(
  "the story %s is read back as it was written, and passes its schema",
  (_, report) => {
    const text = formatPlanJson(report);
    expect(parsePlanJson(text)).toEqual(report);
    expect(parsePlanJson(guard.json(text))).toEqual(report);
    const validate = new Ajv2020({ strict: false }).compile(planJsonSchema());
    validate(JSON.parse(text));
    expect(validate.errors ?? []).toEqual([]);
  },
);

// An integer is a bigint only where a double would lose digits, and JSON knows no negative zero.
const scalar = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((number) => (Object.is(number, -0) || !Number.isFinite(number) ? 0 : number))
    .filter((number) => !Number.isInteger(number) || Number.isSafeInteger(number)),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
);
const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie("value")), fc.dictionary(fc.string(), tie("value"))),
})).value;
const value: fc.Arbitrary<Value> = fc.oneof(json, fc.constant({ masked: true } as const));
const text = fc.string();
const when = <T>(arbitrary: fc.Arbitrary<T>, key: string): fc.Arbitrary<Record<string, T>> =>
  fc.oneof(
    fc.constant({}),
    arbitrary.map((present) => ({ [key]: present })),
  );

function record<T>(base: fc.Arbitrary<T>, ...optional: readonly fc.Arbitrary<object>[]): fc.Arbitrary<T> {
  return fc.tuple(base, ...optional).map((parts) => Object.assign({}, ...parts) as T);
}

const ref = record(fc.record({ group: text, kind: text, name: text }), when(text, "namespace"));
const fieldChange = record(
  fc.record({ path: text, from: fc.constantFrom("pull-request", "drift", "server") }),
  when(value, "before"),
  when(value, "after"),
);
const anyChange = record<Change>(
  fc.record({
    op: fc.constantFrom("create", "update", "replace", "delete", "keep", "ownership"),
    ref,
    version: text,
    certainty: fc.constantFrom("server", "surrogate", "offline", "unread"),
    fields: fc.array(fieldChange, { maxLength: 3 }),
    warnings: fc.array(text, { maxLength: 2 }),
  }),
  when(text, "movedFrom"),
  when(text, "because"),
  when(fc.nat(), "restarts"),
  when(fc.record({ file: text, line: fc.nat(), column: fc.nat() }), "at"),
);
const anyDrift = record<Drift>(
  fc.record({
    ref,
    class: fc.constantFrom("changed", "missing", "extra", "taken", "orphan", "stuck"),
    path: text,
    onMerge: fc.constantFrom("reverted", "kept"),
    security: fc.boolean(),
  }),
  when(value, "git"),
  when(value, "live"),
  when(record(fc.record({ manager: text, operation: text }), when(text, "subresource"), when(text, "time")), "by"),
);
const anyRun: fc.Arbitrary<RunReport> = fc
  .record({
    result: fc.constantFrom(...RESULTS),
    changes: fc.array(anyChange, { maxLength: 3 }),
    drift: fc.array(anyDrift, { maxLength: 3 }),
    note: text,
  })
  .map(({ result, changes, drift, note }) =>
    run([target("production/web", { result, changes, drift, reason: note })], {
      notes: [note],
      problems: [problem("error", note)],
    }),
  );

test("every run is read back as it was written", () => {
  fc.assert(
    fc.property(anyRun, (report) => {
      expect(parsePlanJson(formatPlanJson(report))).toEqual(report);
    }),
    { numRuns: 200 },
  );
});

test("a file that is no plan is a problem that says where", () => {
  const whole = JSON.parse(formatPlanJson(blocked));
  const cases: readonly (readonly [string, string])[] = [
    ["{", "it is not JSON"],
    ["[]", "expected object"],
    [JSON.stringify({ ...whole, schemaVersion: 2 }), "schemaVersion"],
    [JSON.stringify({ ...whole, targets: [{ ...whole.targets[0], target: "../../x" }] }), "targets.0.target"],
    ["[".repeat(1_000) + "]".repeat(1_000), "levels inside each other"],
    ["[".repeat(1_000_000) + "]".repeat(1_000_000), "plan file cannot be read"],
  ];
  for (const [text, expected] of cases) {
    const answer = parsePlanJson(text);
    expect(answer).toMatchObject([
      { code: "input-invalid", level: "error", message: expect.stringContaining(expected) },
    ]);
  }
});

test("keys that a newer version adds are ignored", () => {
  const whole = JSON.parse(formatPlanJson(unchanged));
  expect(parsePlanJson(JSON.stringify({ ...whole, fresh: 1 }))).toEqual(unchanged);
});
