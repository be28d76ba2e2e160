import { createHash } from "node:crypto";
import type { Certainty } from "../model/change.ts";
import { sameJson } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import { refKey, type Ref } from "../model/ref.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Cluster } from "../ports.ts";
import type { Desired } from "./desired.ts";
import { IN_FLIGHT, mapLimit } from "./parallel.ts";

/** What the API server would make of a desired object. */
export type Prediction =
  | {
      readonly kind: "predicted";
      readonly object: KubeObject;
      readonly warnings: readonly string[];
      readonly certainty: Certainty;
      readonly because?: string;
    }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export interface Predictions {
  readonly base: ReadonlyMap<string, Prediction>;
  readonly head: ReadonlyMap<string, Prediction>;
  /** The live object in the version that base uses, where head uses another. */
  readonly liveAsBase: ReadonlyMap<string, KubeObject>;
}

export interface PredictRequest {
  readonly cluster: Cluster;
  readonly base: readonly Desired[];
  readonly head: readonly Desired[];
  /** Ref keys that exist and may be looked at; base is predicted only where something is live. */
  readonly live: ReadonlySet<string>;
  /** Ref keys that are left alone: not ours, or unreadable. */
  readonly skip: ReadonlySet<string>;
  /** Namespaces that come with this change, or with another app of the same run. */
  readonly comingNamespaces: ReadonlySet<string>;
}

/** Dry-runs head, and base wherever it differs from head: each prediction is one request. */
export async function predict(request: PredictRequest, signal: AbortSignal): Promise<Predictions> {
  const wanted = ({ ref }: Desired): boolean => !request.skip.has(refKey(ref));
  const head = await predictAll(request.head.filter(wanted), request, signal);
  const headObjects = new Map(request.head.map(({ ref, object }) => [refKey(ref), object]));
  const isOther = ({ ref, object }: Desired): boolean => !sameJson(object, headObjects.get(refKey(ref)));
  const others = request.base.filter((desired) => wanted(desired) && request.live.has(refKey(desired.ref)));
  const base = await predictAll(others.filter(isOther), request, signal);
  const shared = others.filter((desired) => !isOther(desired)).flatMap(({ ref }) => entryOf(head, refKey(ref)));
  const versions = new Map(request.head.map(({ ref, object }) => [refKey(ref), object.apiVersion]));
  const moved = others.filter(
    ({ ref, object }) => versions.has(refKey(ref)) && versions.get(refKey(ref)) !== object.apiVersion,
  );
  return {
    head,
    base: new Map([...base, ...shared]),
    liveAsBase: await readAll(moved, request.cluster, signal),
  };
}

async function readAll(
  desired: readonly Desired[],
  cluster: Cluster,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KubeObject>> {
  const entries = await mapLimit(desired, IN_FLIGHT, async ({ ref, address }) => {
    const object = address && (await cluster.read(address, signal));
    return object === undefined ? [] : [[refKey(ref), object] as const];
  });
  return new Map(entries.flat());
}

function entryOf(map: ReadonlyMap<string, Prediction>, key: string): readonly (readonly [string, Prediction])[] {
  const prediction = map.get(key);
  return prediction === undefined ? [] : [[key, prediction]];
}

async function predictAll(
  desired: readonly Desired[],
  request: PredictRequest,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Prediction>> {
  const entries = await mapLimit(desired, IN_FLIGHT, async (entry) => {
    return [refKey(entry.ref), await predictOne(entry, request, signal)] as const;
  });
  return new Map(entries);
}

async function predictOne(desired: Desired, request: PredictRequest, signal: AbortSignal): Promise<Prediction> {
  if (desired.address === undefined) return offline(desired, "its kind comes with this change");
  const { namespace } = desired.ref;
  const answer = await dryRun(desired, request.cluster, signal);
  if (answer.kind === "predicted" || namespace === undefined || !isMissingNamespace(answer.refusal)) return answer;
  return request.comingNamespaces.has(namespace) ? surrogate(desired, request.cluster, signal) : answer;
}

async function dryRun(desired: Desired, cluster: Cluster, signal: AbortSignal): Promise<Prediction> {
  if (desired.address === undefined) return offline(desired, "its kind is not served");
  const answer = await cluster.apply(desired.address, desired.object, { dryRun: true }, signal);
  if (answer.kind === "refused") return answer;
  return { kind: "predicted", object: answer.object, warnings: answer.warnings, certainty: "server" };
}

/** The namespace that is there on every cluster. */
const SURROGATE_NAMESPACE = "default";

// Catches schema errors and most of admission; quotas, Pod Security and namespace-selected policies of the real
// namespace are not seen, which is why the certainty says so.
async function surrogate(desired: Desired, cluster: Cluster, signal: AbortSignal): Promise<Prediction> {
  const name = `plumbline-${createHash("sha256").update(refKey(desired.ref)).digest("hex").slice(0, 16)}`;
  const metadata = { ...desired.object.metadata, name, namespace: SURROGATE_NAMESPACE };
  const stand = { ...desired, object: { ...desired.object, metadata } };
  const address = desired.address && { ...desired.address, name, namespace: SURROGATE_NAMESPACE };
  const answer = await dryRun({ ...stand, ...(address && { address }) }, cluster, signal);
  const because = `its namespace ${desired.ref.namespace ?? ""} comes with this change; dry-run in ${SURROGATE_NAMESPACE}`;
  if (answer.kind === "refused") {
    const standIn = { name, ref: desired.ref };
    return isOfPlace(answer.refusal)
      ? offline(desired, because)
      : { ...answer, refusal: inItsName(answer.refusal, standIn) };
  }
  return { ...answer, object: desired.object, certainty: "surrogate", because };
}

function isMissingNamespace({ httpStatus, kind }: Refusal): boolean {
  return httpStatus === 404 && kind === "namespaces";
}

/** Quotas, limits, Pod Security, accounts and our own rights differ from namespace to namespace. */
function isOfPlace({ httpStatus }: Refusal): boolean {
  return httpStatus === 403;
}

/** The refusal of a stand-in, as if the object itself had been refused. */
function inItsName(refusal: Refusal, standIn: { readonly name: string; readonly ref: Ref }): Refusal {
  const named = (text: string): string =>
    text
      .replaceAll(`${SURROGATE_NAMESPACE}/${standIn.name}`, `${standIn.ref.namespace ?? ""}/${standIn.ref.name}`)
      .replaceAll(standIn.name, standIn.ref.name);
  const causes = refusal.causes.map((cause) => ({ ...cause, message: named(cause.message) }));
  return { ...refusal, message: named(refusal.message), causes };
}

function offline(desired: Desired, because: string): Prediction {
  return { kind: "predicted", object: desired.object, warnings: [], certainty: "offline", because };
}
