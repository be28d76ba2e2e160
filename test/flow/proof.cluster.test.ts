import { describe, expect, onTestFinished, test } from "vitest";
import type { ClusterAccess } from "../../src/ports.ts";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";
import { changeLines, engine, problemCodes } from "./engine.ts";

const OBJECTS = `
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: a}
  data: {k: "1"}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: web}
  spec: {selector: {app: web}, ports: [{port: 80}]}
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web}
  spec:
    replicas: 1
    selector: {matchLabels: {app: web}}
    template:
      metadata: {labels: {app: web}}
      spec: {containers: [{name: app, image: nginx:1.27, resources: {requests: {cpu: 0.5, memory: 1024Mi}}}]}
`;

/** The names of objects that were dry-run since this was asked last. */
interface Asked {
  readonly around: (access: ClusterAccess) => ClusterAccess;
  readonly take: () => readonly string[];
}

function recordDryRuns(): Asked {
  let asked: string[] = [];
  return {
    around: (access) => ({
      ...access,
      cluster: {
        ...access.cluster,
        get requests() {
          return access.cluster.requests;
        },
        apply: (address, object, options, signal) => {
          if (options.dryRun) asked.push(`${address.kind.kind} ${address.name}`);
          return access.cluster.apply(address, object, options, signal);
        },
      },
    }),
    take: () => {
      // Asked again where a controller wrote status meanwhile.
      const names = [...new Set(asked)].toSorted();
      asked = [];
      return names;
    },
  };
}

const ALL = ["ConfigMap a", "Deployment web", "Service web"];

async function applied(): Promise<Awaited<ReturnType<typeof engine>> & { namespace: string; asked: Asked }> {
  const namespace = await freshNamespace();
  const asked = recordDryRuns();
  const made = await engine({ namespace, around: asked.around });
  await made.apply(OBJECTS, { wait: false });
  asked.take();
  return { ...made, namespace, asked };
}

async function createFor(text: string): Promise<void> {
  await kubectl(["create", "-f", "-"], { input: text });
  onTestFinished(async () => {
    await kubectl(["delete", "--ignore-not-found", "-f", "-"], { input: text });
  });
}

/** A webhook that cannot be reached and does not matter, for a kind of which there is nothing but what a test makes. */
const webhook = (name: string, resource: string): string =>
  JSON.stringify({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name },
    webhooks: [
      {
        name: "nobody.example.com",
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        failurePolicy: "Ignore",
        timeoutSeconds: 1,
        clientConfig: { url: "https://127.0.0.1:1/" },
        namespaceSelector: { matchLabels: { nobody: name } },
        rules: [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["UPDATE"], resources: [resource] }],
      },
    ],
  });

describe("an object that is in sync", () => {
  test("proves itself: after an apply a plan asks for nothing, and for one that changed it asks once", async () => {
    const { plan, asked } = await applied();
    expect(changeLines((await plan(OBJECTS, { base: OBJECTS })).report)).toEqual([]);
    expect(asked.take()).toEqual([]);
    const { report } = await plan(OBJECTS.replace(`"1"`, `"2"`), { base: OBJECTS });
    expect(changeLines(report)).toEqual([`update ConfigMap a: pull-request data.k "1" -> "2"`]);
    expect(asked.take()).toEqual(["ConfigMap a"]);
  });

  test("is dry-run when a plan is to be exact, and the two plans have one digest", async () => {
    const { plan, asked } = await applied();
    const proven = (await plan(OBJECTS, { base: OBJECTS })).report;
    asked.take();
    const exact = (await plan(OBJECTS, { base: OBJECTS, exact: true })).report;
    expect(asked.take()).toEqual(ALL);
    expect(exact.digest).toBe(proven.digest);
  });

  test("does not prove itself while a mutating webhook names its kind; when only the webhooks changed, nobody does until the next apply", async () => {
    const { plan, apply, asked, namespace } = await applied();
    await createFor(webhook(`${namespace}-services`, "services"));
    await plan(OBJECTS, { base: OBJECTS });
    expect(asked.take()).toEqual(ALL);
    await apply(OBJECTS, { wait: false });
    asked.take();
    await plan(OBJECTS, { base: OBJECTS });
    expect(asked.take()).toEqual(["Service web"]);
  });

  test("that the server would change all the same is told as a bug, and the server's word counts", async () => {
    const namespace = await freshNamespace();
    const lying = (access: ClusterAccess): ClusterAccess => ({
      ...access,
      cluster: {
        ...access.cluster,
        apply: async (address, object, options, signal) => {
          const answer = await access.cluster.apply(address, object, options, signal);
          const isMeant = options.dryRun && address.name === "a" && answer.kind === "accepted";
          return isMeant ? { ...answer, object: { ...answer.object, data: { k: "changed on the way" } } } : answer;
        },
      },
    });
    await (await engine({ namespace })).apply(OBJECTS, { wait: false });
    const { plan } = await engine({ namespace, around: lying });
    expect((await plan(OBJECTS, { base: OBJECTS })).report.problems).toEqual([]);
    const { report } = await plan(OBJECTS, { base: OBJECTS, shadow: 100 });
    expect(problemCodes(report)).toEqual(["caution proof-contradicted"]);
    expect(changeLines(report)).toEqual([`update ConfigMap a: drift data.k "1" -> "changed on the way"`]);
  });
});
