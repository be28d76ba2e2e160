import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { HARD_TEXTS } from "./hard-texts.ts";
import type { Outcome, Verdict } from "./outcome.ts";
import { median } from "./race.ts";

const PROGRAM = fileURLToPath(new URL("lines-program.ts", import.meta.url));
const MOST_MILLISECONDS = 250;
const MOST_MEGABYTES = 60;

export interface LinesOptions {
  readonly folder: string;
  readonly rounds: number;
  readonly signal: AbortSignal;
}

/** How long the line diff takes for texts that are made to stall it; each in a new process, as in a run. */
export async function linesOutcome({ folder, rounds, signal }: LinesOptions): Promise<Outcome> {
  const files = ["before", "after"].map((name) => join(folder, name));
  const figures: NamedFigure[] = [];
  for (const [name, texts] of Object.entries(HARD_TEXTS)) {
    for (const [index, text] of texts().entries()) await writeFile(files[index]!, text);
    const laps: LinesFigure[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const args = ["--expose-gc", PROGRAM, ...files];
      const { stdout } = await promisify(execFile)(process.execPath, args, { signal, timeout: 120_000 });
      laps.push(JSON.parse(stdout) as LinesFigure);
    }
    figures.push({ name, ...medianFigure(laps) });
  }
  return {
    title: "line diff: two texts of about 1 MB",
    tables: [[["texts", "ms", "CPU ms", "MB more", "coarse"], ...figures.map(cellsOf)]],
    notes: [],
    verdicts: [
      ...most(figures, { what: "milliseconds", most: MOST_MILLISECONDS, unit: "ms" }),
      ...most(figures, { what: "megabytes", most: MOST_MEGABYTES, unit: "MB" }),
    ],
    figures,
  };
}

/** What the program says of one diff. */
interface LinesFigure {
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
  readonly megabytes: number;
  readonly coarse: boolean;
}

interface NamedFigure extends LinesFigure {
  readonly name: string;
}

function medianFigure(laps: readonly LinesFigure[]): LinesFigure {
  const of = (figure: (lap: LinesFigure) => number): number => median(laps.map(figure));
  return {
    milliseconds: of((lap) => lap.milliseconds),
    cpuMilliseconds: of((lap) => lap.cpuMilliseconds),
    megabytes: of((lap) => lap.megabytes),
    coarse: laps.some((lap) => lap.coarse),
  };
}

function cellsOf({ name, milliseconds, cpuMilliseconds, megabytes, coarse }: NamedFigure): readonly string[] {
  const numbers = [milliseconds, cpuMilliseconds, Math.max(0, megabytes)].map((value) => value.toFixed(0));
  return [name, ...numbers, coarse ? "yes" : ""];
}

interface Limit {
  readonly what: "milliseconds" | "megabytes";
  readonly most: number;
  readonly unit: string;
}

function most(figures: readonly NamedFigure[], { what, most, unit }: Limit): readonly Verdict[] {
  const [worst] = figures.toSorted((a, b) => b[what] - a[what]);
  if (worst === undefined) return [];
  const text = `up to ${worst[what].toFixed(0)} ${unit} (${worst.name}); at most ${most} ${unit}`;
  return [{ goal: "G9", met: worst[what] <= most, text }];
}
