import { isMap, type Json } from "../model/json.ts";
import { apiVersionOf, type Address } from "../model/kind.ts";
import type { KubeObject } from "../model/object.ts";
import type { ClusterIdentity } from "../model/plan.ts";
import type { PatchOperation } from "../model/json-patch.ts";
import type { ApplyAnswer, ApplyOptions, Cluster, RemoveAnswer, RemoveOptions, Right } from "../ports.ts";
import { isAbsence, isSuccess, refusalOf, type Answer } from "./answer.ts";
import { discover } from "./discovery.ts";
import { objectEndpoint, withQuery } from "./endpoint.ts";
import { forbidden, unexpected } from "./failures.ts";
import { listObjects } from "./list.ts";
import { NAMESPACE } from "./system-name.ts";
import type { Transport } from "./transport.ts";

/** How we appear to the server. */
export interface ClusterOptions {
  /** The name under which the server records what we apply. */
  readonly fieldManager: string;
}

/** The cluster behind a transport. What the server refuses to write is a value; what it refuses to show is a Failure. */
export function createCluster(transport: Transport, { fieldManager }: ClusterOptions): Cluster {
  return {
    identify: (signal) => identify(transport, signal),
    kinds: (signal) => discover(transport, signal),
    list: (kind, selection, signal) => listObjects(transport, kind, selection, signal),
    read: (address, signal) => readObject(transport, address, signal),
    apply: (address, object, options, signal) =>
      applyObject(transport, { address, object, fieldManager, ...options }, signal),
    patch: (address, operations, options, signal) =>
      patchObject(transport, { address, operations, fieldManager, ...options }, signal),
    mayI: (right, signal) => mayI(transport, right, signal),
    remove: (address, options, signal) => removeObject(transport, address, options, signal),
    get requests() {
      return transport.requests;
    },
  };
}

async function identify(transport: Transport, signal: AbortSignal): Promise<ClusterIdentity> {
  const deed = "get /version";
  const [namespace, version] = await Promise.all([
    readObject(transport, { kind: NAMESPACE, name: "kube-system" }, signal),
    transport.send({ method: "GET", path: "/version", deed, repeatable: true }, signal),
  ]);
  const uid = namespace?.metadata.uid;
  if (uid === undefined) throw unexpected("get namespaces kube-system", 404, "there is no such namespace");
  if (version.status === 403) throw forbidden(deed);
  const text = isMap(version.json) ? version.json["gitVersion"] : undefined;
  if (!isSuccess(version) || typeof text !== "string") throw unexpected(deed, version.status);
  return { uid, version: text };
}

async function readObject(
  transport: Transport,
  address: Address,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  const { path, words } = objectEndpoint(address);
  const deed = `get ${words}`;
  const answer = await transport.send({ method: "GET", path, deed, repeatable: true }, signal);
  if (isAbsence(answer, address.name)) return undefined;
  if (answer.status === 403) throw forbidden(deed);
  if (answer.status === 404)
    throw unexpected(deed, 404, `the server does not serve ${apiVersionOf(address.kind)} ${address.kind.kind}`);
  return objectIn(answer, deed);
}

interface Application extends ApplyOptions {
  readonly address: Address;
  readonly object: KubeObject;
  readonly fieldManager: string;
}

async function applyObject(transport: Transport, apply: Application, signal: AbortSignal): Promise<ApplyAnswer> {
  const { path } = objectEndpoint(apply.address);
  const query = {
    fieldManager: apply.fieldManager,
    force: "true",
    fieldValidation: "Strict",
    dryRun: apply.dryRun ? "All" : undefined,
  };
  const body = { body: apply.object, contentType: "application/apply-patch+yaml" };
  return sendPatch(transport, apply.address, { path: withQuery(path, query), ...body }, signal);
}

interface Patching extends ApplyOptions {
  readonly address: Address;
  readonly operations: readonly PatchOperation[];
  readonly fieldManager: string;
}

// Repeatable because each patch names the version it was made for: a second one that finds the first done is refused.
async function patchObject(transport: Transport, patch: Patching, signal: AbortSignal): Promise<ApplyAnswer> {
  const { path } = objectEndpoint(patch.address);
  const query = { fieldManager: patch.fieldManager, dryRun: patch.dryRun ? "All" : undefined };
  const body = { body: patch.operations as unknown as Json, contentType: "application/json-patch+json" };
  return sendPatch(transport, patch.address, { path: withQuery(path, query), ...body }, signal);
}

async function sendPatch(
  transport: Transport,
  address: Address,
  { path, body, contentType }: { readonly path: string; readonly body: Json; readonly contentType: string },
  signal: AbortSignal,
): Promise<ApplyAnswer> {
  const deed = `patch ${objectEndpoint(address).words}`;
  const request = { method: "PATCH", path, deed, repeatable: true, body, contentType } as const;
  const answer = await transport.send(request, signal);
  if (!isSuccess(answer)) return { kind: "refused", refusal: refusalOf(answer) };
  const object = objectIn(answer, deed);
  return { kind: "accepted", object, created: answer.status === 201, warnings: answer.warnings };
}

const ACCESS_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

async function mayI(transport: Transport, right: Right, signal: AbortSignal): Promise<boolean> {
  const deed = "create selfsubjectaccessreviews.authorization.k8s.io";
  const { verb, group, resource, namespace } = right;
  const body = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: { verb, group, resource, ...(namespace !== undefined && { namespace }) } },
  };
  const answer = await transport.send({ method: "POST", path: ACCESS_REVIEWS, deed, repeatable: true, body }, signal);
  if (answer.status === 403) throw forbidden(deed);
  const status = isMap(answer.json) ? answer.json["status"] : undefined;
  if (!isSuccess(answer) || !isMap(status)) throw unexpected(deed, answer.status);
  return status["allowed"] === true;
}

async function removeObject(
  transport: Transport,
  address: Address,
  options: RemoveOptions,
  signal: AbortSignal,
): Promise<RemoveAnswer> {
  const { path, words } = objectEndpoint(address);
  // A body makes the server ignore `?dryRun=All`, so everything stands in the body.
  const body = {
    apiVersion: "v1",
    kind: "DeleteOptions",
    preconditions: { uid: options.uid },
    propagationPolicy: options.propagation,
    ...(options.dryRun ? { dryRun: ["All"] } : {}),
  };
  // The uid makes it repeatable: an object made anew under the same name is refused.
  const request = { method: "DELETE", path, deed: `delete ${words}`, repeatable: true, body } as const;
  const answer = await transport.send(request, signal);
  if (isAbsence(answer, address.name)) return { kind: "absent" };
  return isSuccess(answer) ? { kind: "removed" } : { kind: "refused", refusal: refusalOf(answer) };
}

function objectIn(answer: Answer, deed: string): KubeObject {
  if (!isSuccess(answer) || !isMap(answer.json) || !isMap(answer.json["metadata"]))
    throw unexpected(deed, answer.status);
  return answer.json as KubeObject;
}
