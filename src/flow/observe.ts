import { isFailure } from "../model/failure.ts";
import type { Inventory } from "../model/inventory.ts";
import { preferredKind, type Address, type Kinds, type KubeKind } from "../model/kind.ts";
import { refOf, type KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef, refKey } from "../model/ref.ts";
import type { Cluster } from "../ports.ts";
import { PART_OF_LABEL } from "../model/ownership-marks.ts";
import { withoutAbsent } from "./absent.ts";
import type { Desired } from "./desired.ts";
import { IN_FLIGHT, mapLimit } from "./parallel.ts";

/** What is live of one target. */
export interface Observed {
  /** By ref key: the desired objects that exist, and everything that carries our set's label. */
  readonly live: ReadonlyMap<string, KubeObject>;
  /** Ref keys of desired objects of which nothing could be read. */
  readonly unread: ReadonlySet<string>;
  /** Every kind that the inventory holds could be listed, so whatever of ours is not in `live` is not there. */
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
  const missing = await withoutAbsent(unlisted(request.desired, listed), request.cluster, signal);
  const reads = await mapLimit(missing, IN_FLIGHT, (one) => readOne(one, request.cluster, signal));
  const found = reads.flatMap((read) => ("object" in read && read.object !== undefined ? [read.object] : []));
  const unreadable = reads.flatMap((read) => ("forbidden" in read ? [read] : []));
  const unseen = unseenKinds(request, listings);
  return {
    live: new Map([...listed, ...found.map((object) => [refKey(refOf(object)), object] as const)]),
    unread: new Set(unreadable.map(({ desired }) => refKey(desired.ref))),
    complete: unseen.length === 0,
    problems: [
      ...unreadable.map(({ desired, forbidden }) => unreadProblem(desired, forbidden)),
      ...(unseen.length === 0 ? [] : [unseenProblem(unseen)]),
    ],
  };
}

function kindsToList({ desired, inventory, kinds }: ObserveRequest): readonly KubeKind[] {
  const wanted = desired.flatMap((entry) => placeOf(entry)?.kind ?? []);
  const owned = (inventory?.kinds ?? []).flatMap(({ group, kind }) => preferredKind(kinds, group, kind) ?? []);
  const listable = [...wanted, ...owned].filter(({ verbs }) => verbs.includes("list"));
  // One version of a kind is enough; the one that Git uses comes first.
  const byKind = new Map(listable.toReversed().map((kind) => [`${kind.group}/${kind.kind}`, kind]));
  return [...byKind.values()];
}

interface Listing {
  readonly kind: KubeKind;
  readonly objects: readonly KubeObject[];
  readonly complete: boolean;
}

async function listKind(kind: KubeKind, request: ObserveRequest, signal: AbortSignal): Promise<Listing> {
  const label = `${PART_OF_LABEL}=${request.setId}`;
  try {
    return { kind, objects: await request.cluster.list(kind, { label }, signal), complete: true };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return kind.namespaced ? listByNamespace(kind, label, request, signal) : { kind, objects: [], complete: false };
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
      return { kind, objects: await request.cluster.list(kind, { namespace, label }, signal), complete: true };
    } catch (error) {
      if (!isForbidden(error)) throw error;
      return { kind, objects: [], complete: false };
    }
  });
  return {
    kind,
    objects: listings.flatMap(({ objects }) => objects),
    complete: listings.every(({ complete }) => complete),
  };
}

/** A desired object that the lists do not have, and where it may be all the same. */
interface Unlisted {
  readonly desired: Desired;
  readonly place: Address;
}

function unlisted(desired: readonly Desired[], listed: ReadonlyMap<string, KubeObject>): readonly Unlisted[] {
  const places = desired.flatMap((entry) => {
    const place = placeOf(entry);
    const key = refKey(entry.ref);
    return place === undefined || listed.has(key) ? [] : [[key, { desired: entry, place }] as const];
  });
  return [...new Map(places).values()];
}

type Read = { readonly object: KubeObject | undefined } | { readonly desired: Desired; readonly forbidden: string };

async function readOne({ desired, place }: Unlisted, cluster: Cluster, signal: AbortSignal): Promise<Read> {
  try {
    return { object: await cluster.read(place, signal) };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return { desired, forbidden: error instanceof Error ? error.message : "forbidden" };
  }
}

function placeOf({ address, readAt }: Desired): Address | undefined {
  return address ?? readAt;
}

function isForbidden(error: unknown): boolean {
  return isFailure(error) && error.code === "cluster-forbidden";
}

function unreadProblem({ ref, at }: Desired, because: string): Problem {
  return {
    code: "unread",
    level: "blocker",
    message: `${formatRef(ref)} could not be read: ${because}`,
    remedy: "give the identity of the kubeconfig the rights to get and to list this kind",
    at,
  };
}

/**
 * The kinds of the inventory whose members could not all be seen: their group does not answer, or they may not be listed.
 * A kind that is gone from a group that answers has no members any more.
 */
function unseenKinds({ inventory, kinds }: ObserveRequest, listings: readonly Listing[]): readonly string[] {
  const unlisted = new Set(
    listings.filter(({ complete }) => !complete).map(({ kind }) => `${kind.group}/${kind.kind}`),
  );
  const unseen = (inventory?.kinds ?? []).filter(
    ({ group, kind }) =>
      kinds.unavailable.includes(group) ||
      unlisted.has(`${group}/${kind}`) ||
      (kinds.served.some((served) => served.group === group && served.kind === kind) &&
        preferredKind(kinds, group, kind) === undefined),
  );
  return unseen.map(({ group, kind }) => (group === "" ? kind : `${group}/${kind}`));
}

function unseenProblem(unseen: readonly string[]): Problem {
  return {
    code: "unread",
    level: "blocker",
    message: `this target owns objects that could not be listed: ${unseen.join(", ")}; what of them left Git is unknown`,
    remedy: "allow our identity to list these kinds, or repair the API group that does not answer",
  };
}
