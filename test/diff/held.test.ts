import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonMap } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { formatPath, type Path } from "../../src/model/path.ts";
import { hold, type HoldOptions } from "../../src/diff/held.ts";

const FIRST_ENV: Path = ["spec", "env", { item: { name: "A" } }];

/** A made-up kind, so that only the claims tell what is a keyed list and what is one value. */
function object(spec: JsonMap, metadata: JsonMap = {}): KubeObject {
  return { apiVersion: "x.example/v1", kind: "Thing", metadata: { name: "one", ...metadata }, spec };
}

/** Claims by manager: `plumbline` applies, all others update. */
function live(spec: JsonMap, claims: Readonly<Record<string, JsonMap>>, apiVersion = "x.example/v1"): KubeObject {
  const managedFields = Object.entries(claims).map(([manager, fields]) => ({
    manager,
    operation: manager === "plumbline" ? "Apply" : "Update",
    apiVersion,
    fieldsV1: { "f:spec": fields },
  }));
  return object(spec, { managedFields });
}

function sent(git: JsonMap, there: KubeObject, paths: readonly Path[], options?: HoldOptions): unknown {
  return hold(object(git), there, paths, options).sent["spec"];
}

const SIZE: Path = ["spec", "size"];

describe("what is sent for a field that is held", () => {
  test("is the live value, when we alone claim it", () => {
    const there = live({ size: 5 }, { plumbline: { "f:size": {} } });
    expect([{ size: 3 }, {}].map((git) => sent(git, there, [SIZE]))).toEqual([{ size: 5 }, { size: 5 }]);
  });

  test("is nothing, when another claims it, be it with us", () => {
    const claims = { "f:size": {} };
    const both = live({ size: 5 }, { plumbline: claims, scaler: claims });
    const theirs = live({ size: 5 }, { scaler: claims });
    expect([both, theirs].map((there) => sent({ size: 3 }, there, [SIZE]))).toEqual([{}, {}]);
  });

  test("is the live value, when the only other claim becomes ours", () => {
    const there = live({ size: 5 }, { old: { "f:size": {} } });
    const absorbed = there.metadata.managedFields ?? [];
    expect(sent({ size: 3 }, there, [SIZE], { absorbed })).toEqual({ size: 5 });
  });

  test("is nothing, when nobody claims it or it is not live", () => {
    expect(sent({ size: 3 }, live({ size: 5 }, { other: { "f:more": {} } }), [SIZE])).toEqual({});
    expect(sent({ size: 3 }, live({}, { plumbline: { "f:more": {} } }), [SIZE])).toEqual({});
  });

  test("is the live value, when our claims are of another version and say nothing", () => {
    const there = live({ size: 5 }, { plumbline: { "f:amount": {} } }, "x.example/v1beta1");
    expect(sent({ size: 3 }, there, [SIZE])).toEqual({ size: 5 });
  });

  test("is of a map what we alone claim in it", () => {
    const there = live(
      { map: { ours: "live", shared: "live", theirs: "live" } },
      {
        plumbline: { "f:map": { "f:ours": {}, "f:shared": {} } },
        other: { "f:map": { "f:shared": {}, "f:theirs": {} } },
      },
    );
    expect(sent({ map: { ours: "git", theirs: "git" } }, there, [["spec", "map"]])).toEqual({ map: { ours: "live" } });
  });

  test("is an item's keys alone, while no one else claims the item itself", () => {
    const there = live(
      { env: [{ name: "A", value: "live" }] },
      {
        plumbline: { "f:env": { 'k:{"name":"A"}': { ".": {}, "f:name": {} } } },
        other: { "f:env": { 'k:{"name":"A"}': { "f:value": {} } } },
      },
    );
    expect(sent({ env: [{ name: "A", value: "git" }] }, there, [FIRST_ENV])).toEqual({ env: [{ name: "A" }] });
  });

  test("leaves out an item that others claim as such, and a list of which nothing is left", () => {
    const item = { 'k:{"name":"A"}': { ".": {}, "f:name": {}, "f:value": {} } };
    const there = live(
      { env: [{ name: "A", value: "live" }] },
      { plumbline: { "f:env": item }, other: { "f:env": item } },
    );
    expect(sent({ env: [{ name: "A", value: "git" }] }, there, [FIRST_ENV])).toEqual({});
  });

  test("keeps a key of an item, whatever a path says", () => {
    const there = live(
      { env: [{ name: "A", value: "live" }] },
      { other: { "f:env": { 'k:{"name":"A"}': { ".": {}, "f:name": {}, "f:value": {} } } } },
    );
    const git = { env: [{ name: "A", value: "git" }] };
    expect(sent(git, there, [["spec", "env", { any: true }, { any: true }]])).toEqual({ env: [{ name: "A" }] });
  });

  test("is Git's atomic value with the live part in it", () => {
    const there = live(
      {
        rules: [
          { host: "a", to: 1 },
          { host: "b", to: 1 },
        ],
      },
      { plumbline: { "f:rules": {} } },
    );
    const git = {
      rules: [
        { host: "b", to: 2 },
        { host: "a", to: 2 },
      ],
    };
    expect(sent(git, there, [["spec", "rules", { item: { host: "a" } }, "to"]])).toEqual({
      rules: [
        { host: "b", to: 2 },
        { host: "a", to: 1 },
      ],
    });
  });

  describe("of every item of an atomic list", () => {
    const rule = (host: string, to: number) => ({ host, to, paths: [{ path: `/${host}` }] });
    const there = live({ rules: [rule("a", 1), rule("b", 1)] }, { plumbline: { "f:rules": {} } });
    const to = (...rules: readonly Json[]) => sent({ rules }, there, [["spec", "rules", { any: true }, "to"]]);

    test("goes with its item wherever that stands now", () => {
      expect(to(rule("new", 9), rule("a", 2), rule("b", 2))).toEqual({
        rules: [rule("new", 9), rule("a", 1), rule("b", 1)],
      });
      expect(to(rule("b", 2), rule("a", 2))).toEqual({ rules: [rule("b", 1), rule("a", 1)] });
      expect(to(rule("b", 2))).toEqual({ rules: [rule("b", 1)] });
    });

    test("goes by position where an item became another one and none came or went", () => {
      expect(to(rule("a", 2), rule("c", 2))).toEqual({ rules: [rule("a", 1), rule("c", 1)] });
    });

    test("is Git's for items that are not to be told apart, once one came or went", () => {
      const twins = live({ rules: [{ to: 1 }, { to: 2 }] }, { plumbline: { "f:rules": {} } });
      const every: Path = ["spec", "rules", { any: true }, "to"];
      expect(sent({ rules: [{ to: 8 }, { to: 9 }] }, twins, [every])).toEqual({ rules: [{ to: 1 }, { to: 2 }] });
      expect(sent({ rules: [{ to: 7 }, { to: 8 }, { to: 9 }] }, twins, [every])).toEqual({
        rules: [{ to: 7 }, { to: 8 }, { to: 9 }],
      });
    });
  });

  test("never is another object's name, or no set label", () => {
    const labels = { "applyset.kubernetes.io/part-of": "set", app: "git" };
    const git = { ...object({}), metadata: { name: "one", namespace: "shop", labels } };
    const { sent: left } = hold(git, live({}, { other: {} }), [["metadata"]]);
    expect(left.metadata).toEqual({
      name: "one",
      namespace: "shop",
      labels: { "applyset.kubernetes.io/part-of": "set" },
    });
  });
});

test("a held field is told where Git and the cluster differ, at the deepest place", () => {
  const there = live(
    { map: { a: "live", b: "same", theirs: "x" } },
    { other: { "f:map": { "f:a": {}, "f:theirs": {} } } },
  );
  const { held } = hold(object({ map: { a: "git", b: "same", gone: "git" } }), there, [["spec", "map"]]);
  expect(held).toEqual([
    { path: ["spec", "map", "a"], git: "git", live: "live" },
    { path: ["spec", "map", "gone"], git: "git" },
  ]);
});

test("holding nothing sends what Git has, and what is held is never sent as Git has it", () => {
  const scalar = fc.constantFrom("a", "b", 1, true);
  const map = fc.dictionary(fc.constantFrom("x", "y", "z"), scalar);
  const claims = fc.dictionary(fc.constantFrom("f:x", "f:y", "f:z"), fc.constant({}));
  const property = fc.property(
    map,
    map,
    claims,
    claims,
    fc.constantFrom("x", "y", "z"),
    (git, there, ours, theirs, key) => {
      const liveObject = live({ map: there }, { plumbline: { "f:map": ours }, other: { "f:map": theirs } });
      const desired = object({ map: git });
      expect(hold(desired, liveObject, []).sent).toEqual(desired);
      const result = hold(desired, liveObject, [["spec", "map", key]]);
      const left = (result.sent["spec"] as { map: JsonMap }).map;
      // Whatever is sent there is what is live there already.
      expect([undefined, there[key]]).toContainEqual(left[key]);
      expect(Object.keys(left).filter((name) => name !== key)).toEqual(Object.keys(git).filter((name) => name !== key));
      expect(result.held.map(({ path }) => formatPath(path))).toEqual(
        left[key] === git[key] || git[key] === there[key] ? [] : [`spec.map.${key}`],
      );
    },
  );
  fc.assert(property);
});
