import { expect, test } from "vitest";
import { onReport } from "../../src/flow/on-report.ts";
import type { PerformPorts, PerformRequest } from "../../src/flow/performance.ts";
import { formatPlanJson } from "../../src/report/plan-json.ts";
import type { PullReference } from "../../src/trigger/trigger.ts";
import { guard, run, target } from "../report/run-report.ts";

const SHA = "1".repeat(40);
const PULL: PullReference = {
  number: 7,
  headSha: SHA,
  baseSha: SHA,
  baseBranch: "main",
  fork: false,
  dependabot: false,
};
const REQUEST: PerformRequest = {
  repository: { name: "shop/web" },
  configFile: ".github/plumbline.yaml",
  patterns: [],
  offline: false,
  startedAt: new Date(0),
  ref: "refs/pull/7/merge",
  holder: "shop/web run 1.1",
  sha: SHA,
  plans: "/plans",
};

/** A commit without files, a folder with plan files, and the numbers of all conversations that were written to. */
function world(...files: readonly string[]): { readonly ports: PerformPorts; readonly written: readonly number[] } {
  const written: number[] = [];
  const checkout = {
    sha: SHA,
    root: "/",
    read: () => Promise.resolve(undefined),
    hasFolder: () => Promise.resolve(false),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const repository = { parents: () => Promise.resolve([]), checkout: () => Promise.resolve(checkout) };
  const upsert = (number: number): Promise<{ readonly url: string }> => {
    written.push(number);
    return Promise.resolve({ url: "" });
  };
  const log = { info: () => {}, warning: () => {}, error: () => {} };
  const ports = {
    run: { repository, log, clock: { now: () => new Date(0) } },
    guard,
    forge: { comments: { upsert, find: () => Promise.resolve(undefined) } },
    readFolder: () => Promise.resolve(files.map((text, index) => ({ name: `${index}.json`, text }))),
  };
  return { ports: ports as unknown as PerformPorts, written };
}

test("a plan file that somebody wrote does not say on a pull request where else to write", async () => {
  const forged = run([target("production/web", { result: "applied" })], { command: "apply", pulls: [1, 2, 3] });
  const { ports, written } = world(formatPlanJson(forged));
  const { report } = await onReport({ pull: PULL }, REQUEST, ports, AbortSignal.timeout(5_000));
  expect(written).toEqual([7]);
  expect(report).toMatchObject({ command: "plan", result: "failed", targets: [], pulls: [] });
  expect(report?.problems.map(({ message }) => message)).toContain(
    "a plan file tells of a run of apply, which is not what a pull request starts",
  );
});

test("a target that two plan files tell of is an error: one of them is not of this run", async () => {
  const file = formatPlanJson(run([target("production/web", { result: "no-changes" })], { command: "plan" }));
  const { ports } = world(file, file);
  const { report } = await onReport({ pull: PULL }, REQUEST, ports, AbortSignal.timeout(5_000));
  expect(report?.problems.map(({ message }) => message)).toContain("production/web: two plan files tell of it");
});

test("without a folder of plan files nothing is read, least of all the checkout", async () => {
  const file = formatPlanJson(run([target("production/web", { result: "no-changes" })], { command: "plan" }));
  const { plans: _plans, ...request } = REQUEST;
  const { report } = await onReport({ pull: PULL }, request, world(file).ports, AbortSignal.timeout(5_000));
  expect(report).toMatchObject({ result: "failed", targets: [] });
  expect(report?.problems.map(({ message }) => message)).toContain("command report needs the folder of the plan files");
});
