import { writeFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { KubeObject, StringMap } from "../../../src/model/object.ts";
import { environmentOf, expectEnd, type Contender, type Ground } from "../contender.ts";
import type { Estate } from "../estate.ts";
import type { Errand, FloorResult } from "../floor-program.ts";
import type { Command, MeasuredRun } from "../measured-run.ts";
import { COLLECTIONS, objectsOf, pathOf } from "../mix.ts";
import { plumbEstate } from "./plumb.ts";

/** Server-side apply of every object of the next version, as a dry-run, and nothing else. */
export function bareDryRun(ground: Ground, inFlight = 64): Contender {
  return {
    name: `bare HTTP/2 dry-run, ${inFlight} at once`,
    side: "floor",
    async ready() {
      const estate = await plumbEstate(ground);
      const labels = await ownLabels(ground, estate);
      const query = "?dryRun=All&force=true&fieldManager=plumbline&fieldValidation=Strict";
      const objects = objectsOf({ ...estate, version: estate.live + 1 }).map((object) => withLabels(object, labels));
      return errand(
        ground,
        { method: "PATCH", inFlight },
        objects.map((one) => `${pathOf(one)}${query}\t${JSON.stringify(one)}`),
      );
    },
    fault: (run) => answered(run, { least: ground.size, more: 0 }),
  };
}

/** Server-side apply of every object where nothing is, and nothing else. */
export function bareApply(ground: Ground, inFlight = 64): Contender {
  const fresh = (run: number): Promise<Estate> => ground.estate(`bare-first-${ground.way.roundTrip}-${run}`);
  return {
    name: `bare HTTP/2 apply, ${inFlight} at once`,
    side: "floor",
    async ready(run) {
      const query = "?force=true&fieldManager=bare&fieldValidation=Strict";
      const objects = objectsOf({ ...(await fresh(run)), version: 0 });
      return errand(
        ground,
        { method: "PATCH", inFlight },
        objects.map((one) => `${pathOf(one)}${query}\t${JSON.stringify(one)}`),
      );
    },
    fault: (run) => answered(run, { least: ground.size, more: 0 }),
    done: async (run) => ground.cluster.clear((await fresh(run)).prefix),
  };
}

/** Lists our objects of all kinds, a page after the other, the kinds at the same time. */
export function bareList(ground: Ground): Contender {
  return {
    name: BARE_LIST,
    side: "floor",
    async ready() {
      const labels = await ownLabels(ground, await plumbEstate(ground));
      const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
      const query = `?limit=500&labelSelector=${encodeURIComponent(selector.join(","))}`;
      const paths = COLLECTIONS.map(({ api, plural }) => `${api}/${plural}${query}`);
      return errand(ground, { method: "GET", inFlight: COLLECTIONS.length }, paths);
    },
    // Where other objects follow, a full last page says that there is more: an empty one comes after it.
    fault: (run) => answered(run, { least: pagesOf(ground.size), more: COLLECTIONS.length }),
  };
}

export const BARE_LIST = "bare HTTP/2 LIST of the 5 kinds";
export const BARE_NODE = "node -e 0";

/** Node's own start. */
export function bareNode(ground: Ground): Contender {
  return {
    name: BARE_NODE,
    side: "floor",
    ready: async () => ({ file: process.execPath, args: ["-e", "0"], cwd: ground.folder, env: environmentOf(ground) }),
    fault: (run) => expectEnd(run, { code: 0, says: "" }),
  };
}

/** How many pages of 500 the kinds of a mix have. */
export function pagesOf(size: number): number {
  const counts = Map.groupBy(objectsOf({ size, prefix: "", version: 0 }), ({ kind }) => kind);
  return [...counts.values()].reduce((sum, objects) => sum + Math.ceil(objects.length / 500), 0);
}

/** What a floor's program says of itself, without Node's start. */
export function floorResult({ stdout }: Pick<MeasuredRun, "stdout">): FloorResult {
  return JSON.parse(stdout) as FloorResult;
}

/** The labels that our apply has added to every object. */
async function ownLabels({ cluster }: Ground, estate: Estate): Promise<StringMap> {
  const [wanted] = objectsOf({ ...estate, version: estate.live });
  if (wanted === undefined) return {};
  const { text } = await cluster.metered.api.call("GET", pathOf(wanted));
  const live = (JSON.parse(text) as KubeObject).metadata.labels ?? {};
  const added = Object.entries(live).filter(([key]) => wanted.metadata.labels?.[key] === undefined);
  return Object.fromEntries(added);
}

function withLabels(object: KubeObject, labels: StringMap): KubeObject {
  return { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } } };
}

async function errand(
  ground: Ground,
  how: Pick<Errand, "method" | "inFlight">,
  lines: readonly string[],
): Promise<Command> {
  const { cluster, way, folder } = ground;
  const [program, file] = [join(folder, "floor-program.mjs"), join(folder, "errand")];
  // Node would take longer to start from the typed text, and a floor should be low.
  const source = readFileSync(join(import.meta.dirname, "../floor-program.ts"), "utf8");
  await writeFile(program, stripTypeScriptTypes(source));
  const { caFile, token } = cluster;
  const head: Errand = { ...how, server: way.server, caFile, token };
  await writeFile(file, `${[JSON.stringify(head), ...lines].join("\n")}\n`);
  return { file: process.execPath, args: [program, file], cwd: folder, env: environmentOf(ground) };
}

interface Expected {
  readonly least: number;
  readonly more: number;
}

function answered(run: MeasuredRun, { least, more }: Expected): string | undefined {
  const fault = expectEnd(run, { code: 0, says: "{" });
  if (fault !== undefined) return fault;
  const { answers, faults } = floorResult(run);
  const isRight = answers >= least && answers <= least + more && faults === 0;
  return isRight ? undefined : `${answers} answers, ${faults} of them faults; not ${least}`;
}
