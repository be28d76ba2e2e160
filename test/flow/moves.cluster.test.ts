import { describe, expect, test } from "vitest";
import type { RunReport } from "../../src/model/run.ts";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";
import { dedent } from "../support/yml.ts";
import { changeLines, driftLines, engine } from "./engine.ts";
import { resultLines, startRuns, type Runs } from "./runs.ts";

const config = (name: string, data: string): string =>
  dedent(`
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: ${name}}
    data: ${data}
  `);

const STAYS = config("stays", "{k: v}");
const OTHER = config("other", "{k: v}");

interface Scene extends Runs {
  readonly namespace: string;
  /** Commits what the two apps hold. */
  readonly put: (app: string, other: string) => Promise<string>;
  readonly change: (name: string, data: unknown) => Promise<string>;
}

async function twoApps(): Promise<Scene> {
  const namespace = await freshNamespace();
  const { access } = await engine({ namespace });
  const runs = await startRuns(
    access,
    `
      version: 1
      defaults: {namespace: ${namespace}, timeout: 20s}
      environments: {test: {}}
      apps: {app: {path: app}, other: {path: other}}
      system: {namespace: ${namespace}}
    `,
  );
  return {
    ...runs,
    namespace,
    put: (app, other) => runs.commit(app, { "other/other.yaml": other }),
    change: (name, data) =>
      kubectl(["-n", namespace, "patch", "configmap", name, "--type=merge", "-p", JSON.stringify({ data })]),
  };
}

const changes = ({ targets }: RunReport): readonly string[] =>
  targets.flatMap((target) => changeLines(target).map((line) => `${target.target.app}: ${line}`));
const drifts = ({ targets }: RunReport): readonly string[] =>
  targets.flatMap((target) => driftLines(target).map((line) => `${target.target.app}: ${line}`));
const problems = ({ targets }: RunReport): readonly string[] =>
  targets.flatMap((target) => target.problems.map(({ message }) => message));

describe("the plan of an object that moves", () => {
  test("tells what the pull request changes from what was different already", async () => {
    const { put, plan, apply, change } = await twoApps();
    const before = await put(STAYS + config("moves", `{a: "1", b: "1", c: "1"}`), OTHER);
    await apply(before);
    await change("moves", { b: "9", extra: "by hand" });
    const after = await put(STAYS, OTHER + config("moves", `{a: "1", b: "1", c: "2"}`));
    const report = await plan(before, after);
    expect(changes(report)).toEqual([
      "app: keep ConfigMap moves",
      `other: update ConfigMap moves: drift data.b "9" -> "1"; pull-request data.c "1" -> "2"`,
    ]);
    expect(drifts(report)).toEqual([
      `other: changed ConfigMap moves data.b: "1", live "9", reverted`,
      `other: extra ConfigMap moves data.extra: -, live "by hand", kept`,
    ]);
    expect(problems(report)).toEqual([]);
  });

  test("is made of the same commits when only the app that gets it is selected", async () => {
    const { put, plan, apply, change } = await twoApps();
    const before = await put(STAYS + config("moves", `{a: "1", b: "1"}`), OTHER);
    await apply(before);
    await change("moves", { b: "9" });
    const after = await put(STAYS, OTHER + config("moves", `{a: "2", b: "1"}`));
    expect(changes(await plan(before, after, ["test/other"]))).toEqual([
      `other: update ConfigMap moves: pull-request data.a "1" -> "2"; drift data.b "9" -> "1"`,
    ]);
  });

  test("says that what the cluster has lost is made again, not by the pull request", async () => {
    const { put, plan, apply, namespace } = await twoApps();
    const before = await put(STAYS + config("moves", `{a: "1"}`), OTHER);
    await apply(before);
    await kubectl(["-n", namespace, "delete", "configmap", "moves"]);
    const after = await put(STAYS, OTHER + config("moves", `{a: "1"}`));
    const report = await plan(before, after);
    expect(changes(report)).toEqual(["other: create ConfigMap moves"]);
    expect(drifts(report)).toEqual(["other: missing ConfigMap moves, reverted"]);
  });

  test("is no deletion where no cluster is asked", async () => {
    const { put, plan } = await twoApps();
    const before = await put(STAYS + config("moves", `{a: "1"}`), OTHER);
    const after = await put(STAYS, OTHER + config("moves", `{a: "2"}`));
    const report = await plan(before, after, [], "offline");
    expect(changes(report)).toEqual([
      "app: keep ConfigMap moves (offline)",
      `other: update ConfigMap moves (offline): pull-request data.a "1" -> "2"`,
    ]);
    expect(report.targets.flatMap(({ changes: all }) => all.map(({ movedFrom }) => movedFrom))).toEqual([
      undefined,
      "test/app",
    ]);
  });
});

describe("drift of an object that is on its way from one app to another", () => {
  const MOVES = config("moves", `{a: "1"}`);

  test("is none where the app that lets go was applied, and the one that gets it not yet", async () => {
    const { put, apply, driftWithoutMemory: drift, change } = await twoApps();
    await apply(await put(STAYS + MOVES, OTHER));
    const after = await put(STAYS, OTHER + MOVES);
    await apply(after, { patterns: ["test/app"] });
    expect(resultLines(await drift(after))).toEqual(["app: in-sync", "other: pending"]);
    await change("stays", { k: "9" });
    expect(drifts(await drift(after))).toEqual([`app: changed ConfigMap stays data.k: "v", live "9", reverted`]);
  });

  test("is told by the app that has taken it, and not by the one that has yet to let go", async () => {
    const { put, apply, driftWithoutMemory: drift, change } = await twoApps();
    await apply(await put(STAYS + MOVES, OTHER));
    const after = await put(STAYS, OTHER + config("moves", `{a: "2"}`));
    await apply(after, { patterns: ["test/other"] });
    expect(resultLines(await drift(after))).toEqual(["app: pending", "other: in-sync"]);
    await change("moves", { a: "9" });
    expect(drifts(await drift(after))).toEqual([`other: changed ConfigMap moves data.a: "2", live "9", reverted`]);
    await apply(after, { patterns: ["test/app"] });
    expect(resultLines(await drift(after))).toEqual(["app: in-sync", "other: drifted"]);
  });

  test("is told by its old app while neither was applied", async () => {
    const { put, apply, driftWithoutMemory: drift, change } = await twoApps();
    await apply(await put(STAYS + MOVES, OTHER));
    const after = await put(STAYS, OTHER + MOVES);
    expect(resultLines(await drift(after))).toEqual(["app: pending", "other: pending"]);
    await change("moves", { a: "9" });
    expect(drifts(await drift(after))).toEqual([`app: changed ConfigMap moves data.a: "1", live "9", reverted`]);
  });

  test("is an orphan when no app wants it any more", async () => {
    const { put, apply, driftWithoutMemory: drift } = await twoApps();
    await apply(await put(STAYS + MOVES, OTHER));
    const moved = await put(STAYS, OTHER + MOVES);
    await apply(moved, { patterns: ["test/app"] });
    const gone = await put(STAYS, OTHER);
    expect(drifts(await drift(gone))).toEqual(["app: orphan ConfigMap moves, reverted"]);
  });

  test("is told where somebody moved it by hand", async () => {
    const { put, apply, driftWithoutMemory: drift, namespace } = await twoApps();
    const head = await put(STAYS, OTHER);
    await apply(head);
    const label = "applyset.kubernetes.io/part-of";
    const read = ["get", "configmap", "other", "-o", `jsonpath={.metadata.labels.applyset\\.kubernetes\\.io/part-of}`];
    const set = await kubectl(["-n", namespace, ...read]);
    await kubectl(["-n", namespace, "label", "--overwrite", "configmap", "stays", `${label}=${set}`]);
    expect(drifts(await drift(head))).toEqual(["app: taken ConfigMap stays, reverted"]);
  });
});
