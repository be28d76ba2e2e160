import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { comparable, without, withoutStatus } from "../../src/diff/comparable.ts";
import { differences, type Difference } from "../../src/diff/differences.ts";
import { declaredAt } from "../../src/diff/declared-place.ts";
import { authorOf } from "../../src/diff/ownership.ts";
import { mergePrediction } from "../../src/diff/merge.ts";
import { openAccess } from "../../src/kube/access.ts";
import { prepare } from "../../src/manifest/normalize.ts";
import { parseManifests } from "../../src/manifest/parse.ts";
import { isList, isMap, sameJson, type Json, type JsonMap } from "../../src/model/json.ts";
import { addressOf, findKind, type Kinds } from "../../src/model/kind.ts";
import { refOf, type KubeObject } from "../../src/model/object.ts";
import { formatPath } from "../../src/model/path.ts";
import { formatRef } from "../../src/model/ref.ts";
import type { Cluster } from "../../src/ports.ts";
import { systemClock } from "../../src/system/clock.ts";
import { readOneDocument } from "../../src/manifest/one-document.ts";
import { cluster, freshNamespace, kubectl } from "../cluster/cluster.ts";
import { mutations } from "./mutations.ts";

const signal = new AbortController().signal;

/** How the server's answer to a dry-run differs from what was predicted; all but the last are what no merge can see. */
type Disagreement =
  | "default filled in"
  | "defaults inside a value"
  | "empty value spelled otherwise"
  | "field that follows another"
  | "wrong";

// What the code of a kind does beside its defaults: fields that only one type of Service has, the older of two names of the
// service account, the generation that DaemonSets count.
const FOLLOWING = [
  /^spec\.(?:allocateLoadBalancerNodePorts|externalTrafficPolicy|healthCheckNodePort|ports\[.*\]\.nodePort)$/,
  /^spec\.(?:.*\.)?serviceAccount$/,
  /^metadata\.annotations\["deprecated\.daemonset\.template\.generation"\]$/,
];

test("what is merged here is what a dry-run answers, but for what only the server fills in", async () => {
  const namespace = await freshNamespace();
  const text = await corpus(namespace);
  await applyAll(text, namespace);
  const api = await openCluster(namespace);
  const kinds = await api.kinds(signal);
  const tally = new Map<string, number>();
  const wrong: string[] = [];
  for (const { object } of parseManifests(text, "corpus.yaml").objects) {
    const desired = toDesired(object, namespace, kinds);
    for (const { name, object: sent } of [{ name: "as it is", object: desired }, ...mutations(desired)]) {
      const disagreements = await compare(sent, api, kinds);
      const told = disagreements.filter(({ kind }) => kind === "wrong").map((one) => one.text);
      wrong.push(...told.map((one) => `${formatRef(refOf(sent))}, ${name}: ${one}`));
      for (const kind of kindsOf(disagreements)) tally.set(kind, (tally.get(kind) ?? 0) + 1);
    }
  }
  console.log(`merge: ${[...tally].map(([kind, times]) => `${times} ${kind}`).join(", ")}`);
  expect(wrong).toEqual([]);
  expect(tally.get("equal")).toBeGreaterThan(250);
}, 120_000);

interface Told {
  readonly kind: Disagreement | "refused";
  readonly text: string;
}

function kindsOf(told: readonly Told[]): readonly string[] {
  return told.length === 0 ? ["equal"] : [...new Set(told.map(({ kind }) => kind))];
}

async function compare(sent: KubeObject, api: Cluster, kinds: Kinds): Promise<readonly Told[]> {
  const address = addressOf(kindOf(sent, kinds), refOf(sent));
  // Controllers write meanwhile: only an answer about the state that was read counts.
  for (;;) {
    const live = await api.read(address, signal);
    if (live === undefined) throw new Error(`${formatRef(refOf(sent))} is not there`);
    const answer = await api.apply(address, sent, { dryRun: true }, signal);
    if (answer.kind === "refused") return [{ kind: "refused", text: answer.refusal.message }];
    if (answer.object.metadata.resourceVersion !== live.metadata.resourceVersion) continue;
    const predicted = mergePrediction(sent, live).object;
    return differences(content(predicted), content(answer.object)).map((one) => judge(one, sent, live));
  }
}

function judge({ path, before, after }: Difference, sent: KubeObject, live: KubeObject): Told {
  const text = `${formatPath(path)}: predicted ${JSON.stringify(before)}, the server says ${JSON.stringify(after)}`;
  const isDeclared = declaredAt(sent, path) !== undefined;
  const isOfAnother = authorOf(live, path) !== undefined;
  if (before === undefined && !isDeclared && !isOfAnother) return { kind: "default filled in", text };
  if (isEmpty(before) && isEmpty(after ?? null)) return { kind: "empty value spelled otherwise", text };
  if (FOLLOWING.some((field) => field.test(formatPath(path)))) return { kind: "field that follows another", text };
  return { kind: isWithin(before, after) ? "defaults inside a value" : "wrong", text };
}

function isEmpty(value: Json | undefined): boolean {
  if (isList(value)) return value.length === 0;
  return isMap(value) ? Object.keys(value).length === 0 : [null, "", 0, false].some((empty) => empty === value);
}

/** The second value is the first with more in its maps. */
function isWithin(part: Json | undefined, whole: Json | undefined): boolean {
  if (isMap(part) && isMap(whole)) return Object.keys(part).every((key) => isWithin(part[key], whole[key]));
  if (isList(part) && isList(whole))
    return part.length === whole.length && part.every((item, index) => isWithin(item, whole[index]));
  return sameJson(part, whole) || (whole === undefined && isEmpty(part));
}

function content(object: KubeObject): JsonMap {
  return without(comparable(withoutStatus(object)), ["status"]);
}

function toDesired(object: KubeObject, namespace: string, kinds: Kinds): KubeObject {
  const { namespaced } = kindOf(object, kinds);
  const metadata = namespaced ? { namespace, ...object.metadata } : object.metadata;
  return prepare(withoutStatus({ ...object, metadata }));
}

function kindOf(object: KubeObject, kinds: Kinds): NonNullable<ReturnType<typeof findKind>> {
  const kind = findKind(kinds, object.apiVersion, object.kind);
  if (kind === undefined) throw new Error(`${object.apiVersion} ${object.kind} is not served`);
  return kind;
}

async function corpus(namespace: string): Promise<string> {
  const folder = join(import.meta.dirname, "..", "flow", "corpus");
  const texts = ["cluster.yaml", "team.yaml"].map((file) => readFile(join(folder, file), "utf8"));
  return (await Promise.all(texts)).join("\n---\n").replaceAll("NAME", namespace);
}

/** Ours is applied first; then another manager adds fields, shares some, and somebody edits by hand. */
async function applyAll(text: string, namespace: string): Promise<void> {
  onTestFinished(async () => {
    await kubectl(["delete", "--ignore-not-found", "--wait=false", "-f", "-"], { input: text });
  });
  const isDefinition = ({ kind }: KubeObject): boolean => kind === "CustomResourceDefinition";
  const objects = parseManifests(text, "corpus.yaml").objects.map(({ object }) => object);
  await write(objects.filter(isDefinition), namespace);
  await kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"]);
  await write(
    objects.filter((object) => !isDefinition(object)),
    namespace,
  );
  const inNamespace = ["-n", namespace];
  await kubectl([...inNamespace, "apply", "--server-side", "--field-manager=mesh", "-f", "-"], { input: SIDECAR });
  await kubectl([...inNamespace, "label", "configmap,service,deployment", "--all", "edited=by-hand"]);
  const affinity = '{"spec":{"sessionAffinity":"ClientIP"}}';
  await kubectl([...inNamespace, "patch", "service", "web", "--type=merge", "-p", affinity]);
}

async function write(objects: readonly KubeObject[], namespace: string): Promise<void> {
  const api = await openCluster(namespace);
  const kinds = await api.kinds(signal);
  for (const object of objects) {
    const desired = toDesired(object, namespace, kinds);
    const address = addressOf(kindOf(desired, kinds), refOf(desired));
    const answer = await api.apply(address, desired, { dryRun: false }, signal);
    if (answer.kind === "refused") throw new Error(`${formatRef(refOf(desired))}: ${answer.refusal.message}`);
  }
}

const SIDECAR = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {mesh: "on"}}
spec:
  template:
    spec:
      containers:
        - {name: mesh, image: "mesh:1", env: [{name: LEVEL, value: info}]}
`;

async function openCluster(systemNamespace: string): Promise<Cluster> {
  const opened = await openAccess(
    { kubeconfig: cluster().kubeconfig, env: {}, readYaml: readOneDocument },
    { systemNamespace, clock: systemClock },
  );
  onTestFinished(() => opened.close());
  return opened.access.cluster;
}
