import { readdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { BARE_NODE, bareNode } from "./contenders/floor.ts";
import { plumbTargets } from "./contenders/plumb.ts";
import type { Ground } from "./contender.ts";
import { medianOf } from "./goals.ts";
import { measureRun } from "./measured-run.ts";
import type { Outcome } from "./outcome.ts";
import { faultNote, raceTable } from "./race-outcome.ts";
import { race, type RaceOptions } from "./race.ts";

const MOST = 90;
/** What a run that has nothing to do has no use for, as the source files are named in the built chunks. */
const NEEDLESS = /^(?:access|renderer|downloads|kustomization|tool-cache)\d*\.js$/;

/** How much longer than Node itself a run takes that has nothing to do, and which chunks it loads. */
export async function startOutcome(ground: Ground, options: RaceOptions): Promise<Outcome> {
  const entrants = [plumbTargets(ground), bareNode(ground)];
  const rows = await race(ground, entrants, options);
  const loaded = await loadedChunks(ground, options);
  const needless = loaded.filter((name) => NEEDLESS.test(name));
  const [mine, node] = ["plumb targets", BARE_NODE].map((name) => medianOf({ rows }, name)?.seconds);
  const more = mine === undefined || node === undefined ? undefined : 1000 * (mine - node);
  return {
    title: "start: a run that has nothing to do",
    tables: [raceTable(rows)],
    notes: [...rows.flatMap(faultNote), `loads ${loaded.length} files of dist: ${loaded.join(", ")}`],
    verdicts: [
      ...(more === undefined
        ? []
        : [{ goal: "G7", met: more <= MOST, text: `${more.toFixed(0)} ms more than Node itself; at most ${MOST} ms` }]),
      {
        goal: "G7",
        met: needless.length === 0,
        text: `loads ${needless.length === 0 ? "no module" : needless.join(", ")} of kube or render; none`,
      },
    ],
    figures: { rows, loaded },
  };
}

/** The names of the built files that a run loads, as V8's coverage names them. */
async function loadedChunks(ground: Ground, options: RaceOptions): Promise<readonly string[]> {
  const coverage = join(ground.folder, "coverage");
  const command = await plumbTargets(ground).ready(1);
  const env = { ...command.env, NODE_V8_COVERAGE: coverage };
  const { folder } = ground;
  await measureRun({ ...command, env }, { folder, limit: options.limit * 1000, signal: options.signal });
  const names = new Set<string>();
  for (const file of await readdir(coverage)) {
    const { result } = JSON.parse(await readFile(join(coverage, file), "utf8")) as {
      readonly result: readonly { readonly url: string }[];
    };
    for (const { url } of result) if (url.startsWith("file:")) names.add(basename(url));
  }
  await rm(coverage, { recursive: true });
  return [...names].toSorted();
}
