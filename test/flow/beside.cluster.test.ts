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

test("an object that moves to another app of the environment is not deleted, whichever apps are selected", async () => {
  const namespace = await freshNamespace();
  const { access } = await engine({ namespace });
  const runs = await startRuns(access, configuration(namespace));
  const before = await runs.commit(config("stays") + config("moves"), { "other/other.yaml": config("other") });
  expect(resultLines(await runs.apply(before))).toEqual(["app: applied", "other: applied"]);
  const uid = await kubectl([
    "get",
    "configmap",
    "moves",
    `--namespace=${namespace}`,
    "--output=jsonpath={.metadata.uid}",
  ]);

  const after = await runs.commit(config("stays"), { "other/other.yaml": config("other") + config("moves") });
  const plan = await runs.plan(before, after);
  expect(plan.targets.flatMap(changeLines)).toContain("keep ConfigMap moves");
  expect(resultLines(plan)).toEqual(["app: no-changes", "other: blocked"]);
  expect(resultLines(await runs.apply(after))).toEqual(["app: no-changes", "other: blocked"]);
  expect(
    await kubectl(["get", "configmap", "moves", `--namespace=${namespace}`, "--output=jsonpath={.metadata.uid}"]),
  ).toBe(uid);
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
