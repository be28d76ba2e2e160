import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseJson, type Json } from "../../src/model/json.ts";
import { addressOf, findKind, type Address, type Kinds } from "../../src/model/kind.ts";
import { refOf, type KubeObject } from "../../src/model/object.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import type { Cluster } from "../../src/ports.ts";
import { declared, withoutStatus } from "../../src/diff/comparable.ts";
import { refusalOf } from "../../src/kube/answer.ts";
import { openAccess } from "../../src/kube/access.ts";
import { checkStoredSize } from "../../src/manifest/object-size.ts";
import { parseManifests } from "../../src/manifest/parse.ts";
import { systemClock } from "../../src/system/clock.ts";
import { apiOf } from "../cluster/api.ts";
import { startControlPlane, type ControlPlane } from "../cluster/control-plane.ts";
import { freePorts } from "../cluster/free-ports.ts";
import { wait } from "../cluster/wait.ts";
import { refusalTable, type Answer, type Answers } from "../diff/refusal-table.ts";
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from "../kube/loopback-certificate.ts";
import { ROWS, type Row } from "./refusal-rows.ts";
import { DEAD_GROUP, DEFINITION, LIVE, OLD_WEBHOOK, POLICIES, SCENE, verdict, webhooks } from "./refusal-scene.ts";

// Every way in which the API server refuses, provoked on a real one. Its answers are recorded for the fast test of the
// same table (test/diff/refused.test.ts); `vitest -u` records them anew. The scene would disturb every other test, so it has
// a control plane of its own.
const ANSWERS = join(import.meta.dirname, "../diff/answers");
const SIGNAL = new AbortController().signal;

let plane: ControlPlane;
let hooks: Server;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  plane = await startControlPlane({ controllers: false, users: [{ name: "limited", groups: [] }], say: () => {} });
  hooks = createServer({ cert: LOOPBACK_CERTIFICATE, key: LOOPBACK_KEY }, (request, response) => {
    void textOf(request).then((text) => {
      const answer = verdict((request.url ?? "").replace(/^\/|\?.*$/g, ""));
      if (answer === undefined) return;
      const review = JSON.parse(text) as { apiVersion: string; kind: string; request: { uid: string } };
      const { apiVersion, kind, request: asked } = review;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ apiVersion, kind, response: { uid: asked.uid, ...answer } }));
    });
  });
  hooks.listen(0, "127.0.0.1");
  await once(hooks, "listening");
  await setScene();
});
afterAll(async () => {
  for (const end of ends) await end();
  hooks?.closeAllConnections();
  hooks?.close();
  await plane?.[Symbol.asyncDispose]();
});

async function setScene(): Promise<void> {
  kubectl(["apply", "-f", "-"], `${SCENE}---\n${DEFINITION}`);
  kubectl(["wait", "--for=condition=Established", "crd", "--all"]);
  const server = `https://127.0.0.1:${(hooks.address() as AddressInfo).port}`;
  const [port] = await freePorts();
  const nowhere = `https://127.0.0.1:${port}`;
  kubectl(["apply", "-f", "-"], POLICIES + webhooks({ server, nowhere, caFile: plane.caFile }) + "---" + DEAD_GROUP);
  await storeOldWebhook();
  // Nobody counts here, so the quota is told what is used.
  const status = {
    hard: { "requests.cpu": "1", "count/deployments.apps": "0" },
    used: { "requests.cpu": "0", "count/deployments.apps": "0" },
  };
  const patch = ["--subresource=status", "--type=merge", "-p", JSON.stringify({ status })];
  kubectl(["-n", "small", "patch", "resourcequota", "q", ...patch]);
  const { cluster, kinds } = await connect("admin");
  for (const { object } of Object.values(LIVE).flatMap((text) => parseManifests(text, "live.yaml").objects)) {
    const answer = await cluster.apply(placeOf(object, kinds), object, { dryRun: false }, SIGNAL);
    if (answer.kind === "refused") throw new Error(`${object.kind}: ${answer.refusal.message}`);
  }
  // Nobody empties it, so it stays as it is.
  kubectl(["delete", "namespace", "ending", "--wait=false"]);
}

/** Writes past the API server, as an older one would have left it. */
async function storeOldWebhook(): Promise<void> {
  const pid = plane.pids()["etcd"];
  const url = /--listen-client-urls=([^\0]*)/.exec(readFileSync(`/proc/${pid}/cmdline`, "utf8"))?.[1];
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const key = `/registry/validatingwebhookconfigurations/${OLD_WEBHOOK.metadata.name}`;
  const body = JSON.stringify({ key: base64(key), value: base64(JSON.stringify(OLD_WEBHOOK)) });
  const { ok, status } = await fetch(`${url}/v3/kv/put`, { method: "POST", body });
  if (!ok) throw new Error(`etcd answered ${status}`);
}

function kubectl(args: readonly string[], input = ""): string {
  const env = { KUBECONFIG: plane.kubeconfig, KUBECACHEDIR: "/dev/null/none" };
  const { status, stdout, stderr } = spawnSync(plane.tools.kubectl, args, { env, input, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

interface Connected {
  readonly cluster: Cluster;
  readonly kinds: Kinds;
}

const connected = new Map<string, Promise<Connected>>();

function connect(user: string): Promise<Connected> {
  const open = async (): Promise<Connected> => {
    const kubeconfig = await plane.kubeconfigFor(user);
    const opened = await openAccess({ kubeconfig, env: {} }, { systemNamespace: "default", clock: systemClock });
    ends.push(() => opened.close());
    const { cluster } = opened.access;
    return { cluster, kinds: await cluster.kinds(SIGNAL) };
  };
  const existing = connected.get(user) ?? open();
  connected.set(user, existing);
  return existing;
}

function placeOf(object: KubeObject, kinds: Kinds, to: Row["to"] = {}): Address {
  const kind = to.kind ?? findKind(kinds, object.apiVersion, object.kind);
  if (kind === undefined) throw new Error(`${object.kind}: not served`);
  const { name, namespace } = { ...refOf(object), ...to };
  return addressOf(kind, { name, ...(namespace !== undefined && { namespace }) });
}

function objectOf(text: string): KubeObject {
  const { objects, problems } = parseManifests(text, "row.yaml");
  if (objects[0] === undefined) throw new Error(problems.map(({ message }) => message).join("; "));
  return objects[0].object;
}

/** Policies, webhooks and rights take a moment to be in force, so what is accepted is tried again. */
async function provoke(row: Row): Promise<Answer> {
  const { cluster, kinds } = await connect(row.as ?? "admin");
  const object = objectOf(row.object);
  const address = placeOf(object, kinds, row.to);
  let refusal: Refusal | undefined;
  const isRefused = async (): Promise<boolean> => {
    const before = cluster.requests;
    const answer = await cluster.apply(address, object, { dryRun: row.really !== true }, SIGNAL);
    if (answer.kind === "accepted") return false;
    // What the author has to mend is never sent twice.
    expect(cluster.requests - before, `requests of "${row.name}"`).toBe(1);
    refusal = answer.refusal;
    return true;
  };
  await wait({ what: `"${row.name}" refused`, within: 20_000, of: [], until: isRefused });
  if (refusal === undefined) throw new Error("unreachable");
  return toAnswer(object, refusal, await readLive(row, address));
}

async function readLive(row: Row, address: Address): Promise<KubeObject | undefined> {
  if (row.to !== undefined) return undefined;
  const { cluster } = await connect("admin");
  return cluster.read(address, SIGNAL);
}

const LONGEST_RECORDED = 20_000;

function toAnswer(object: KubeObject, refusal: Refusal, live?: KubeObject): Answer {
  const isSmall = JSON.stringify(object).length < LONGEST_RECORDED;
  return {
    ref: refOf(object),
    refusal: steady(refusal),
    ...(isSmall && { sent: object }),
    ...(live && { live: liveForm(live) }),
  };
}

/** What Git could declare of a live object: enough to name and suggest fields. */
function liveForm(live: KubeObject): KubeObject {
  const { apiVersion, kind } = live;
  return steady({ apiVersion, kind, ...declared(withoutStatus(live)), metadata: nameOf(live) });
}

function nameOf({ metadata: { name, namespace } }: KubeObject): KubeObject["metadata"] {
  return { name, ...(namespace !== undefined && { namespace }) };
}

/** Without what differs from run to run. */
function steady<Value>(value: Value): Value {
  const text = JSON.stringify(value)
    .replaceAll(/127\.0\.0\.1:\d{4,5}/g, "127.0.0.1:8443")
    .replaceAll(/\[::1\]:\d+/g, "[::1]:8443")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "00000000-0000-4000-8000-000000000000")
    .replaceAll(/kube-api-access-\w{5}/g, "kube-api-access-00000")
    .replaceAll(/current time \S+ is (?:before|after) \S+/g, "current time is out of range");
  return JSON.parse(text) as Value;
}

async function expectRecorded(subject: string, answers: Answers): Promise<void> {
  await expect(`${JSON.stringify(answers, undefined, 2)}\n`).toMatchFileSnapshot(join(ANSWERS, `${subject}.json`));
  await expect(refusalTable(answers)).toMatchFileSnapshot(join(ANSWERS, `${subject}.txt`));
}

describe("what a real API server refuses is told with its own code, by one request", () => {
  test.each(Object.entries(ROWS))("%s", async (subject, rows) => {
    const answers: Record<string, Answer> = {};
    for (const row of rows) answers[row.name] = await provoke(row);
    await expectRecorded(subject, answers);
  });
});

/** What our port never sends, or what it does not hand on: asked as it stands. */
async function ask(method: string, path: string, value?: Json): Promise<Refusal> {
  const api = apiOf({ server: plane.server, caFile: plane.caFile, token: plane.tokenFor("admin") });
  const type = method === "PATCH" ? "application/apply-patch+yaml" : "application/json";
  const { status, text } = await api.call(method, path, value === undefined ? undefined : { type, value });
  const json = text.startsWith("{") ? parseJson(text) : undefined;
  return refusalOf({ status, json, text: json === undefined ? text : "", warnings: [] });
}

test("what somebody else did meanwhile is told apart", async () => {
  const object = objectOf(
    `{apiVersion: v1, kind: ConfigMap, metadata: {name: there, namespace: shop}, data: {a: "2"}}`,
  );
  const { cluster, kinds } = await connect("admin");
  const address = placeOf(object, kinds);
  const stale = { ...object, metadata: { ...object.metadata, resourceVersion: "1" } };
  const gone = {
    ...object,
    metadata: { ...object.metadata, name: "absent", uid: "11111111-1111-4111-8111-111111111111" },
  };
  const options = { dryRun: true } as const;
  const refused = async (answer: ReturnType<Cluster["apply"]> | ReturnType<Cluster["remove"]>): Promise<Refusal> => {
    const { kind, ...rest } = await answer;
    if (kind !== "refused") throw new Error(kind);
    return (rest as { refusal: Refusal }).refusal;
  };
  const path = "/api/v1/namespaces/shop/configmaps";
  const patch = [{ op: "replace", path: "/metadata/resourceVersion", value: "1" }] as const;
  await expectRecorded("conflicts", {
    "an old version applied": toAnswer(stale, await refused(cluster.apply(address, stale, options, SIGNAL))),
    "an old version patched": toAnswer(object, await refused(cluster.patch(address, patch, options, SIGNAL))),
    "a uid that is gone": toAnswer(
      gone,
      await refused(cluster.apply({ ...address, name: "absent" }, gone, options, SIGNAL)),
    ),
    "another object removed": toAnswer(
      object,
      await refused(
        cluster.remove(
          address,
          { ...options, uid: "11111111-1111-4111-8111-111111111111", propagation: "Background" },
          SIGNAL,
        ),
      ),
    ),
    "created twice": toAnswer(object, await ask("POST", path, object)),
    "fields of others": toAnswer(object, await ask("PATCH", `${path}/there?fieldManager=other&dryRun=All`, object)),
  });
});

test("a group that does not answer is told as such", async () => {
  const text = "{apiVersion: dead.example.com/v1, kind: Gadget, metadata: {name: g, namespace: shop}}";
  const object = objectOf(text);
  const path = "/apis/dead.example.com/v1/namespaces/shop/gadgets/g?fieldManager=plumbline&dryRun=All";
  let refusal = await ask("PATCH", path, object);
  const isDead = async (): Promise<boolean> => (
    (refusal = await ask("PATCH", path, object)),
    refusal.httpStatus === 503
  );
  await wait({ what: "group dead", within: 20_000, of: [], until: isDead });
  await expectRecorded("groups", { "a group that does not answer": toAnswer(object, refusal) });
});

test("an object is called too large exactly when the store refuses it, although a dry-run accepts it", async () => {
  const { cluster, kinds } = await connect("admin");
  const sized = (length: number): KubeObject =>
    objectOf(
      `{apiVersion: shop.example.com/v1, kind: Widget, metadata: {name: huge, namespace: shop}, spec: {text: ${"x".repeat(length)}}}`,
    );
  const fits = async (
    length: number,
    dryRun: boolean,
  ): Promise<{ readonly said: boolean; readonly accepted: boolean }> => {
    const object = sized(length);
    const answer = await cluster.apply(placeOf(object, kinds), object, { dryRun }, SIGNAL);
    const said = answer.kind === "accepted" && checkStoredSize(answer.object, undefined).length === 0;
    return { said, accepted: answer.kind === "accepted" };
  };
  let [low, high] = [1_500_000, 1_600_000];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((await fits(middle, true)).said) low = middle;
    else high = middle;
  }
  expect(await fits(low + 1, true)).toEqual({ said: false, accepted: true });
  expect((await fits(low + 1, false)).accepted).toBe(false);
  expect((await fits(low, false)).accepted).toBe(true);
});
