import { describe, expect, onTestFinished, test } from "vitest";
import type { Mode } from "../../src/model/mode.ts";
import type { TargetReport } from "../../src/model/plan.ts";
import { cluster, freshNamespace, kubectl } from "../cluster/cluster.ts";
import { formatPlanJson } from "../../src/report/plan-json.ts";
import { planComment } from "../../src/report/plan-comment.ts";
import { guard, masked, run } from "../report/run-report.ts";
import { changeLines, engine } from "../flow/engine.ts";

const SHOP = `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {colour: blue}
---
apiVersion: v1
kind: Secret
metadata: {name: db}
stringData: {password: of-git-1234}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;

type Digests = Pick<TargetReport, "digest" | "rendered" | "intent">;

function digestsOf({ digest, rendered, intent }: TargetReport): Digests {
  expect([digest, rendered, intent]).toEqual(Array(3).fill(expect.stringMatching(/^sha256:[0-9a-f]{64}$/)));
  return { digest, rendered, intent } as Digests;
}

describe("a plan has the same digests", () => {
  const changed = SHOP.replace("blue", "red").replace("of-git-1234", "of-git-5678");
  test.each([
    ["of what is in sync", SHOP],
    ["of what changes", changed],
  ])("%s, be it proven, dry-run or computed here", async (_, head) => {
    const namespace = await freshNamespace();
    const { apply, plan } = await engine({ namespace });
    await apply(SHOP);
    const proven = await plan(head, { base: SHOP });
    const exact = await plan(head, { base: SHOP, exact: true });
    const readOnly = await plan(head, { base: SHOP, mode: "read-only" satisfies Mode });
    expect(digestsOf(exact.report)).toEqual(digestsOf(proven.report));
    expect(digestsOf(readOnly.report)).toEqual(digestsOf(proven.report));
  });

  test("whoever looked at the objects meanwhile, and whatever that left in them", async () => {
    const namespace = await freshNamespace();
    const { apply, plan } = await engine({ namespace });
    await apply(SHOP);
    const before = digestsOf((await plan(changed, { base: SHOP })).report);
    const words = ["-n", namespace, "annotate", "--field-manager=somebody", "configmap", "settings"];
    await kubectl([...words, "acme.example/seen=1"]);
    await kubectl([...words, "acme.example/seen-"]);
    expect(digestsOf((await plan(changed, { base: SHOP })).report)).toEqual(before);
  });

  test("from a service account's point of view", async () => {
    const namespace = await freshNamespace();
    const first = await engine({ namespace });
    await first.apply(SHOP);
    const second = await engine({ namespace, kubeconfig: cluster().kubeconfig });
    expect(digestsOf((await second.plan(changed, { base: SHOP })).report)).toEqual(
      digestsOf((await first.plan(changed, { base: SHOP })).report),
    );
  });
});

test("only where the server fills in what is new, a plan without it has another digest, and the same of what Git wants", async () => {
  const namespace = await freshNamespace();
  const { apply, plan } = await engine({ namespace });
  await apply(SHOP);
  const head = SHOP.replace("[{port: 80}]", "[{port: 80, name: a}, {port: 81, name: b}]");
  const asked = digestsOf((await plan(head, { base: SHOP })).report);
  const computed = digestsOf((await plan(head, { base: SHOP, mode: "read-only" })).report);
  expect(computed.digest).not.toBe(asked.digest);
  expect({ ...computed, digest: "" }).toEqual({ ...asked, digest: "" });
});

describe("numbers stay what they are, from the file to the server and to the comment", () => {
  test.each([
    ["beyond the safe range of a double", "9007199254740993", "9007199254740993"],
    ["the greatest int64", "9223372036854775807", "9223372036854775807"],
    ["the least int64", "-9223372036854775808", "-9223372036854775808"],
    ["zero, with a sign", "-0", "0"],
  ])("%s: %s", async (_, written, stored) => {
    const namespace = await freshNamespace();
    const group = await withCounters(namespace);
    const counter = (value: string): string => `
apiVersion: ${group}/v1
kind: Counter
metadata: {name: c}
spec: {exact: ${value}, share: 1.0, free: {a: ${value}, b: [${value}, 1.5, 1e3]}}
`;
    const { apply, plan } = await engine({ namespace });
    expect((await apply(counter(written))).result).toBe("applied");
    const read = await kubectl([
      "-n",
      namespace,
      "get",
      "--raw",
      `/apis/${group}/v1/namespaces/${namespace}/counters/c`,
    ]);
    expect(read).toMatch(
      new RegExp(`"spec":\\{"exact":${stored},"free":\\{"a":${stored},"b":\\[${stored},1.5,1000\\]\\},"share":1\\}`),
    );
    for (const how of [{}, { exact: true }, { mode: "read-only" }] as const)
      expect(changeLines((await plan(counter(written), { base: counter(written), ...how })).report)).toEqual([]);
    const next = String(BigInt(stored) + (stored.startsWith("-") ? 1n : -1n));
    for (const how of [{}, { mode: "read-only" }] as const) {
      const { report } = await plan(counter(next), { base: counter(written), ...how });
      const shown = masked(run([report]));
      const json = guard.json(formatPlanJson(shown));
      expect(json).toContain(`"before": ${stored},`);
      expect(json).toContain(`"after": ${next},`);
      expect(guard.markdown(planComment(shown))).toContain(`- spec.exact: ${stored}\n+ spec.exact: ${next}\n`);
    }
    expect((await apply(counter(next))).result).toBe("applied");
    const again = await kubectl([
      "-n",
      namespace,
      "get",
      "--raw",
      `/apis/${group}/v1/namespaces/${namespace}/counters/c`,
    ]);
    expect(again).toContain(`"spec":{"exact":${next},`);
  });

  test("floats, and integers that only a double holds, are what kubectl makes of them", async () => {
    const namespace = await freshNamespace();
    const group = await withCounters(namespace);
    const numbers = "[1.0, -0.0, 1e30, 1e-7, 0.1, 123456789.123456789, 18446744073709551615, 1e18, 1e400]";
    const counter = (manager: string): string => `
apiVersion: ${group}/v1
kind: Counter
metadata: {name: ${manager}}
spec: {free: {a: ${numbers}}}
`;
    const { apply, plan } = await engine({ namespace });
    expect((await apply(counter("ours"))).result).toBe("applied");
    await kubectl(["-n", namespace, "apply", "--server-side", "-f", "-"], { input: counter("theirs") });
    const path = `/apis/${group}/v1/namespaces/${namespace}/counters`;
    const [ours, theirs] = await Promise.all(
      ["ours", "theirs"].map(async (name) => /"spec":.*/.exec(await kubectl(["get", "--raw", `${path}/${name}`]))?.[0]),
    );
    expect(ours).toBe(theirs);
    expect(ours).toContain('[1,0,1e+30,1e-7,0.1,123456789.12345679,18446744073709552000,1000000000000000000,"1e400"]');
    for (const how of [{}, { exact: true }, { mode: "read-only" }] as const)
      expect((await plan(counter("ours"), { base: counter("ours"), ...how })).report.changes).toEqual([]);
  });
});

/** A kind of this namespace's own, with an int64 and a place where anything may be; its group. */
async function withCounters(namespace: string): Promise<string> {
  const group = `${namespace}.example`;
  const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: counters.${group}}
spec:
  group: ${group}
  scope: Namespaced
  names: {plural: counters, kind: Counter}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                exact: {type: integer, format: int64}
                share: {type: number}
                free: {type: object, x-kubernetes-preserve-unknown-fields: true}
`;
  await kubectl(["apply", "-f", "-"], { input: definition });
  onTestFinished(async () => {
    await kubectl(["delete", "crd", `counters.${group}`, "--wait=false"]);
  });
  await kubectl(["wait", "--for=condition=Established", `crd/counters.${group}`]);
  return group;
}
