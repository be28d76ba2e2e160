import { setTimeout as pause } from "node:timers/promises";
import type { Contender, Entrant, Ground, Side } from "./contender.ts";
import { measureRun, type MeasuredRun } from "./measured-run.ts";
import { meterServer } from "./server-meter.ts";

/** One measured run of one contender. */
export interface Lap {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
  readonly requests: number;
  readonly refused: number;
  readonly serverCpuSeconds: number;
  /** Milliseconds between the first and the last request, where the program says so. */
  readonly innerMilliseconds?: number;
}

/** The medians of a contender's runs, or why there are none. */
export interface Row {
  readonly name: string;
  readonly side: Side;
  readonly laps: readonly Lap[];
  /** Absent without a right run. */
  readonly median?: Lap;
  /** What was wrong with the last run. */
  readonly fault?: string;
  /** Why it took no part. */
  readonly absence?: string;
}

export interface RaceOptions {
  /** How often each contender runs, unless it has used up its time. */
  readonly runs: number;
  /** Seconds after which a contender is not run again. */
  readonly patience: number;
  /** Seconds after which a run is killed. */
  readonly limit: number;
  /** Moment of `performance.now()` after which no run begins. */
  readonly end: number;
  readonly signal: AbortSignal;
}

/** Lets contenders run in turn, A B C A B C, so that what the machine does meanwhile meets them all. */
export async function race(
  ground: Ground,
  entrants: readonly Entrant[],
  options: RaceOptions,
): Promise<readonly Row[]> {
  const laps = new Map<string, Lap[]>(entrants.map(({ name }) => [name, []]));
  const faults = new Map<string, string>();
  for (let run = 1; run <= options.runs; run += 1) {
    for (const entrant of entrants) {
      if ("why" in entrant || faults.has(entrant.name)) continue;
      const own = laps.get(entrant.name)!;
      if (performance.now() > options.end) continue;
      if (own.reduce((sum, { seconds }) => sum + seconds, 0) > options.patience) continue;
      const result = await lap(ground, { contender: entrant, run }, options);
      if ("fault" in result) faults.set(entrant.name, result.fault);
      else own.push(result);
    }
  }
  return entrants.map((entrant) => rowOf(entrant, laps.get(entrant.name) ?? [], faults.get(entrant.name)));
}

function rowOf(entrant: Entrant, laps: readonly Lap[], fault: string | undefined): Row {
  const { name, side } = entrant;
  const absence = "why" in entrant ? entrant.why : "no time was left";
  return {
    name,
    side,
    laps,
    ...(laps.length > 0 && { median: medianLap(laps) }),
    ...(fault !== undefined && { fault }),
    ...(laps.length === 0 && fault === undefined && { absence }),
  };
}

// The API server still works a moment after its last answer.
const CALM = 300;

async function lap(
  { cluster, folder }: Ground,
  { contender, run }: { readonly contender: Contender; readonly run: number },
  { limit, signal }: RaceOptions,
): Promise<Lap | { readonly fault: string }> {
  const command = await contender.ready(run);
  await pause(CALM, undefined, { signal });
  const { result, server } = await meterServer(cluster.metered, () =>
    measureRun(command, { folder, limit: limit * 1000, signal }),
  );
  const fault = contender.fault(result);
  await contender.done?.(run);
  if (fault !== undefined) return { fault };
  const { seconds, cpuSeconds, megabytes } = result;
  const { requests, refused } = server;
  const inner = innerMilliseconds(contender, result);
  return {
    seconds,
    cpuSeconds,
    megabytes,
    requests,
    refused,
    serverCpuSeconds: server.cpuSeconds,
    ...(inner !== undefined && { innerMilliseconds: inner }),
  };
}

function innerMilliseconds({ side }: Contender, { stdout }: MeasuredRun): number | undefined {
  if (side !== "floor" || !stdout.startsWith("{")) return undefined;
  return (JSON.parse(stdout) as { readonly milliseconds: number }).milliseconds;
}

function medianLap(laps: readonly Lap[]): Lap {
  const of = (figure: (lap: Lap) => number): number => median(laps.map(figure));
  const inner = laps.flatMap(({ innerMilliseconds: own }) => own ?? []);
  return {
    seconds: of((lap) => lap.seconds),
    cpuSeconds: of((lap) => lap.cpuSeconds),
    megabytes: of((lap) => lap.megabytes),
    requests: of((lap) => lap.requests),
    refused: of((lap) => lap.refused),
    serverCpuSeconds: of((lap) => lap.serverCpuSeconds),
    ...(inner.length > 0 && { innerMilliseconds: median(inner) }),
  };
}

/** The middle of some numbers; of an even count, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 === 0 ? half - 1 : half], sorted[half]];
  return (low + high) / 2;
}
