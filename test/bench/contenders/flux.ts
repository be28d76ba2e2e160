import { environmentOf, expectEnd, withProgram, type Entrant, type Ground } from "../contender.ts";
import type { Command } from "../measured-run.ts";
import { changedIn } from "../mix.ts";
import type { Wanted } from "./kubectl.ts";

const ESTATE = "flux";
const LIBRARY = "fluxcd/pkg/ssa";

/** Applies the first version, unmeasured; `undefined` where there is no such program. */
export async function fluxSetUp(ground: Ground): Promise<Command | undefined> {
  if (ground.flux.kind === "unavailable") return undefined;
  const estate = await ground.estate(ESTATE);
  return command(ground, ground.flux.path, ["apply", ...(await work(estate.file(estate.live), 8))]);
}

/** `Diff` of every object; the command line goes one by one, nothing of the library's keeps a caller from more. */
export function fluxDiff(ground: Ground, wanted: Wanted, atOnce: 1 | 8): Entrant {
  const name = `${LIBRARY} Diff, ${atOnce === 1 ? "one by one" : `${atOnce} at once`}`;
  const changed = wanted === "next" ? changedIn(ground.size) : 0;
  const says = `created 0 configured ${changed} unchanged ${ground.size - changed}\n`;
  return withProgram({ name, side: "peer" }, ground.flux, (file) => ({
    async ready() {
      const estate = await ground.estate(ESTATE);
      const version = wanted === "next" ? estate.live + 1 : estate.live;
      return command(ground, file, ["diff", ...(await work(estate.file(version), atOnce))]);
    },
    fault: (run) => expectEnd(run, { code: 0, says }),
  }));
}

/** `ApplyAll` of the next version, with its controller's own concurrency. */
export function fluxApply(ground: Ground): Entrant {
  const changed = changedIn(ground.size);
  const says = `created 0 configured ${changed} unchanged ${ground.size - changed}\n`;
  return withProgram({ name: `${LIBRARY} ApplyAll, 4 at once`, side: "peer" }, ground.flux, (file) => ({
    async ready() {
      const estate = await ground.estate(ESTATE);
      return command(ground, file, ["apply", ...(await work(estate.file(estate.live + 1), 4))]);
    },
    fault: (run) => expectEnd(run, { code: 0, says }),
    async done() {
      (await ground.estate(ESTATE)).live += 1;
    },
  }));
}

/** Applies everything where nothing is. */
export function fluxFirst(ground: Ground): Entrant {
  const fresh = (run: number): ReturnType<Ground["estate"]> =>
    ground.estate(`${ESTATE}-first-${ground.way.roundTrip}-${run}`);
  return withProgram({ name: `${LIBRARY} ApplyAll, 4 at once`, side: "peer" }, ground.flux, (file) => ({
    ready: async (run) => command(ground, file, ["apply", ...(await work((await fresh(run)).file(0), 4))]),
    fault: (run) => expectEnd(run, { code: 0, says: `created ${ground.size} configured 0 unchanged 0\n` }),
    done: async (run) => ground.cluster.clear((await fresh(run)).prefix),
  }));
}

async function work(file: Promise<string>, atOnce: number): Promise<readonly string[]> {
  return ["-concurrency", `${atOnce}`, "-file", await file];
}

function command(ground: Ground, file: string, args: readonly string[]): Command {
  return { file, args, cwd: ground.folder, env: environmentOf(ground) };
}
