import type { Address } from "../model/kind.ts";
import type { KubeObject, ManagedFields } from "../model/object.ts";
import type { Refusal } from "../model/refusal.ts";
import type { Clock, Cluster } from "../ports.ts";
import { ownershipPatch } from "../diff/migration.ts";

export interface Refused {
  readonly kind: "refused";
  readonly refusal: Refusal;
}

/**
 * Makes the fields ours that another tool left in an object, so that writing it removes what Git does not declare. Nothing
 * of the object's content changes. Refused when the object was changed since `live` was read.
 */
export async function takeOwnership(
  address: Address,
  { live, entries }: { readonly live: KubeObject; readonly entries: readonly ManagedFields[] },
  cluster: Cluster,
  signal: AbortSignal,
): Promise<Refused | undefined> {
  if (entries.length === 0) return undefined;
  const answer = await cluster.patch(address, ownershipPatch(live, entries), { dryRun: false }, signal);
  if (answer.kind === "accepted") return undefined;
  // The answer to a patch that went through may have been lost, and its repetition refused.
  const now = await cluster.read(address, signal);
  return now !== undefined && !entries.some((entry) => isThere(entry, now)) ? undefined : answer;
}

function isThere({ manager, operation }: ManagedFields, { metadata }: KubeObject): boolean {
  return (metadata.managedFields ?? []).some((entry) => entry.manager === manager && entry.operation === operation);
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
