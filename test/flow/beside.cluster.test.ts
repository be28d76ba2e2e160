import { expect, test } from "vitest";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";
import { dedent } from "../support/yml.ts";
import { changeLines, engine } from "./engine.ts";
import { resultLines, startRuns } from "./runs.ts";

const configuration = (namespace: string): string => `
  version: 1
  defaults: {namespace: ${namespace}, timeout: 20s}
  environments: {test: {}}
  apps: {app: {path: app}, other: {path: other}}
  system: {namespace: ${namespace}}
`;

const config = (name: string): string =>
  dedent(`
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: ${name}}
    data: {k: v}
  `);

const uidOf = (namespace: string, name: string): Promise<string> =>
  kubectl(["get", "configmap", name, `--namespace=${namespace}`, "--output=jsonpath={.metadata.uid}"]);

test("an object that leaves one app for another is a move: taken over, never deleted, whichever app is applied first", async () => {
  const namespace = await freshNamespace();
  const { access } = await engine({ namespace });
  const runs = await startRuns(access, configuration(namespace));
  const before = await runs.commit(config("stays") + config("moves"), { "other/other.yaml": config("other") });
  expect(resultLines(await runs.apply(before))).toEqual(["app: applied", "other: applied"]);
  const uid = await uidOf(namespace, "moves");

  const after = await runs.commit(config("stays"), { "other/other.yaml": config("other") + config("moves") });
  const plan = await runs.plan(before, after);
  expect(plan.targets.flatMap(changeLines)).toEqual(["keep ConfigMap moves", "update ConfigMap moves"]);
  expect(plan.targets.flatMap(({ changes }) => changes.map(({ movedFrom }) => movedFrom))).toEqual([
    undefined,
    "test/app",
  ]);
  expect(resultLines(plan)).toEqual(["app: no-changes", "other: changes"]);
  expect(resultLines(await runs.apply(after))).toEqual(["app: no-changes", "other: applied"]);
  expect(await uidOf(namespace, "moves")).toBe(uid);

  const back = await runs.commit(config("stays") + config("moves"), { "other/other.yaml": config("other") });
  expect(resultLines(await runs.apply(back))).toEqual(["app: applied", "other: no-changes"]);
  expect(await uidOf(namespace, "moves")).toBe(uid);
});

test("an object that two apps want is left with the one that has it", async () => {
  const namespace = await freshNamespace();
  const { access } = await engine({ namespace });
  const runs = await startRuns(access, configuration(namespace));
  const before = await runs.commit(config("both"), { "other/other.yaml": config("other") });
  await runs.apply(before);
  const after = await runs.commit(config("both"), { "other/other.yaml": config("other") + config("both") });
  const plan = await runs.plan(before, after);
  expect(plan.targets.flatMap(({ problems }) => problems.map(({ message }) => message))).toEqual([
    `ConfigMap ${namespace}/both belongs to test/app, which wants it too`,
  ]);
});

test("nothing is deleted while another app of the environment does not render: it may want what is deleted", async () => {
  const namespace = await freshNamespace();
  const { access } = await engine({ namespace });
  const runs = await startRuns(access, configuration(namespace));
  const files = { "other/other.yaml": config("other") };
  await runs.apply(await runs.commit(config("stays") + config("goes"), files));
  const broken = await runs.commit(config("stays"), { "other/other.yaml": "a: [" });
  expect(resultLines(await runs.apply(broken))).toEqual(["app: no-changes", "other: failed"]);
  const mended = await runs.commit(config("stays"), files);
  expect(resultLines(await runs.apply(mended, { byHand: true }))).toEqual(["app: applied", "other: no-changes"]);
});

test("an older commit does not bring a target back, unless a person asks for it", async () => {
  const namespace = await freshNamespace();
  const { access } = await engine({ namespace });
  const runs = await startRuns(access, configuration(namespace));
  const files = { "other/other.yaml": config("other") };
  const older = await runs.commit(config("one"), files);
  const newer = await runs.commit(config("one") + config("two"), files);
  await runs.apply(newer);
  expect(resultLines(await runs.apply(older))).toEqual(["app: no-changes", "other: no-changes"]);
  expect(resultLines(await runs.apply(older, { byHand: true }))).toEqual(["app: applied", "other: no-changes"]);
});
