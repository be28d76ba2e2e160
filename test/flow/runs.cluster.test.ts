import { expect, test } from "vitest";
import type { ClusterAccess } from "../../src/ports.ts";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";
import { changeLines, driftLines, engine, problemCodes } from "./engine.ts";
import { resultLines, startRuns, type Runs } from "./runs.ts";

const configuration = (namespace: string, more = ""): string => `
  version: 1
  defaults: {namespace: ${namespace}, timeout: 20s}
  environments: {test: {}}
  apps: {app: {path: app}}
  drift: {after: 0s, sightings: 1}
  system: {namespace: ${namespace}}
  ${more}
`;

const config = (name: string, value = "1"): string => `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}}
data: {k: "${value}"}
`;

async function runsIn(namespace: string, around?: (access: ClusterAccess) => ClusterAccess): Promise<Runs> {
  const { access } = await engine({ namespace, ...(around && { around }) });
  return startRuns(access, configuration(namespace));
}

const refused = `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: broken}
spec:
  selector: {matchLabels: {app: broken}}
  progressDeadlineSeconds: 2
  template:
    metadata: {labels: {app: broken, kwok.test/outcome: never-ready}}
    spec: {containers: [{name: web, image: "a:1"}]}
`;

test("an apply, the plan after it and the drift run after it agree that there is nothing left", async () => {
  const runs = await runsIn(await freshNamespace());
  const one = await runs.commit(config("a"));
  expect(resultLines(await runs.apply(one))).toEqual(["app: applied"]);
  expect(resultLines(await runs.drift(one))).toEqual(["app: in-sync"]);
  expect(resultLines(await runs.apply(one))).toEqual(["app: no-changes"]);
  const two = await runs.commit(config("a", "2"));
  expect(resultLines(await runs.drift(two))).toEqual(["app: pending"]);
  expect((await runs.plan(one, two)).targets.flatMap(changeLines)).toEqual([
    `update ConfigMap a: pull-request data.k "1" -> "2"`,
  ]);
});

test("a revert after an apply that failed half way writes everything back", async () => {
  const namespace = await freshNamespace();
  const runs = await runsIn(namespace);
  await runs.apply(await runs.commit(config("a")));
  const failed = await runs.apply(await runs.commit(config("a", "2") + refused));
  expect(resultLines(failed)).toEqual(["app: failed"]);
  const reverted = await runs.apply(await runs.commit(config("a")));
  expect(resultLines(reverted)).toEqual(["app: applied"]);
  expect(reverted.targets.flatMap(changeLines)).toEqual([
    `update ConfigMap a: drift data.k "2" -> "1"`,
    "delete Deployment broken",
  ]);
  expect(await kubectl(["-n", namespace, "get", "cm", "a", "-o", "jsonpath={.data.k}"])).toBe("1");
});

test("another namespace in the configuration alone is planned, pending and applied", async () => {
  const [from, to] = [await freshNamespace(), await freshNamespace()];
  const runs = await runsIn(from);
  const one = await runs.commit(config("a"));
  await runs.apply(one);
  const moved = configuration(from).replace(`namespace: ${from}`, `namespace: ${to}`);
  const two = await runs.commit(config("a"), { ".github/plumbline.yaml": moved.replaceAll(/^ {2}/gm, "") });
  const plan = await runs.plan(one, two);
  expect(plan.targets.flatMap(changeLines).toSorted()).toEqual(["create ConfigMap a", "delete ConfigMap a"]);
  const drift = await runs.drift(two);
  expect(resultLines(drift)).toEqual(["app: pending"]);
  expect(drift.targets.flatMap(driftLines)).toEqual([]);
  expect(resultLines(await runs.apply(two))).toEqual(["app: applied"]);
  expect(await kubectl(["-n", to, "get", "cm", "a", "-o", "jsonpath={.data.k}"])).toBe("1");
});

test.each([
  ["that has something to write", "2"],
  ["that renders as before", "1"],
])(
  "a run %s does not bring a target back that another run brought forward while it waited for the lock",
  async (_, value) => {
    const namespace = await freshNamespace();
    const first = await runsIn(namespace);
    await first.apply(await first.commit(config("a")));
    const old = await first.commit(config("a", value));
    const newer = await first.commit(config("a", "3"));
    const other = await engine({ namespace });
    const { access } = await engine({
      namespace,
      around: (inner) => ({
        ...inner,
        locks: {
          acquire: async (target, request, signal) => {
            await other.apply(config("a", "3"), { commit: newer });
            return inner.locks.acquire(target, request, signal);
          },
        },
      }),
    });
    const report = await first.apply(old, { access });
    expect(resultLines(report)).toEqual(["app: refused"]);
    expect(report.targets.flatMap(problemCodes)).toEqual(["error conflict"]);
    expect(await kubectl(["-n", namespace, "get", "cm", "a", "-o", "jsonpath={.data.k}"])).toBe("3");
  },
);

test("two runs of one name do not hold a target's lock at once", async () => {
  const namespace = await freshNamespace();
  const { access } = await engine({ namespace });
  const runs = await startRuns(access, configuration(namespace).replace("timeout: 20s", "timeout: 1s"));
  const head = await runs.commit(config("a"));
  let second: Promise<readonly string[]> | undefined;
  const slow: ClusterAccess = {
    ...access,
    keys: {
      read: (target, signal) => access.keys.read(target, signal),
      ensure: async (target, signal) => {
        second ??= runs.apply(head, { holder: "job deploy" }).then(resultLines);
        await second;
        return access.keys.ensure(target, signal);
      },
    },
  };
  expect(resultLines(await runs.apply(head, { holder: "job deploy", access: slow }))).toEqual(["app: applied"]);
  expect(await second).toEqual(["app: refused"]);
});

test("where no run remembers what an earlier one has seen, a difference counts at first sight", async () => {
  const namespace = await freshNamespace();
  const { access } = await engine({ namespace });
  const runs = await startRuns(access, configuration(namespace).replace("after: 0s, sightings: 1", "after: 1h"));
  const head = await runs.commit(config("a"));
  await runs.apply(head);
  await kubectl(["-n", namespace, "patch", "cm", "a", "--type=merge", "--patch", '{"data":{"k":"9"}}']);
  expect(resultLines(await runs.drift(head))).toEqual(["app: in-sync"]);
  expect(resultLines(await runs.driftWithoutMemory(head))).toEqual(["app: drifted"]);
});

test("a drift run after an apply that did not come to its end says so, and nothing of drift", async () => {
  const namespace = await freshNamespace();
  const runs = await runsIn(namespace);
  await runs.apply(await runs.commit(config("a")));
  const head = await runs.commit(config("a", "2") + refused);
  expect(resultLines(await runs.apply(head))).toEqual(["app: failed"]);
  const drift = await runs.drift(head);
  expect(resultLines(drift)).toEqual(["app: incomplete"]);
  expect(drift.targets.flatMap(problemCodes)).toEqual(["error unfinished-apply"]);
});
