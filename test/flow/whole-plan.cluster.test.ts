import { describe, expect, onTestFinished, test } from "vitest";
import { freshAccount, freshNamespace, kubectl } from "../cluster/cluster.ts";
import { changeLines, driftLines, engine, problemCodes } from "./engine.ts";
import { freshKind } from "./fresh-kind.ts";
import type { TargetReport } from "../../src/model/plan.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import type { ClusterAccess } from "../../src/ports.ts";

const messages = ({ problems }: TargetReport): readonly string[] => problems.map(({ message }) => message);

describe("an immutable field that changes", () => {
  const secret = (value: string, annotation = ""): string => `
    apiVersion: v1
    kind: Secret
    metadata: {name: a, annotations: {${annotation}}}
    type: ${value}
    data: {k: djE=}
  `;

  test("blocks, and the remedy names the annotation", async () => {
    const namespace = await freshNamespace();
    const { plan, apply } = await engine({ namespace });
    await apply(secret("example.com/a"));
    const { report } = await plan(secret("example.com/b"), { base: secret("example.com/a") });
    expect(report.result).toBe("blocked");
    expect(problemCodes(report)).toEqual(["blocker immutable-field"]);
    expect(report.problems[0]?.remedy).toContain("plumbline.dev/replace");
  });

  test("replaces the object when its author asks for that: planned as such, deleted and made anew", async () => {
    const namespace = await freshNamespace();
    const { plan, apply } = await engine({ namespace });
    const replaced = `plumbline.dev/replace: "true"`;
    await apply(secret("example.com/a", replaced));
    const uid = () => kubectl(["-n", namespace, "get", "secret", "a", "-o", "jsonpath={.metadata.uid} {.type}"]);
    const before = await uid();
    const head = secret("example.com/b", replaced);
    const { report } = await plan(head, { base: secret("example.com/a", replaced) });
    expect(changeLines(report)).toEqual([
      `replace Secret a (surrogate): pull-request type "example.com/a" -> "example.com/b"`,
    ]);
    expect((await apply(head)).result).toBe("applied");
    const [freshUid, type] = (await uid()).split(" ");
    expect(type).toBe("example.com/b");
    expect(freshUid).not.toBe(before.split(" ")[0]);
    expect((await plan(head, { base: head })).report.result).toBe("no-changes");
  });
});

describe("an object that kubectl made", () => {
  const made = `
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: a, labels: {team: shop, left: behind}}
    data: {k: "1", old: "x"}
  `;
  const wanted = `
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: a, labels: {team: shop}}
    data: {k: "2"}
  `;

  test("loses what Git does not declare when it is adopted; the plan says so, and the apply does the same", async () => {
    const namespace = await freshNamespace();
    const { plan, apply } = await engine({ namespace });
    await kubectl(["-n", namespace, "apply", "-f", "-"], { input: made });
    await kubectl(["-n", namespace, "label", "configmap", "a", "by=hand"]);
    const { report } = await plan(wanted, { base: "", adopt: true });
    const told = [
      `update ConfigMap a: pull-request data.k "1" -> "2"; pull-request data.old "x" -> -; pull-request metadata.labels.left "behind" -> -`,
    ];
    expect(changeLines(report).map(withoutOrigin)).toEqual(told.map(withoutOrigin));
    expect((await apply(wanted, { adopt: true })).result).toBe("applied");
    const content = "jsonpath={.data} {.metadata.labels.team} {.metadata.labels.left} {.metadata.labels.by}";
    expect(await kubectl(["-n", namespace, "get", "configmap", "a", "-o", content])).toBe(`{"k":"2"} shop  hand`);
    const after = (await plan(wanted, { base: wanted })).report;
    expect(changeLines(after)).toEqual([]);
    expect(driftLines(after)).toEqual(['extra ConfigMap a metadata.labels.by: -, live "hand", kept']);
  });

  const withoutOrigin = (line: string): string => line.replaceAll(/(pull-request|drift|server) /g, "");
});

describe("an identity that may only read", () => {
  test("gets a plan from what is live and Git, labelled as such, and one sentence says why", async () => {
    const namespace = await freshNamespace();
    const config = (value: string): string =>
      `{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: "${value}"}}`;
    await (await engine({ namespace })).apply(config("1"));
    const kubeconfig = await freshReader(namespace);
    const { plan } = await engine({ namespace, kubeconfig });
    const { report } = await plan(config("2"), { base: config("1") });
    expect(changeLines(report)).toEqual([`update ConfigMap a (offline): pull-request data.k "1" -> "2"`]);
    expect(problemCodes(report)).toContain("caution read-only");
    expect(report.result).toBe("changes");
    expect((await plan(config("1"), { base: config("1"), mode: "read-only" })).report.result).toBe("no-changes");
  });
});

/** An account that may read everything everywhere, and write nothing. */
async function freshReader(namespace: string): Promise<string> {
  const kubeconfig = await freshAccount(namespace, []);
  const rules = ["--verb=get,list", "--resource=*.*"];
  await kubectl(["create", "clusterrole", namespace, ...rules]);
  const who = `--group=system:serviceaccounts:${namespace}`;
  await kubectl(["create", "clusterrolebinding", namespace, `--clusterrole=${namespace}`, who]);
  onTestFinished(async () => {
    await kubectl(["delete", "clusterrole,clusterrolebinding", namespace]);
  });
  await expect
    .poll(() => kubectl(["auth", "can-i", "list", "pods", "--all-namespaces", "--kubeconfig", kubeconfig]), {
      timeout: 20_000,
    })
    .toContain("yes");
  return kubeconfig;
}

describe("an object whose kind comes with the same change", () => {
  test("is checked against the definition that comes, and rules that nobody evaluated are named", async () => {
    const { namespace, name, crd, definition, object: widget } = await freshKind();
    const { plan } = await engine({ namespace });
    const rules = `x-kubernetes-validations: [{rule: "self.color != 'pink'"}]`;
    const text = definition("color: {type: string, enum: [red, green]}", rules);
    const good = (await plan(text + widget("{color: red}"), { base: "" })).report;
    expect(changeLines(good)).toEqual([`create CustomResourceDefinition ${crd}`, `create Kind${name} w (offline)`]);
    expect(problemCodes(good)).toEqual(["caution rules-not-evaluated"]);
    const bad = (await plan(text + widget("{colour: red}"), { base: "" })).report;
    expect(problemCodes(bad)).toEqual(["blocker unknown-field"]);
  });

  test("of a definition whose schema narrows, live objects that it would refuse are named", async () => {
    const { namespace, definition, object: widget } = await freshKind();
    const { plan, apply } = await engine({ namespace });
    const wide = definition("color: {type: string}");
    expect((await apply(wide + widget("{color: pink}"), { wait: true })).result).toBe("applied");
    const narrow = definition("color: {type: string, enum: [red, green]}");
    const { report } = await plan(narrow + widget("{color: pink}"), {
      base: wide + widget("{color: pink}"),
    });
    expect(messages(report).join("\n")).toContain("its new schema would refuse");
  });
});

describe("objects that are fine one by one", () => {
  test("together exceed a quota, which blocks before anything is written", async () => {
    const namespace = await freshNamespace();
    const { plan } = await engine({ namespace });
    await kubectl(["-n", namespace, "create", "quota", "few", "--hard=count/services=1"]);
    await expect
      .poll(() => kubectl(["-n", namespace, "get", "quota", "few", "-o", "jsonpath={.status.hard}"]), {
        timeout: 20_000,
      })
      .toContain("services");
    const service = (name: string): string =>
      `{apiVersion: v1, kind: Service, metadata: {name: ${name}}, spec: {ports: [{port: 80}]}}\n---\n`;
    const { report } = await plan(service("one") + service("two"), { base: "" });
    expect(problemCodes(report)).toEqual(["blocker quota-exceeded"]);
    expect((await plan(service("one"), { base: "" })).report.problems).toEqual([]);
  });

  test("name what nobody has", async () => {
    const namespace = await freshNamespace();
    const { plan } = await engine({ namespace });
    const { report } = await plan(
      `
      apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec:
        containers: [{name: c, image: "nginx:1.27", envFrom: [{configMapRef: {name: nowhere}}]}]
      `,
      { base: "" },
    );
    expect(messages(report)).toEqual([
      `Pod ${namespace}/a: names ConfigMap ${namespace}/nowhere, which neither this change nor the cluster has`,
    ]);
  });
});

test("objects that are named and were not looked up are counted", async () => {
  const namespace = await freshNamespace();
  const { plan } = await engine({ namespace });
  const pod = (index: number): string => `
  ---
  apiVersion: v1
  kind: Pod
  metadata: {name: p${index}}
  spec: {containers: [{name: c, image: "nginx:1.27", envFrom: [{configMapRef: {name: nowhere-${index}}}]}]}
  `;
  const { report } = await plan(Array.from({ length: 66 }, (_, index) => pod(index)).join("\n"), { base: "" });
  expect(messages(report)).toHaveLength(65);
  expect(messages(report)).toContain(
    "2 of 66 objects that this change names were not looked up, so one that is missing is not told",
  );
});

test("a deletion that an admission policy denies is known before the merge", async () => {
  const namespace = await freshNamespace();
  const { plan, apply } = await engine({ namespace });
  const config = (name: string): string => `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}}\n---\n`;
  await apply(config("stays") + config("goes"));
  const policy = JSON.stringify({
    apiVersion: "v1",
    kind: "List",
    items: [
      {
        apiVersion: "admissionregistration.k8s.io/v1",
        kind: "ValidatingAdmissionPolicy",
        metadata: { name: namespace },
        spec: {
          matchConstraints: {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
            resourceRules: [
              { apiGroups: [""], apiVersions: ["v1"], operations: ["DELETE"], resources: ["configmaps"] },
            ],
          },
          validations: [{ expression: "false", message: "nothing is deleted here" }],
        },
      },
      {
        apiVersion: "admissionregistration.k8s.io/v1",
        kind: "ValidatingAdmissionPolicyBinding",
        metadata: { name: namespace },
        spec: { policyName: namespace, validationActions: ["Deny"] },
      },
    ],
  });
  await kubectl(["create", "-f", "-"], { input: policy });
  onTestFinished(async () => {
    await kubectl(["delete", "--ignore-not-found", "-f", "-"], { input: policy });
  });
  await expect
    .poll(async () => problemCodes((await plan(config("stays"), { base: config("stays") + config("goes") })).report), {
      timeout: 20_000,
      interval: 500,
    })
    .toEqual(["blocker denied-by-policy"]);
});

describe("a deletion of which nobody could ask what it does", () => {
  const config = (name: string): string => `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}}\n---\n`;
  const refusing =
    (refusal: Refusal) =>
    (access: ClusterAccess): ClusterAccess => ({
      ...access,
      cluster: { ...access.cluster, requests: 0, remove: () => Promise.resolve({ kind: "refused", refusal }) },
    });
  const webhook = 'admission webhook "old.example.com" does not support dry run';

  test.each<[string, Refusal, string]>([
    [
      "because of a webhook that cannot dry-run",
      { httpStatus: 400, reason: "BadRequest", message: webhook, causes: [] },
      "an admission webhook does not support dry-runs",
    ],
    [
      "for want of the right to delete",
      { httpStatus: 403, reason: "Forbidden", message: 'User "u" cannot delete resource "configmaps"', causes: [] },
      "our identity may not delete it, so nobody could ask",
    ],
  ])("%s is planned, less certainly", async (_, refusal, because) => {
    const namespace = await freshNamespace();
    await (await engine({ namespace })).apply(config("stays") + config("goes"));
    const { plan } = await engine({ namespace, around: refusing(refusal) });
    const { report } = await plan(config("stays"), { base: config("stays") + config("goes") });
    expect(report.result).toBe("changes");
    expect(changeLines(report)).toEqual(["delete ConfigMap goes (offline)"]);
    expect(report.changes.map((change) => change.because)).toEqual([because]);
    expect(report.problems).toEqual([]);
  });
});

describe("an object that a finalizer holds", () => {
  const secret = (type: string): string => `
    apiVersion: v1
    kind: Secret
    metadata: {name: a, annotations: {plumbline.dev/replace: "true"}}
    type: ${type}
    data: {k: djE=}
  `;
  const NOTE = ["it is gone once example.com/hold is taken off it (metadata.finalizers)"];
  const setFinalizers = (namespace: string, finalizers: readonly string[] | null): Promise<string> => {
    const patch = JSON.stringify({ metadata: { finalizers } });
    return kubectl(["-n", namespace, "patch", "secret", "a", "--type=merge", "-p", patch]);
  };

  test("is planned to go, with the note that it has to be let go; while it goes, it is stuck and told as nothing else", async () => {
    const namespace = await freshNamespace();
    const { plan, apply } = await engine({ namespace });
    const [a, b] = [secret("example.com/a"), secret("example.com/b")];
    await apply(a);
    await setFinalizers(namespace, ["example.com/hold"]);
    const stays = "{apiVersion: v1, kind: ConfigMap, metadata: {name: stays}}";
    for (const head of [b, stays]) {
      const { changes } = (await plan(head, { base: a })).report;
      expect(changes.flatMap(({ notes }) => notes ?? [])).toEqual(NOTE);
    }
    await kubectl(["-n", namespace, "delete", "secret", "a", "--wait=false"]);
    const going = (await plan(b, { base: b })).report;
    expect(changeLines(going)).toEqual([
      `replace Secret a (surrogate): drift metadata.finalizers ["example.com/hold"] -> -; drift type "example.com/a" -> "example.com/b"`,
    ]);
    expect(driftLines(going)).toEqual(["stuck Secret a, kept"]);
    expect(driftLines((await plan(stays)).report)).toEqual(["stuck Secret a, kept"]);
    await setFinalizers(namespace, null);
  });
});
