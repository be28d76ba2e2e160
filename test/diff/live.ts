import { findKind, addressOf, type Address } from "../../src/model/kind.ts";
import { isMap, type Json } from "../../src/model/json.ts";
import { without } from "../../src/diff/comparable.ts";
import type { KubeObject, ManagedFields } from "../../src/model/object.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import type { ApplyAnswer, Cluster } from "../../src/ports.ts";
import { absorbed } from "../../src/diff/absorbed.ts";
import { ownershipPatch, predictionPatch } from "../../src/diff/migration.ts";
import { vanishing } from "../../src/diff/vanishing.ts";
import { createCluster } from "../../src/kube/cluster.ts";
import { adminTransport } from "../kube/real-transport.ts";
import { QUIET } from "../kube/loopback.ts";

/** One object of the real cluster, and what we can do to it. */
export interface LiveObject {
  read(): Promise<KubeObject>;
  /** Without moving any ownership. */
  dryRun(desired: KubeObject): Promise<ApplyAnswer>;
  apply(desired: KubeObject): Promise<ApplyAnswer>;
  /** What moving ownership and applying would make of it, without doing it. */
  predict(desired: KubeObject, options: { readonly adopting: boolean }): Promise<ApplyAnswer>;
  /** What asking and moving ownership answer when somebody writes between the look and them. */
  staleWrites(write: () => Promise<void>): Promise<readonly ApplyAnswer[]>;
  /** Moves ownership and applies. */
  migrate(desired: KubeObject, options: { readonly adopting: boolean }): Promise<ApplyAnswer>;
}

export async function adminCluster(): Promise<Cluster> {
  return createCluster(await adminTransport(), { fieldManager: "plumbline" });
}

/** The live object that an object of Git means. */
export async function liveObject(cluster: Cluster, object: KubeObject): Promise<LiveObject> {
  const kind = findKind(await cluster.kinds(QUIET), object.apiVersion, object.kind);
  if (kind === undefined) throw new Error(`${object.apiVersion} ${object.kind} is not served`);
  const address = addressOf(kind, object.metadata);
  const read = async (): Promise<KubeObject> => {
    const live = await cluster.read(address, QUIET);
    if (live === undefined) throw new Error(`${object.kind} ${object.metadata.name} is not there`);
    return live;
  };
  return {
    read,
    dryRun: (desired) => cluster.apply(address, desired, { dryRun: true }, QUIET),
    apply: (desired) => cluster.apply(address, desired, { dryRun: false }, QUIET),
    predict: (desired, options) =>
      unraced(async () => {
        const live = await read();
        return predicted(cluster, { address, live, desired, entries: absorbed(live, options) });
      }),
    staleWrites: async (write) => {
      const live = await read();
      const entries = absorbed(live, { adopting: false });
      await write();
      return [
        await cluster.patch(address, predictionPatch(live, live), { dryRun: true }, QUIET),
        await cluster.patch(address, ownershipPatch(live, entries), { dryRun: false }, QUIET),
      ];
    },
    migrate: async (desired, options) => {
      const moved = await unraced(async () => {
        const live = await read();
        return cluster.patch(address, ownershipPatch(live, absorbed(live, options)), { dryRun: false }, QUIET);
      });
      return moved.kind === "refused" ? moved : cluster.apply(address, desired, { dryRun: false }, QUIET);
    },
  };
}

interface Move {
  readonly address: Address;
  readonly live: KubeObject;
  readonly desired: KubeObject;
  readonly entries: readonly ManagedFields[];
}

async function predicted(cluster: Cluster, { address, live, desired, entries }: Move): Promise<ApplyAnswer> {
  const plain = await cluster.apply(address, desired, { dryRun: true }, QUIET);
  if (plain.kind === "refused") return plain;
  if (plain.object.metadata.resourceVersion !== live.metadata.resourceVersion) return RACED;
  const wanted = vanishing(plain.object, live, entries);
  return cluster.patch(address, predictionPatch(live, wanted), { dryRun: true }, QUIET);
}

const RACED: ApplyAnswer = {
  kind: "refused",
  refusal: { httpStatus: 409, reason: "Conflict", message: "the object changed meanwhile", causes: [] },
};

/** Controllers write status whenever they like. */
async function unraced(attempt: () => Promise<ApplyAnswer>): Promise<ApplyAnswer> {
  for (let left = 50; ; left -= 1) {
    const answer = await attempt();
    if (answer.kind === "accepted" || answer.refusal.httpStatus !== 409 || left === 0) return answer;
  }
}

// The controller of Deployments writes it when it comes to it, be it between a prediction and the deed.
const REVISION = "deployment.kubernetes.io/revision";

/** Everything of an object that is content: no status, and no metadata that changes with each write. */
export function contentOf(object: KubeObject): Json {
  const { status: _status, ...rest } = object;
  const { annotations = {}, ...metadata } = without(object.metadata, [
    "managedFields",
    "resourceVersion",
    "generation",
  ]);
  const kept = isMap(annotations) ? without(annotations, [REVISION]) : {};
  return { ...rest, metadata: Object.keys(kept).length === 0 ? metadata : { ...metadata, annotations: kept } };
}

/** A refusal without what two tries cannot share. */
export function refusalText({ httpStatus, reason, message }: Refusal): string {
  return `${httpStatus} ${reason} ${message}`;
}
