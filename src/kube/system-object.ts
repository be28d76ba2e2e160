import { isMap } from "../model/json.ts";
import type { Address, KubeKind } from "../model/kind.ts";
import type { KubeObject } from "../model/object.ts";
import { isAbsence, isSuccess, refusalOf, type Answer } from "./answer.ts";
import { collectionEndpoint, objectEndpoint, withQuery } from "./endpoint.ts";
import { forbidden, unexpected } from "./failures.ts";
import { NAMESPACE, SYSTEM_LABELS } from "./system-name.ts";
import type { Transport } from "./transport.ts";

/** `conflict`: somebody else wrote it, made it or removed it since it was read; nothing was written. */
export type Written = { readonly kind: "written"; readonly object: KubeObject } | { readonly kind: "conflict" };

/**
 * One object of ours, written with compare-and-swap only. Every call throws Failure `cluster-forbidden` where RBAC does not let us.
 * Writes are sent once: after `cluster-unreachable` the object may or may not be written, and only a new read can tell.
 */
export interface SystemObject {
  read(signal: AbortSignal): Promise<KubeObject | undefined>;
  /** Makes the namespace as well when it is missing. */
  create(object: KubeObject, signal: AbortSignal): Promise<Written>;
  /** `object.metadata.resourceVersion` is the one that was read. */
  replace(object: KubeObject, signal: AbortSignal): Promise<Written>;
}

/** The object of ours at an address, whether it exists or not. */
export function systemObject(transport: Transport, address: Address & { readonly namespace: string }): SystemObject {
  const { path, words } = objectEndpoint(address);
  return {
    async read(signal) {
      const answer = await transport.send({ method: "GET", path, deed: `get ${words}`, repeatable: true }, signal);
      return isAbsence(answer, address.name) ? undefined : objectIn(answer, `get ${words}`);
    },
    async create(object, signal) {
      const first = await post(transport, address, object, signal);
      if (!lacksNamespace(first)) return written(first, `create ${words}`);
      await createNamespace(transport, address.namespace, signal);
      return written(await post(transport, address, object, signal), `create ${words}`);
    },
    async replace(object, signal) {
      const request = {
        method: "PUT",
        path: managed(path),
        deed: `update ${words}`,
        repeatable: false,
        body: object,
      } as const;
      const answer = await transport.send(request, signal);
      return isAbsence(answer, address.name) ? { kind: "conflict" } : written(answer, `update ${words}`);
    },
  };
}

function post(
  transport: Transport,
  { kind, namespace, name }: { readonly kind: KubeKind; readonly namespace?: string; readonly name: string },
  object: KubeObject,
  signal: AbortSignal,
): Promise<Answer> {
  const { path, words } = collectionEndpoint(kind, namespace);
  const deed = `create ${words} (${name})`;
  return transport.send({ method: "POST", path: managed(path), deed, repeatable: false, body: object }, signal);
}

async function createNamespace(transport: Transport, name: string, signal: AbortSignal): Promise<void> {
  const object = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: SYSTEM_LABELS } };
  const answer = await post(transport, { kind: NAMESPACE, name }, object, signal);
  written(answer, `create namespaces ${name}`);
}

function lacksNamespace(answer: Answer): boolean {
  return answer.status === 404 && refusalOf(answer).kind === "namespaces";
}

function written(answer: Answer, deed: string): Written {
  // AlreadyExists for a POST, Conflict for a PUT with an old resourceVersion.
  if (answer.status === 409) return { kind: "conflict" };
  return { kind: "written", object: objectIn(answer, deed) };
}

function objectIn(answer: Answer, deed: string): KubeObject {
  const refusal = refusalOf(answer);
  if (answer.status === 403 && isTerminating(answer)) throw unexpected(deed, 403, "the namespace is being deleted");
  if (answer.status === 403) throw forbidden(deed);
  if (!isSuccess(answer) || !isMap(answer.json)) throw unexpected(deed, answer.status, refusal.reason || undefined);
  return answer.json as KubeObject;
}

function isTerminating(answer: Answer): boolean {
  return refusalOf(answer).causes.some((cause) => cause.reason === "NamespaceTerminating");
}

function managed(path: string): string {
  return withQuery(path, { fieldManager: "plumbline" });
}
