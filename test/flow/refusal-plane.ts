import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { parseJson, type Json } from "../../src/model/json.ts";
import { addressOf, findKind, type Address, type Kinds } from "../../src/model/kind.ts";
import { refOf, type KubeObject } from "../../src/model/object.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import type { Cluster } from "../../src/ports.ts";
import { openAccess } from "../../src/kube/access.ts";
import { refusalOf } from "../../src/kube/answer.ts";
import { parseManifests } from "../../src/manifest/parse.ts";
import { systemClock } from "../../src/system/clock.ts";
import { readOneDocument } from "../../src/manifest/one-document.ts";
import { apiOf } from "../cluster/api.ts";
import { startControlPlane, type ControlPlane } from "../cluster/control-plane.ts";
import { freePorts } from "../cluster/free-ports.ts";
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from "../kube/loopback-certificate.ts";
import type { Row } from "./refusal-rows.ts";
import { DEAD_GROUP, DEFINITION, LIVE, OLD_WEBHOOK, POLICIES, SCENE, verdict, webhooks } from "./refusal-scene.ts";

const SIGNAL = new AbortController().signal;

/** A cluster as one user sees it. */
export interface Connected {
  readonly cluster: Cluster;
  readonly kinds: Kinds;
}

/** A control plane with everything in it that an API server can refuse something for. */
export interface RefusalPlane extends AsyncDisposable {
  connect(user: string): Promise<Connected>;
  /** What our port never sends, or does not hand on: asked as it stands. */
  ask(method: string, path: string, value?: Json): Promise<Refusal>;
}

/** The scene would disturb every other test, so it has a control plane of its own. Nobody else acts in it. */
export async function startRefusalPlane(): Promise<RefusalPlane> {
  await using stack = new AsyncDisposableStack();
  const users = [{ name: "limited", groups: [] }];
  const plane = stack.use(await startControlPlane({ controllers: false, users, say: () => {} }));
  const hooks = await startHooks();
  stack.defer(() => {
    hooks.closeAllConnections();
    hooks.close();
  });
  const connected = new Map<string, Promise<Connected>>();
  const open = async (user: string): Promise<Connected> => {
    const kubeconfig = await plane.kubeconfigFor(user);
    const opened = await openAccess(
      { kubeconfig, env: {}, readYaml: readOneDocument },
      { systemNamespace: "default", clock: systemClock },
    );
    ends.defer(() => opened.close());
    const { cluster } = opened.access;
    return { cluster, kinds: await cluster.kinds(SIGNAL) };
  };
  const ends = stack.use(new AsyncDisposableStack());
  const connect = (user: string): Promise<Connected> => {
    const existing = connected.get(user) ?? open(user);
    connected.set(user, existing);
    return existing;
  };
  await setScene(plane, hooks);
  await fill(await connect("admin"));
  // Nobody empties it, so it stays as it is.
  kubectl(plane, ["delete", "namespace", "ending", "--wait=false"]);
  const owned = stack.move();
  return { connect, ask: (...request) => ask(plane, ...request), [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** The first object of a text. */
export function objectOf(text: string): KubeObject {
  const { objects, problems } = parseManifests(text, "row.yaml");
  if (objects[0] === undefined) throw new Error(problems.map(({ message }) => message).join("; "));
  return objects[0].object;
}

/** Where an object is sent. */
export function placeOf(object: KubeObject, kinds: Kinds, to: Row["to"] = {}): Address {
  const kind = to.kind ?? findKind(kinds, object.apiVersion, object.kind);
  if (kind === undefined) throw new Error(`${object.kind}: not served`);
  const { name, namespace } = { ...refOf(object), ...to };
  return addressOf(kind, { name, ...(namespace !== undefined && { namespace }) });
}

async function startHooks(): Promise<Server> {
  const hooks = createServer({ cert: LOOPBACK_CERTIFICATE, key: LOOPBACK_KEY }, (request, response) => {
    void answerReview(request, response);
  });
  hooks.listen(0, "127.0.0.1");
  await once(hooks, "listening");
  return hooks;
}

async function answerReview(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const review = JSON.parse(await textOf(request)) as { apiVersion: string; kind: string; request: { uid: string } };
  const answer = verdict((request.url ?? "").replaceAll(/^\/|\?.*$/g, ""));
  if (answer === undefined) return;
  const { apiVersion, kind, request: asked } = review;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ apiVersion, kind, response: { uid: asked.uid, ...answer } }));
}

async function setScene(plane: ControlPlane, hooks: Server): Promise<void> {
  kubectl(plane, ["apply", "-f", "-"], `${SCENE}---\n${DEFINITION}`);
  kubectl(plane, ["wait", "--for=condition=Established", "crd", "--all"]);
  const server = `https://127.0.0.1:${(hooks.address() as AddressInfo).port}`;
  const [port] = await freePorts();
  const configured = webhooks({ server, nowhere: `https://127.0.0.1:${port}`, caFile: plane.caFile });
  kubectl(plane, ["apply", "-f", "-"], `${POLICIES}${configured}---${DEAD_GROUP}`);
  await storeOldWebhook(plane);
  // Nobody counts here, so the quota is told what is used.
  const hard = { "requests.cpu": "1", "count/deployments.apps": "0" };
  const used = { "requests.cpu": "0", "count/deployments.apps": "0" };
  const patch = ["--subresource=status", "--type=merge", "-p", JSON.stringify({ status: { hard, used } })];
  kubectl(plane, ["-n", "small", "patch", "resourcequota", "q", ...patch]);
}

/** Writes past the API server, as an older one would have left it. */
async function storeOldWebhook(plane: ControlPlane): Promise<void> {
  const pid = plane.pids()["etcd"];
  const url = /--listen-client-urls=([^\0]*)/.exec(readFileSync(`/proc/${pid}/cmdline`, "utf8"))?.[1];
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const key = `/registry/validatingwebhookconfigurations/${OLD_WEBHOOK.metadata.name}`;
  const body = JSON.stringify({ key: base64(key), value: base64(JSON.stringify(OLD_WEBHOOK)) });
  const { ok, status } = await fetch(`${url}/v3/kv/put`, { method: "POST", body });
  if (!ok) throw new Error(`etcd answered ${status}`);
}

async function fill({ cluster, kinds }: Connected): Promise<void> {
  for (const text of Object.values(LIVE)) {
    const object = objectOf(text);
    const answer = await cluster.apply(placeOf(object, kinds), object, { dryRun: false }, SIGNAL);
    if (answer.kind === "refused") throw new Error(`${object.kind}: ${answer.refusal.message}`);
  }
}

async function ask(plane: ControlPlane, method: string, path: string, value?: Json): Promise<Refusal> {
  const api = apiOf({ server: plane.server, caFile: plane.caFile, token: plane.tokenFor("admin") });
  const type = method === "PATCH" ? "application/apply-patch+yaml" : "application/json";
  const { status, text } = await api.call(method, path, value === undefined ? undefined : { type, value });
  const json = text.startsWith("{") ? parseJson(text) : undefined;
  return refusalOf({ status, json, text: json === undefined ? text : "", warnings: [] });
}

function kubectl({ kubeconfig, tools }: ControlPlane, args: readonly string[], input = ""): void {
  const env = { KUBECONFIG: kubeconfig, KUBECACHEDIR: "/dev/null/none" };
  const { status, stderr } = spawnSync(tools.kubectl, args, { env, input, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}
