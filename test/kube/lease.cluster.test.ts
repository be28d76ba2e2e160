import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { createLocks } from "../../src/kube/lease.ts";
import type { Clock, Lock } from "../../src/ports.ts";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";
import { steppedClock, jumpingClock } from "./clocks.ts";
import { QUIET } from "./loopback.ts";
import { adminTransport, limitedTransport } from "./real-transport.ts";

const target = { environment: "production", app: "web" };
const NAME = "plumbline.production.web";

interface Attempt {
  readonly namespace: string;
  readonly clock: Clock;
  readonly holder?: string;
  readonly wait?: number;
}

async function acquire({ namespace, clock, holder = randomUUID(), wait = 0 }: Attempt): Promise<Lock> {
  const locks = createLocks(await adminTransport(), { namespace, clock });
  return locks.acquire(target, { holder, link: `https://example.com/${holder}`, waitMilliseconds: wait }, QUIET);
}

async function lease(namespace: string): Promise<{ metadata: Record<string, unknown>; spec: Record<string, unknown> }> {
  return JSON.parse(await kubectl(["get", "lease", NAME, "-n", namespace, "-o", "json"]));
}

test("a lock is a Lease that names its holder, and is free again once it is released", async () => {
  const namespace = await freshNamespace();
  {
    await using lock = await acquire({ namespace, clock: steppedClock(), holder: "run-1" });
    expect(lock.lost.aborted).toBe(false);
    expect(await lease(namespace)).toMatchObject({
      metadata: { annotations: { "plumbline.dev/holder": "run-1", "plumbline.dev/run": "https://example.com/run-1" } },
      spec: { holderIdentity: "run-1", leaseDurationSeconds: 60, renewTime: expect.stringMatching(/\.\d{6}Z$/) },
    });
  }
  const free = await lease(namespace);
  expect(free.spec["holderIdentity"]).toBeUndefined();
  expect(free.metadata["annotations"]).toBeUndefined();
  await using again = await acquire({ namespace, clock: steppedClock(), holder: "run-2" });
  expect(again.lost.aborted).toBe(false);
});

test("the namespace is made when it is missing", async () => {
  const namespace = `${await freshNamespace()}-system`;
  await using lock = await acquire({ namespace, clock: steppedClock() });
  expect(lock.lost.aborted).toBe(false);
  await kubectl(["delete", "namespace", namespace, "--wait=false"]);
});

test("of many contenders at once exactly one gets it, the others are told who and where", async () => {
  const [namespace, clock] = [await freshNamespace(), steppedClock()];
  const tries = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) => acquire({ namespace, clock, holder: `run-${index}` })),
  );
  const winners = tries.filter((outcome) => outcome.status === "fulfilled");
  const failures = tries.filter((outcome) => outcome.status === "rejected").map((outcome) => outcome.reason);
  expect(winners).toHaveLength(1);
  const { spec } = await lease(namespace);
  const holder = String(spec["holderIdentity"]);
  for (const failure of failures) {
    expect(failure).toMatchObject({
      code: "lock-held",
      message: `production/web: locked by ${holder}`,
      remedy: `wait until it has ended (https://example.com/${holder}), then run the command again`,
    });
  }
  await winners[0]!.value[Symbol.asyncDispose]();
});

test("a contender waits and gets the lock as soon as it is released", async () => {
  const [namespace, clock] = [await freshNamespace(), steppedClock()];
  const first = await acquire({ namespace, clock: steppedClock() });
  const waiting = acquire({ namespace, clock, wait: 60_000, holder: "run-2" });
  await clock.asleep(1);
  await first[Symbol.asyncDispose]();
  clock.advance(3_000);
  await using second = await waiting;
  expect(second.lost.aborted).toBe(false);
  expect((await lease(namespace)).spec["holderIdentity"]).toBe("run-2");
});

test("a holder that is gone is replaced after its Lease stood still for a whole minute of our clock", async () => {
  const namespace = await freshNamespace();
  const gone = steppedClock();
  const dead = await acquire({ namespace, clock: gone, holder: "dead" });
  const clock = steppedClock();
  const waiting = acquire({ namespace, clock, wait: 90_000, holder: "heir" });
  for (let waited = 0; waited <= 60_000; waited += 3_000) {
    await clock.asleep(1);
    expect((await lease(namespace)).spec["holderIdentity"]).toBe("dead");
    clock.advance(3_000);
  }
  await using lock = await waiting;
  expect((await lease(namespace)).spec).toMatchObject({ holderIdentity: "heir", leaseTransitions: 1 });
  expect(lock.lost.aborted).toBe(false);

  // The one that was taken for dead wakes up: its next renewal shows that the lock is not its own any more.
  await gone.asleep(2);
  gone.advance(15_000);
  await aborted(dead.lost);
  expect(dead.lost.reason).toMatchObject({
    code: "lock-lost",
    message: "production/web: the lock was lost, another run took it",
  });
  await dead[Symbol.asyncDispose]();
  expect((await lease(namespace)).spec["holderIdentity"]).toBe("heir");
});

test("a Lease whose last renewal is ten minutes old is taken at once", async () => {
  const [namespace, past] = [await freshNamespace(), steppedClock()];
  await acquire({ namespace, clock: past, holder: "dead" });
  const late = new Date(past.now().getTime() + 10 * 60_000);
  await expect(acquire({ namespace, clock: steppedClock(late) })).rejects.toMatchObject({ code: "lock-held" });
  const later = new Date(late.getTime() + 1);
  await using lock = await acquire({ namespace, clock: steppedClock(later), holder: "heir" });
  expect(lock.lost.aborted).toBe(false);
});

test("renewals keep the lock for hours", async () => {
  const [namespace, clock] = [await freshNamespace(), steppedClock()];
  await using lock = await acquire({ namespace, clock });
  const first = (await lease(namespace)).spec["renewTime"];
  for (let round = 0; round < 5; round += 1) {
    await clock.asleep(2);
    clock.advance(15_000);
  }
  await clock.asleep(2);
  expect(lock.lost.aborted).toBe(false);
  expect((await lease(namespace)).spec["renewTime"]).not.toBe(first);
});

test("somebody who edits the Lease does not make us lose it", async () => {
  const [namespace, clock] = [await freshNamespace(), steppedClock()];
  await using lock = await acquire({ namespace, clock });
  await kubectl(["label", "lease", NAME, "-n", namespace, "seen=true"]);
  await clock.asleep(2);
  clock.advance(15_000);
  await clock.asleep(2);
  clock.advance(5_000);
  await clock.asleep(2);
  expect(lock.lost.aborted).toBe(false);
  expect(await lease(namespace)).toMatchObject({ metadata: { labels: { seen: "true" } } });
});

test("a lock that cannot be renewed is lost before anybody else may take it", async () => {
  const [namespace, clock] = [await freshNamespace(), steppedClock()];
  const transport = await adminTransport();
  let cut = false;
  const flaky = {
    ...transport,
    get requests() {
      return transport.requests;
    },
    send: (...args: Parameters<typeof transport.send>) =>
      cut ? new Promise<never>(() => {}) : transport.send(...args),
  };
  const request = { holder: "run-1", link: "", waitMilliseconds: 0 };
  const lock = await createLocks(flaky, { namespace, clock }).acquire(target, request, QUIET);
  cut = true;
  await clock.asleep(2);
  clock.advance(45_000);
  await aborted(lock.lost);
  expect(lock.lost.reason).toMatchObject({
    code: "lock-lost",
    message: "production/web: the lock was lost, it could not be renewed in time",
  });
});

test("without the right to write Leases there is no lock", async () => {
  const namespace = await freshNamespace();
  const locks = createLocks(await limitedTransport(namespace, "get", "leases"), { namespace, clock: jumpingClock() });
  await expect(locks.acquire(target, { holder: "x", link: "", waitMilliseconds: 0 }, QUIET)).rejects.toMatchObject({
    code: "cluster-forbidden",
  });
});

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}
