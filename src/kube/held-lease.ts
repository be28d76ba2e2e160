import { Failure, isFailure } from "../model/failure.ts";
import type { KubeObject } from "../model/object.ts";
import type { Clock, Lock, LockRequest } from "../ports.ts";
import { freeLease, holderOf, LEASE_SECONDS, renewedLease } from "./lease-record.ts";
import type { SystemObject } from "./system-object.ts";

/** A Lease that has just become ours. */
export interface Holding {
  readonly object: SystemObject;
  readonly request: LockRequest;
  readonly clock: Clock;
  /** How messages name what is locked. */
  readonly subject: string;
  readonly lease: KubeObject;
  /** When the request that made it ours was sent. */
  readonly since: Date;
}

const RENEW_EVERY_MILLISECONDS = 15_000;
const RENEW_AGAIN_MILLISECONDS = 5_000;
// Others may take the Lease 60 s after they saw our last renewal; we stop earlier, so that a write under way can end.
const TRUST_MILLISECONDS = (LEASE_SECONDS - 15) * 1000;
const RELEASE_MILLISECONDS = 10_000;

/** What one renewal showed. `touched`: still ours, but written by somebody, or by a renewal of ours whose answer was lost. */
type Renewal =
  | { readonly kind: "renewed"; readonly lease: KubeObject; readonly since: Date }
  | { readonly kind: "touched"; readonly lease: KubeObject }
  | { readonly kind: "unknown" }
  | { readonly kind: "taken" };

/** Renews until it is disposed of. `lost` tells as soon as the Lease is somebody else's, or could not be proven ours for 45 s. */
export function holdLease(holding: Holding): Lock {
  const lost = new AbortController();
  const released = new AbortController();
  const done = AbortSignal.any([lost.signal, released.signal]);
  let lease = holding.lease;

  const lose = (why: string): void =>
    lost.abort(
      new Failure("lock-lost", `${holding.subject}: the lock was lost, ${why}`, { remedy: "run the command again" }),
    );
  const trust = trustUntil(holding.clock, done, () => lose("it could not be renewed in time"));

  async function keep(): Promise<void> {
    trust.from(holding.since);
    let wait = RENEW_EVERY_MILLISECONDS;
    while (await sleep(holding.clock, wait, done)) {
      const renewal = await renew(holding, lease, done);
      if (renewal.kind === "taken") return lose("another run took it");
      wait = renewal.kind === "renewed" ? RENEW_EVERY_MILLISECONDS : RENEW_AGAIN_MILLISECONDS;
      if (renewal.kind === "renewed" || renewal.kind === "touched") lease = renewal.lease;
      if (renewal.kind === "renewed") trust.from(renewal.since);
    }
  }

  const keeping = keep();
  return {
    lost: lost.signal,
    async [Symbol.asyncDispose]() {
      released.abort();
      await keeping;
      if (!lost.signal.aborted) await release(holding, lease);
    },
  };
}

// By the clock and not by counting renewals: a machine that slept wakes up without its lock.
function trustUntil(clock: Clock, done: AbortSignal, over: () => void): { from(since: Date): void } {
  let restarted = new AbortController();

  async function expire(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (await sleep(clock, milliseconds, signal)) over();
  }

  return {
    from(since) {
      restarted.abort();
      restarted = new AbortController();
      const left = since.getTime() + TRUST_MILLISECONDS - clock.now().getTime();
      void expire(Math.max(0, left), AbortSignal.any([restarted.signal, done]));
    },
  };
}

/** False: it was stopped before the time was over. */
async function sleep(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(milliseconds, signal);
    return !signal.aborted;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

async function renew({ object, request, clock }: Holding, lease: KubeObject, signal: AbortSignal): Promise<Renewal> {
  const since = clock.now();
  try {
    const answer = await object.replace(renewedLease(lease, since), signal);
    if (answer.kind === "written") return { kind: "renewed", lease: answer.object, since };
    const live = await object.read(signal);
    if (live === undefined || holderOf(live)?.holder !== request.holder) return { kind: "taken" };
    return { kind: "touched", lease: live };
  } catch (error) {
    if (isFailure(error)) return { kind: "unknown" };
    throw error;
  }
}

// A release that fails is no error of the run: the Lease ends by itself.
async function release({ object, request }: Holding, lease: KubeObject): Promise<void> {
  const signal = AbortSignal.timeout(RELEASE_MILLISECONDS);
  try {
    if ((await object.replace(freeLease(lease), signal)).kind === "written") return;
    const live = await object.read(signal);
    if (live !== undefined && holderOf(live)?.holder === request.holder) await object.replace(freeLease(live), signal);
  } catch (error) {
    if (!isFailure(error)) throw error;
  }
}
