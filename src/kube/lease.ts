import { Failure, isFailure } from "../model/failure.ts";
import type { KubeObject } from "../model/object.ts";
import { formatTarget, type Target } from "../model/target.ts";
import type { Clock, LockRequest, Locks } from "../ports.ts";
import { holdLease } from "./held-lease.ts";
import { pause, throwIfInterrupted } from "./interruption.ts";
import { heldLease, holderOf, LEASE_SECONDS, newLease } from "./lease-record.ts";
import { systemKind, systemName } from "./system-name.ts";
import { systemObject, type SystemObject } from "./system-object.ts";
import type { Transport } from "./transport.ts";

/** Where the Leases lie, and whose time counts. */
export interface LocksOptions {
  readonly namespace: string;
  readonly clock: Clock;
}

const LEASE = systemKind("coordination.k8s.io", "Lease", "leases");
const LOOK_EVERY_MILLISECONDS = 3_000;
// How many lost answers to the taking of a lock are borne.
const DOUBTS = 2;
// Clocks of machines may differ, but not by this much: their TLS and tokens would have stopped working.
const SKEW_MILLISECONDS = 10 * 60_000;

/**
 * One Lease per target, changed by compare-and-swap only. A holder that is gone is replaced once we have seen its Lease unchanged
 * for a whole lease duration by our own clock, so clocks that differ cannot rob a living holder; or at once when its last renewal
 * is ten minutes old, which no skew explains.
 */
export function createLocks(transport: Transport, { namespace, clock }: LocksOptions): Locks {
  return {
    async acquire(target, request, signal) {
      const name = systemName(target);
      const object = systemObject(transport, { kind: LEASE, namespace, name });
      const lease = await takeLease({ object, empty: newLease(name, namespace), target, request, clock }, signal);
      return holdLease({ object, request, clock, subject: formatTarget(target), ...lease });
    },
  };
}

interface Contest {
  readonly object: SystemObject;
  readonly empty: KubeObject;
  readonly target: Target;
  readonly request: LockRequest;
  readonly clock: Clock;
}

/** A Lease that is ours, and when we asked for it: it is ours from then on for its duration. */
interface Taken {
  readonly lease: KubeObject;
  readonly since: Date;
}

async function takeLease(contest: Contest, signal: AbortSignal): Promise<Taken> {
  const { clock, request } = contest;
  const patience = clock.now().getTime() + request.waitMilliseconds;
  let seen: Sighting | undefined;
  let doubts = 0;
  for (;;) {
    throwIfInterrupted(signal);
    const live = await contest.object.read(signal);
    const now = clock.now();
    seen = sight(live, seen, now);
    if (isFree(live, seen, request, now)) {
      const outcome = await swap(contest, live, signal);
      if (outcome === "overtaken") continue;
      if (!isFailure(outcome)) return outcome;
      doubts += 1;
      if (doubts > DOUBTS) throw outcome;
      continue;
    }
    const left = patience - now.getTime();
    if (left <= 0) throw held(contest.target, live);
    await pause(clock, Math.min(LOOK_EVERY_MILLISECONDS, left), signal);
  }
}

/** Since when, by our clock, a Lease has been exactly as it is. */
interface Sighting {
  readonly version: string | undefined;
  readonly since: Date;
}

function sight(live: KubeObject | undefined, before: Sighting | undefined, now: Date): Sighting {
  const version = live?.metadata.resourceVersion;
  return before !== undefined && before.version === version ? before : { version, since: now };
}

function isFree(live: KubeObject | undefined, seen: Sighting, request: LockRequest, now: Date): boolean {
  const holder = live === undefined ? undefined : holderOf(live);
  // Our own holder is a write of ours whose answer was lost.
  if (holder === undefined || holder.holder === request.holder) return true;
  const unchanged = now.getTime() - seen.since.getTime();
  const age = holder.renewed === undefined ? 0 : now.getTime() - holder.renewed.getTime();
  return unchanged > LEASE_SECONDS * 1000 || age > SKEW_MILLISECONDS;
}

/** A Failure: the answer was lost, and only another look tells whether the Lease is ours. */
async function swap(
  contest: Contest,
  live: KubeObject | undefined,
  signal: AbortSignal,
): Promise<Taken | "overtaken" | Failure> {
  const { object, empty, request, clock } = contest;
  const since = clock.now();
  const wanted = heldLease(live ?? empty, request, since);
  try {
    const answer = await (live === undefined ? object.create(wanted, signal) : object.replace(wanted, signal));
    return answer.kind === "written" ? { lease: answer.object, since } : "overtaken";
  } catch (error) {
    if (isFailure(error) && error.code === "cluster-unreachable") return error;
    throw error;
  }
}

function held(target: Target, live: KubeObject | undefined): Failure {
  const holder = live === undefined ? undefined : holderOf(live);
  const link = holder?.link ?? "";
  return new Failure("lock-held", `${formatTarget(target)}: locked by ${holder?.holder ?? "another run"}`, {
    remedy: `wait until it has ended${link === "" ? "" : ` (${link})`}, then run the command again`,
  });
}
