import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startBenchCluster, type BenchCluster } from "./bench-cluster.ts";
import { readOptions, type BenchOptions, type Part } from "./bench-options.ts";
import type { Ground } from "./contender.ts";
import type { RaceResult } from "./goals.ts";
import { newGrounds, setUp, type Place } from "./ground.ts";
import { growthOutcome } from "./growth.ts";
import { linesOutcome } from "./lines.ts";
import { outcomeText, type Outcome } from "./outcome.ts";
import { providePeers, type Peers } from "./peers.ts";
import { FEW_SEATS, politeOutcome } from "./polite.ts";
import { raceOutcome } from "./race-outcome.ts";
import { race, type RaceOptions } from "./race.ts";
import { entrantsOf, SCENARIOS, type Field } from "./scenario.ts";
import { startOutcome } from "./start.ts";
import { yamlOutcome } from "./yaml.ts";

// npm run bench: how fast and how heavy the built command line is, against other tools and bare loops, on a real API
// server of our own. Figures are printed, never asserted: the exit code is 1 only where somebody's answer was wrong.

const DIST = join(import.meta.dirname, "../../dist");
const NO_PEERS: Peers = {
  flux: { kind: "unavailable", why: "left out" },
  kapp: { kind: "unavailable", why: "left out" },
};

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if ("usage" in options) {
    process.stdout.write(options.usage);
    return options.code;
  }
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interrupted.abort(new Error(signal)));
  const bench = newBench(options, interrupted.signal);
  try {
    await runAll(bench);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.stdout.write("interrupted\n");
  } finally {
    await conclude(bench);
  }
  if (interrupted.signal.aborted) return 130;
  return bench.results.some(({ rows }) => rows.some(({ fault }) => fault !== undefined)) ? 1 : 0;
}

/** One run of the bench: what is asked for, and what is known so far. */
interface Bench {
  readonly options: BenchOptions;
  readonly signal: AbortSignal;
  readonly outcomes: Outcome[];
  readonly results: RaceResult[];
  /** Whether a part is wanted, and there is time for it. */
  readonly wants: (part: Part) => boolean;
  /** Moment of `performance.now()` after which nothing begins. */
  readonly end: number;
}

function newBench(options: BenchOptions, signal: AbortSignal): Bench {
  const end = performance.now() + options.minutes * 60_000;
  const wants = (part: Part): boolean => options.parts.includes(part) && performance.now() < end;
  return { options, signal, outcomes: [], results: [], wants, end };
}

async function runAll(bench: Bench): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "plumbline-bench-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  // What is built anew meanwhile is another program.
  await cp(DIST, join(folder, "dist"), { recursive: true });
  const plumb = join(folder, "dist", "cli.js");
  const hasExact = (await promisify(execFile)(process.execPath, [plumb, "--help"])).stdout.includes("--exact");
  process.stdout.write(machineLine());

  if (bench.wants("yaml")) tell(bench, await yamlOutcome(readerOptions(bench, folder)));
  if (bench.wants("lines"))
    tell(bench, await linesOutcome({ folder, rounds: bench.options.runs, signal: bench.signal }));
  const peers = bench.options.field === "all" ? await providePeers() : NO_PEERS;
  await withCluster([], async (cluster) => runSizes(bench, { cluster, peers, plumb, folder }, hasExact));
  if (bench.wants("polite"))
    await withCluster(FEW_SEATS, async (cluster) => {
      const ground = await newGround(bench, { cluster, peers: NO_PEERS, plumb, folder: join(folder, "polite") });
      tell(bench, await politeOutcome(ground, { ...raceOptions(bench), hasExact }));
    });
}

async function withCluster(flags: readonly string[], work: (cluster: BenchCluster) => Promise<void>): Promise<void> {
  await using cluster = await startBenchCluster(flags);
  await work(cluster);
}

async function runSizes(bench: Bench, place: Place, hasExact: boolean): Promise<void> {
  const { sizes, growth, roundTrips, field } = bench.options;
  for (const size of sizes) await runSize(bench, place, { size, roundTrips, field, hasExact });
  const far = [Math.max(...roundTrips)];
  if (bench.wants("plan"))
    for (const size of growth) await runSize(bench, place, { size, roundTrips: far, field: "ours", hasExact: false });
  const growing = growthOutcome(bench.results);
  if (growing !== undefined) tell(bench, growing);
}

interface SizeRun {
  readonly size: number;
  readonly roundTrips: readonly number[];
  readonly field: Field;
  readonly hasExact: boolean;
}

async function runSize(bench: Bench, place: Place, { size, roundTrips, field, hasExact }: SizeRun): Promise<void> {
  const scenarios = field === "ours" ? (["plan"] as const) : SCENARIOS;
  if (![...scenarios, "start" as const].some(bench.wants)) return;
  const grounds = await newGrounds(place, size);
  const near = grounds.over(await place.cluster.way(0));
  await setUp(near, field, bench.signal);
  if (bench.wants("start") && size === bench.options.sizes[0])
    tell(bench, await startOutcome(near, { ...raceOptions(bench), runs: 5 * bench.options.runs }));
  for (const roundTrip of roundTrips) {
    const ground = grounds.over(await place.cluster.way(roundTrip));
    for (const scenario of scenarios) {
      if (!bench.wants(scenario)) continue;
      const entrants = entrantsOf({ scenario, field, hasExact }, ground);
      const rows = await race(ground, entrants, raceOptions(bench));
      const result = { scenario, size, roundTrip, rows };
      bench.results.push(result);
      tell(bench, raceOutcome(result));
    }
  }
  await grounds.clear();
}

/** The ground of the first size and the longest way, for a cluster of its own. */
async function newGround({ options, signal }: Bench, place: Place): Promise<Ground> {
  const grounds = await newGrounds(place, options.sizes[0] ?? 100);
  await setUp(grounds.over(await place.cluster.way(0)), "ours", signal);
  return grounds.over(await place.cluster.way(Math.max(...options.roundTrips)));
}

function raceOptions({ options, signal, end }: Bench): RaceOptions {
  return { runs: options.runs, patience: 40, limit: 900, end, signal };
}

/** At least 1,000 manifests: fewer say how fast a reader warms up. */
function readerOptions({ options, signal }: Bench, folder: string): Parameters<typeof yamlOutcome>[0] {
  return { folder, size: Math.max(1000, options.sizes[0] ?? 0), rounds: options.runs, signal };
}

function tell({ outcomes }: Bench, outcome: Outcome): void {
  outcomes.push(outcome);
  process.stdout.write(outcomeText(outcome));
}

/** Says what was missed, once more and all together; also where it ended early. */
async function conclude({ options, outcomes }: Bench): Promise<void> {
  const verdicts = outcomes.flatMap((outcome) => outcome.verdicts.map((one) => ({ ...one, title: outcome.title })));
  const missed = verdicts.filter(({ met }) => !met);
  const lines = [
    "",
    `${verdicts.length - missed.length} of ${verdicts.length} goals met${missed.length === 0 ? "" : "; missed:"}`,
    ...missed.map(({ goal, title, text }) => `  ${goal}  ${title}: ${text}`),
    machineLine(),
  ];
  process.stdout.write(lines.join("\n"));
  if (options.json === undefined) return;
  const machine = { node: process.version, processors: cpus().length, load: loadavg()[0] };
  await writeFile(options.json, `${JSON.stringify({ options, machine, outcomes }, undefined, 2)}\n`);
}

function machineLine(): string {
  const load = loadavg()[0] ?? 0;
  const busy = load > 0.5 ? "; other programs work as well, so the figures say little" : "";
  return `Node ${process.version} on ${cpus().length} processors, load ${load.toFixed(1)}${busy}\n`;
}
