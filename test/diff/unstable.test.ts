import { expect, test } from "vitest";
import { hideWith, intentDigest } from "../../src/diff/digest.ts";
import { unstableCaution, unstablePaths, withoutUnstable, type UnstablePath } from "../../src/diff/unstable.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { formatPath } from "../../src/model/path.ts";
import { formatRef } from "../../src/model/ref.ts";
import { yml } from "../support/yml.ts";

const hide = hideWith(undefined);

function config(data: string, rest = ""): KubeObject {
  return yml`
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: web, namespace: shop}
    data: ${data}
    ${rest}
  `;
}

function secret(token: string): KubeObject {
  return { ...config(`{token: ${token}}`), kind: "Secret" };
}

function shown(paths: readonly UnstablePath[]): readonly string[] {
  return paths.map(({ ref, path }) => `${formatRef(ref)} ${formatPath(path)}`.trim());
}

test("two renders that are the same have no unstable path", () => {
  expect(unstablePaths([config("{A: b}")], [config("{A: b}")])).toEqual([]);
  expect(unstableCaution("charts/web", [])).toBeUndefined();
});

test("each place that differs is named, and no value", () => {
  const found = unstablePaths([config("{A: '1', B: c}"), secret("YQ==")], [config("{A: '2', B: c}"), secret("Yg==")]);
  expect(shown(found)).toEqual(["ConfigMap shop/web data.A", "Secret shop/web data.token"]);
  const caution = unstableCaution("charts/web", found);
  expect(caution).toMatchObject({ code: "unstable-render", level: "caution" });
  expect(caution?.message).toBe(
    "charts/web: two renders of the same commit differ in data.A of ConfigMap shop/web, data.token of Secret shop/web, so what is applied will differ from this plan there",
  );
  expect(JSON.stringify(caution)).not.toMatch(/YQ==|Yg==/);
});

test("an object that is not always there is named whole, in either render", () => {
  const job = { ...config("{}"), metadata: { name: "job-x7k2p" } };
  expect(shown(unstablePaths([config("{}"), job], [config("{}")]))).toEqual(["ConfigMap job-x7k2p"]);
  expect(shown(unstablePaths([config("{}")], [config("{}"), job]))).toEqual(["ConfigMap job-x7k2p"]);
});

test("another order of the same items is a difference too", () => {
  const items = (order: string): KubeObject => config("{}", `items: [${order}]`);
  expect(shown(unstablePaths([items("{name: a}, {name: b}")], [items("{name: b}, {name: a}")]))).toEqual([
    "ConfigMap shop/web items",
    "ConfigMap shop/web items",
  ]);
});

test("what is unstable is left out of a list of names and of positions, and the rest stays", () => {
  const pod = config("{}", "list: [{name: a, env: [{name: x, value: '1'}]}, {name: b}]\n    args: [{v: 1}, {v: 2}]");
  const other = config("{}", "list: [{name: a, env: [{name: x, value: '9'}]}, {name: b}]\n    args: [{v: 1}, {v: 9}]");
  const [left] = withoutUnstable([pod], unstablePaths([pod], [other]));
  expect(left?.["list"]).toEqual([{ name: "a", env: [{ name: "x" }] }, { name: "b" }]);
  expect(left?.["args"]).toEqual([{ v: 1 }, {}]);
  expect(pod["args"]).toEqual([{ v: 1 }, { v: 2 }]);
});

test("the intent of a change is the same whatever the unstable values are, and still tells the others apart", () => {
  const base = [config("{LEVEL: info, STAMP: '0'}")];
  const render = (stamp: string, level = "debug"): readonly KubeObject[] => [
    config(`{LEVEL: ${level}, STAMP: '${stamp}'}`),
  ];
  const except = unstablePaths(render("1"), render("2"));
  const intent = (head: readonly KubeObject[]): string => intentDigest(base, head, hide, except);
  expect(intent(render("1"))).toBe(intent(render("2")));
  expect(intentDigest(base, render("1"), hide)).not.toBe(intentDigest(base, render("2"), hide));
  expect(intent(render("1", "warn"))).not.toBe(intent(render("1")));
});

test("of a new object only the unstable values are left out", () => {
  const except = unstablePaths([secret("YQ==")], [secret("Yg==")]);
  const labelled = { ...secret("YQ=="), type: "acme.io/key" };
  const intent = (head: KubeObject): string => intentDigest([], [head], hideWith(Buffer.alloc(32)), except);
  expect(intent(secret("YQ=="))).toBe(intent(secret("Yg==")));
  expect(intent(labelled)).not.toBe(intent(secret("YQ==")));
});
