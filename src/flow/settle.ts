import type { KubeObject } from "../model/object.ts";
import { formatRef, type Ref } from "../model/ref.ts";
import type { Address } from "../model/kind.ts";
import type { Clock, Cluster, Log } from "../ports.ts";
import { verdictOf, type Verdict } from "../rollout/health.ts";
import { IN_FLIGHT, mapLimit } from "./parallel.ts";

/** An object that was written and has to become what was asked for. */
export interface Written {
  readonly ref: Ref;
  readonly address: Address;
  readonly generation: number;
}

export interface Settled {
  readonly written: Written;
  readonly verdict: Verdict;
  readonly afterMilliseconds: number;
}

export interface SettleRequest {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly log: Log;
  /** The latest moment, in milliseconds since the epoch. */
  readonly deadline: number;
}

const SHORTEST_PAUSE = 250;
const LONGEST_PAUSE = 2_000;
const REPORT_EVERY = 15_000;

/** Watches objects until each is settled or one has failed, or until the deadline; what is still settling then stays so. */
export async function settle(
  written: readonly Written[],
  request: SettleRequest,
  signal: AbortSignal,
): Promise<readonly Settled[]> {
  const start = request.clock.now().getTime();
  const done: Settled[] = [];
  let open = written;
  let pause = SHORTEST_PAUSE;
  let reported = start;
  for (;;) {
    const looked = await lookAll(open, { ...request, start }, signal);
    done.push(...looked.filter(({ verdict }) => verdict.kind === "settled"));
    open = looked.filter(({ verdict }) => verdict.kind !== "settled").map((entry) => entry.written);
    const unsettled = looked.filter(({ verdict }) => verdict.kind !== "settled");
    const now = request.clock.now().getTime();
    if (unsettled.length === 0 || unsettled.some(({ verdict }) => verdict.kind === "failed") || now >= request.deadline)
      return [...done, ...unsettled];
    if (now - reported >= REPORT_EVERY) {
      reported = now;
      request.log.info(waitingText(unsettled));
    }
    await request.clock.sleep(Math.min(pause, request.deadline - now), signal);
    pause = Math.min(pause * 1.5, LONGEST_PAUSE);
  }
}

async function lookAll(
  open: readonly Written[],
  { cluster, clock, start }: SettleRequest & { readonly start: number },
  signal: AbortSignal,
): Promise<readonly Settled[]> {
  return mapLimit(open, IN_FLIGHT, async (written) => {
    const live = await cluster.read(written.address, signal);
    const verdict = liveVerdict(live, written);
    return { written, verdict, afterMilliseconds: clock.now().getTime() - start };
  });
}

function liveVerdict(live: KubeObject | undefined, { generation }: Written): Verdict {
  if (live === undefined) return { kind: "failed", reason: "it was removed by somebody else" };
  return verdictOf(live, generation);
}

function waitingText(unsettled: readonly Settled[]): string {
  const first = unsettled[0];
  if (first === undefined || first.verdict.kind !== "settling") return "waiting";
  const others = unsettled.length === 1 ? "" : ` and ${unsettled.length - 1} more`;
  return `waiting for ${formatRef(first.written.ref)}: ${first.verdict.waitingFor}${others}`;
}
