import type { Address } from "../model/kind.ts";
import type { KubeObject, ManagedFields } from "../model/object.ts";
import { sameJson, type JsonMap } from "../model/json.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Clock, Cluster } from "../ports.ts";
import { withoutAllocated } from "../diff/allocated.ts";
import { comparable, withoutStatus } from "../diff/comparable.ts";
import { ownershipPatch } from "../diff/migration.ts";
import type { Sending } from "./sending.ts";

export interface Refused {
  readonly kind: "refused";
  readonly refusal: Refusal;
}

export interface OwnershipMove {
  readonly live: KubeObject;
  readonly sending: Sending;
}

/**
 * Makes the fields ours that another tool left in an object, so that writing it removes what Git does not declare. Nothing
 * of the object's content changes. Refused when the object was changed since it was looked at, and when a dry-run now says
 * that the write would make something else of it than was planned.
 */
export async function takeOwnership(
  address: Address,
  { live, sending }: OwnershipMove,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<Refused | undefined> {
  const { absorbs, object, expected } = sending;
  if (absorbs.length === 0) return undefined;
  const refused = await moveEntries(address, { live, absorbs }, cluster, signal);
  if (refused !== undefined || expected === undefined) return refused;
  const asked = await cluster.apply(address, object, { dryRun: true }, signal);
  if (asked.kind === "refused") return asked;
  const kept = (made: KubeObject): JsonMap => contentOf(withoutAllocated(made, object, live).object);
  return sameJson(kept(asked.object), kept(expected)) ? undefined : unplanned(address);
}

// Controllers write status all the time; three in a row are enough to give up.
const MOST_MOVES = 3;

async function moveEntries(
  address: Address,
  { live, absorbs }: { readonly live: KubeObject; readonly absorbs: Sending["absorbs"] },
  cluster: Cluster,
  signal: AbortSignal,
): Promise<Refused | undefined> {
  let seen = live;
  for (let moves = 1; ; moves += 1) {
    const entries = entriesLike(absorbs, seen);
    const answer = await cluster.patch(address, ownershipPatch(seen, entries), { dryRun: false }, signal);
    if (answer.kind === "accepted") return undefined;
    const now = await cluster.read(address, signal);
    if (now === undefined) return answer;
    // The answer to a patch that went through may have been lost, and its repetition refused.
    if (entriesLike(absorbs, now).length === 0) return undefined;
    if (moves === MOST_MOVES || answer.refusal.httpStatus !== 409 || !isSameBesideStatus(live, now)) return answer;
    seen = now;
  }
}

function isSameBesideStatus(a: KubeObject, b: KubeObject): boolean {
  return a.metadata.uid === b.metadata.uid && sameJson(contentOf(a), contentOf(b));
}

function contentOf(object: KubeObject): JsonMap {
  return comparable(withoutStatus(object));
}

function unplanned({ kind, name }: Address): Refused {
  const message = `${kind.kind} ${name} would become something else than was planned; the fields of the other tool are ours now, but nothing else was changed`;
  return { kind: "refused", refusal: { httpStatus: 409, reason: "Conflict", message, causes: [] } };
}

/** The entries of an object that are those of another look at it. */
function entriesLike(entries: readonly ManagedFields[], { metadata }: KubeObject): readonly ManagedFields[] {
  return (metadata.managedFields ?? []).filter((there) =>
    entries.some(
      ({ manager, operation, apiVersion, subresource }) =>
        manager === there.manager &&
        operation === there.operation &&
        apiVersion === there.apiVersion &&
        subresource === there.subresource,
    ),
  );
}

const PAUSE = 500;
const MOST_LOOKS = 120;

/** Removes an object by its uid and waits until it is gone, finalizers included. */
export async function removeForGood(
  address: Address,
  live: KubeObject,
  { cluster, clock }: { readonly cluster: Cluster; readonly clock: Clock },
  signal: AbortSignal,
): Promise<Refused | undefined> {
  const { uid } = live.metadata;
  if (uid === undefined) return undefined;
  const answer = await cluster.remove(address, { dryRun: false, uid, propagation: "Background" }, signal);
  if (answer.kind === "refused") return answer;
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const now = await cluster.read(address, signal);
    if (now?.metadata.uid !== uid) return undefined;
    await clock.sleep(PAUSE, signal);
  }
  return stillThere(address);
}

function stillThere({ kind, name }: Address): Refused {
  const message = `${kind.kind} ${name} was deleted, but something holds it: look at its finalizers`;
  return { kind: "refused", refusal: { httpStatus: 409, reason: "Conflict", message, causes: [] } };
}
