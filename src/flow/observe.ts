import { isFailure } from "../model/failure.ts";
import type { Inventory } from "../model/inventory.ts";
import { preferredKind, type Kinds, type KubeKind } from "../model/kind.ts";
import { refOf, type KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef, refKey } from "../model/ref.ts";
import type { Cluster } from "../ports.ts";
import { PART_OF_LABEL } from "../model/ownership-marks.ts";
import type { Desired } from "./desired.ts";
import { IN_FLIGHT, mapLimit } from "./parallel.ts";

/** What is live of one target. */
export interface Observed {
  /** By ref key: the desired objects that exist, and everything that carries our set's label. */
  readonly live: ReadonlyMap<string, KubeObject>;
  /** Ref keys of desired objects of which nothing could be read. */
  readonly unread: ReadonlySet<string>;
  /** Every kind that we own could be listed, so what is not in `live` is not there. */
  readonly complete: boolean;
  readonly problems: readonly Problem[];
}

export interface ObserveRequest {
  readonly cluster: Cluster;
  readonly kinds: Kinds;
  readonly setId: string;
  readonly desired: readonly Desired[];
  readonly inventory?: Inventory;
}

/** Lists our set by its label, kind by kind, and reads the desired objects that are not in it. */
export async function observe(request: ObserveRequest, signal: AbortSignal): Promise<Observed> {
  const listings = await mapLimit(kindsToList(request), IN_FLIGHT, (kind) => listKind(kind, request, signal));
  const listed = new Map(listings.flatMap(({ objects }) => objects).map((object) => [refKey(refOf(object)), object]));
  const missing = request.desired.filter(({ ref, address }) => address !== undefined && !listed.has(refKey(ref)));
  const reads = await mapLimit(uniqueByRef(missing), IN_FLIGHT, (desired) => readOne(desired, request.cluster, signal));
  const found = reads.flatMap((read) => ("object" in read && read.object !== undefined ? [read.object] : []));
  const unreadable = reads.flatMap((read) => ("forbidden" in read ? [read] : []));
  return {
    live: new Map([...listed, ...found.map((object) => [refKey(refOf(object)), object] as const)]),
    unread: new Set(unreadable.map(({ desired }) => refKey(desired.ref))),
    complete: listings.every(({ complete }) => complete) && isInventoryServed(request),
    problems: unreadable.map(({ desired, forbidden }) => unreadProblem(desired, forbidden)),
  };
}

function kindsToList({ desired, inventory, kinds }: ObserveRequest): readonly KubeKind[] {
  const wanted = desired.flatMap(({ address }) => (address === undefined ? [] : [address.kind]));
  const owned = (inventory?.kinds ?? []).flatMap(({ group, kind }) => preferredKind(kinds, group, kind) ?? []);
  const listable = [...wanted, ...owned].filter(({ verbs }) => verbs.includes("list"));
  // One version of a kind is enough; the one that Git uses comes first.
  const byKind = new Map(listable.toReversed().map((kind) => [`${kind.group}/${kind.kind}`, kind]));
  return [...byKind.values()];
}

interface Listing {
  readonly objects: readonly KubeObject[];
  readonly complete: boolean;
}

async function listKind(kind: KubeKind, request: ObserveRequest, signal: AbortSignal): Promise<Listing> {
  const label = `${PART_OF_LABEL}=${request.setId}`;
  try {
    return { objects: await request.cluster.list(kind, { label }, signal), complete: true };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return kind.namespaced ? listByNamespace(kind, label, request, signal) : { objects: [], complete: false };
  }
}

// An identity that may not list a kind cluster-wide often may in its own namespaces.
async function listByNamespace(
  kind: KubeKind,
  label: string,
  request: ObserveRequest,
  signal: AbortSignal,
): Promise<Listing> {
  const namespaces = new Set([
    ...request.desired.flatMap(({ ref }) => ref.namespace ?? []),
    ...(request.inventory?.namespaces ?? []),
  ]);
  const listings = await mapLimit([...namespaces], IN_FLIGHT, async (namespace): Promise<Listing> => {
    try {
      return { objects: await request.cluster.list(kind, { namespace, label }, signal), complete: true };
    } catch (error) {
      if (!isForbidden(error)) throw error;
      return { objects: [], complete: false };
    }
  });
  return {
    objects: listings.flatMap(({ objects }) => objects),
    complete: listings.every(({ complete }) => complete),
  };
}

type Read = { readonly object: KubeObject | undefined } | { readonly desired: Desired; readonly forbidden: string };

async function readOne(desired: Desired, cluster: Cluster, signal: AbortSignal): Promise<Read> {
  if (desired.address === undefined) return { object: undefined };
  try {
    return { object: await cluster.read(desired.address, signal) };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return { desired, forbidden: error instanceof Error ? error.message : "forbidden" };
  }
}

function isForbidden(error: unknown): boolean {
  return isFailure(error) && error.code === "cluster-forbidden";
}

function unreadProblem({ ref, at }: Desired, because: string): Problem {
  return {
    code: "unread",
    level: "blocker",
    message: `${formatRef(ref)} could not be read: ${because}`,
    remedy: "allow our identity get and list on this kind",
    at,
  };
}

/** A group of the inventory that does not answer, or a kind that is gone, leaves members that nobody can see. */
function isInventoryServed({ inventory, kinds }: ObserveRequest): boolean {
  return (inventory?.kinds ?? []).every(({ group }) => !kinds.unavailable.includes(group));
}

function uniqueByRef(desired: readonly Desired[]): readonly Desired[] {
  return [...new Map(desired.map((entry) => [refKey(entry.ref), entry])).values()];
}
