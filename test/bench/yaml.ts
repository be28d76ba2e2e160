import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { promisify } from "node:util";
import { times } from "./goals.ts";
import { manifestText } from "./manifest-text.ts";
import { objectsOf } from "./mix.ts";
import type { Outcome } from "./outcome.ts";
import { median } from "./race.ts";

const PROGRAM = fileURLToPath(new URL("yaml-program.ts", import.meta.url));
const READERS = ["ours", "yaml", "js-yaml"] as const;
const LEAST = 8;

export interface YamlOptions {
  readonly folder: string;
  readonly size: number;
  readonly rounds: number;
  readonly signal: AbortSignal;
}

/** How fast manifests are read, against the two readers that everybody takes; processes of their own, in turn. */
export async function yamlOutcome({ folder, size, rounds, signal }: YamlOptions): Promise<Outcome> {
  const file = join(folder, "mix.yaml");
  await writeFile(file, objectsOf({ size, prefix: "yaml", version: 0 }).map(manifestText).join("---\n"));
  const megabytes = (await readFile(file)).length / 1e6;
  const laps = new Map<string, Lap[]>(READERS.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const name of READERS) laps.get(name)?.push(...(await read({ name, file, size }, signal)));
  const figures = [...laps].map(([name, own]) => ({
    name,
    first: own[0]?.milliseconds ?? Number.NaN,
    milliseconds: median(own.map((lap) => lap.milliseconds)),
    cpuMilliseconds: median(own.map((lap) => lap.cpuMilliseconds)),
  }));
  const of = (name: string): number => figures.find((one) => one.name === name)?.milliseconds ?? Number.NaN;
  const factor = of("yaml") / of("ours");
  const rows = figures.map(({ name, first, milliseconds, cpuMilliseconds }) => [
    name,
    ...[milliseconds, first, cpuMilliseconds].map((value) => value.toFixed(0)),
    ((1000 * megabytes) / milliseconds).toFixed(1),
    times(milliseconds / of("ours")),
  ]);
  const text = `${times(factor)} as fast as yaml; at least ${times(LEAST)}`;
  return {
    title: `YAML: ${size.toLocaleString("en")} manifests, ${megabytes.toFixed(1)} MB`,
    tables: [[["reader", "median ms", "first ms", "CPU ms", "MB/s", "of ours"], ...rows]],
    notes: [],
    verdicts: [{ goal: "G8", met: factor >= LEAST, text }],
    figures,
  };
}

interface Lap {
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
  readonly objects: number;
}

interface Reading {
  readonly name: string;
  readonly file: string;
  readonly size: number;
}

/** A few readings in one process: the first one is what a run sees, the others what the reader can. */
async function read({ name, file, size }: Reading, signal: AbortSignal): Promise<readonly Lap[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, name, file, "3"], { signal });
  const laps = JSON.parse(stdout) as readonly Lap[];
  if (laps.some(({ objects }) => objects !== size)) throw new Error(`${name}: did not read ${size} objects`);
  return laps;
}
