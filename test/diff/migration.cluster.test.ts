import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { KubeObject } from "../../src/model/object.ts";
import { formatPath } from "../../src/model/path.ts";
import { differences } from "../../src/diff/differences.ts";
import { cluster, freshNamespace, kubectl } from "../cluster/cluster.ts";
import { yml } from "../support/yml.ts";
import { adminCluster, contentOf, liveObject, refusalText, type LiveObject } from "./live.ts";
import { adoptionCases, clientSideCases, thingDefinition, type MigrationCase } from "./migration-cases.ts";

const GROUP = "things-of-migration.example";
const table: string[] = [];

beforeAll(async () => {
  await kubectl(["apply", "--server-side", "-f", "-"], { input: JSON.stringify(thingDefinition(GROUP)) });
  await kubectl(["wait", "--for=condition=Established", `crd/things.${GROUP}`, "--timeout=30s"]);
});

afterAll(async () => {
  await kubectl(["delete", "crd", `things.${GROUP}`, "--wait=false"]);
  console.log(table.join("\n"));
});

describe("what moving ownership and applying will do is what it does:", () => {
  test.each([...clientSideCases(GROUP), ...adoptionCases(GROUP)])("$name", async (migration) => {
    const desired = inNamespace(migration.desired, await freshNamespace());
    const object = await bringAbout(migration, desired);
    expect(await tryOut(migration.name, object, desired, migration)).toEqual(
      migration.refused ? "the same refusal" : "equal",
    );
  });

  test("Helm: a release that we take over", async () => {
    const namespace = await freshNamespace();
    await helmInstall(namespace);
    const desired = inNamespace(
      yml`{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, labels: {team: shop}}, data: {a: "1"}}`,
      namespace,
    );
    const object = await liveObject(await adminCluster(), desired);
    expect(await tryOut("Helm: a release that we take over", object, desired, { adopting: true })).toBe("equal");
    const { metadata, data } = await object.read();
    expect({ labels: metadata.labels, annotations: metadata.annotations, data }).toEqual({
      labels: { team: "shop" },
      annotations: undefined,
      data: { a: "1" },
    });
  });
});

test("after the move one entry is ours, and people's edits are still theirs", async () => {
  const [, touched] = clientSideCases(GROUP);
  if (touched === undefined) throw new Error("there is no such case");
  const desired = inNamespace(touched.desired, await freshNamespace());
  const object = await bringAbout(touched, desired);
  await object.migrate(desired, { adopting: false });
  const managers = ((await object.read()).metadata.managedFields ?? []).filter(
    ({ subresource }) => subresource !== "status",
  );
  const named = managers.map(({ manager, operation, subresource = "" }) => `${manager} ${operation} ${subresource}`);
  const controllers = ["kube-controller-manager Update "];
  expect(new Set(named).difference(new Set(controllers))).toEqual(
    new Set([
      "plumbline Apply ",
      "kubectl Update scale",
      "kubectl-label Update ",
      "kubectl-rollout Update ",
      "kubectl-set Update ",
    ]),
  );
});

test("claims made in another version of the kind are not absorbed: what they keep stays, as a plain dry-run says", async () => {
  const before = yml`
    apiVersion: autoscaling/v1
    kind: HorizontalPodAutoscaler
    metadata: {name: web, labels: {team: shop}}
    spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5}`;
  const desired = yml`
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata: {name: web}
    spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: 5}`;
  const migration = { name: "another version", before, desired, by: ["apply"], touches: [], adopting: false };
  const wanted = inNamespace(desired, await freshNamespace());
  const object = await bringAbout(migration, wanted);
  expect(await tryOut("an object applied in another version of its kind", object, wanted, migration)).toBe("equal");
  expect((await object.read()).metadata.labels).toEqual({ team: "shop" });
});

test("an object that changed since it was looked at is refused, both when asking and when moving", async () => {
  const namespace = await freshNamespace();
  const desired = inNamespace(
    yml`{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {a: "1"}}`,
    namespace,
  );
  const object = await liveObject(await adminCluster(), desired);
  await kubectl(["-n", namespace, "apply", "-f", "-"], { input: JSON.stringify(desired) });
  const [asked, moved] = await object.staleWrites(async () => {
    await kubectl(["-n", namespace, "label", "configmap/settings", "human=1"]);
  });
  expect([asked, moved].map((answer) => answer?.kind === "refused" && answer.refusal.httpStatus)).toEqual([409, 409]);
});

function inNamespace(object: KubeObject, namespace: string): KubeObject {
  return { ...object, metadata: { ...object.metadata, namespace } };
}

async function bringAbout(
  { before, by, touches, ourselvesFirst = false }: MigrationCase,
  desired: KubeObject,
): Promise<LiveObject> {
  const { namespace = "" } = desired.metadata;
  const object = await liveObject(await adminCluster(), desired);
  if (ourselvesFirst) await object.apply(desired);
  await kubectl(["-n", namespace, ...by, "-f", "-"], { input: JSON.stringify(before) });
  for (const touch of touches) await kubectl(["-n", namespace, ...touch]);
  return object;
}

/** Predicts, does it, and tells how the two compare; the table tells it, too. */
async function tryOut(
  name: string,
  object: LiveObject,
  desired: KubeObject,
  options: { readonly adopting: boolean },
): Promise<string> {
  const live = contentOf(await object.read());
  const plain = await object.dryRun(desired);
  const predicted = await object.predict(desired, options);
  const real = await object.migrate(desired, options);
  const changes = (answer: Answer): string =>
    answer.kind === "refused" ? "refused" : `${differences(live, contentOf(answer.object)).length} changes`;
  const verdict = comparison(predicted, real);
  table.push(`${verdict.padEnd(16)} plain ${changes(plain)}, predicted ${changes(predicted)}: ${name}`);
  return verdict;
}

type Answer = Awaited<ReturnType<LiveObject["predict"]>>;

function comparison(predicted: Answer, real: Answer): string {
  if (predicted.kind === "refused" || real.kind === "refused") {
    const [asked, done] = [predicted, real].map((answer) =>
      answer.kind === "refused" ? refusalText(answer.refusal) : "accepted",
    );
    return asked === done ? "the same refusal" : `asked: ${asked}; done: ${done}`;
  }
  const found = differences(contentOf(predicted.object), contentOf(real.object));
  const text = (value: unknown): string => JSON.stringify(value) ?? "-";
  const lines = found.map(({ path, before, after }) => `${formatPath(path)}: ${text(before)} -> ${text(after)}`);
  return lines.length === 0 ? "equal" : lines.join("; ");
}

async function helmInstall(namespace: string): Promise<void> {
  const chart = await mkdtemp(join(tmpdir(), "chart-"));
  onTestFinished(() => rm(chart, { recursive: true }));
  await mkdir(join(chart, "templates"));
  await writeFile(join(chart, "Chart.yaml"), "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
  await writeFile(
    join(chart, "templates", "settings.yaml"),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, labels: {team: shop}}\ndata: {a: "1", b: "2"}\n',
  );
  const { tools, kubeconfig } = cluster();
  const child = spawn(tools.helm, ["install", "shop", chart, "--namespace", namespace], {
    env: { KUBECONFIG: kubeconfig, HOME: chart },
    stdio: ["ignore", "ignore", "inherit"],
  });
  expect((await once(child, "close"))[0]).toBe(0);
}
