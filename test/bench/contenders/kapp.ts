import { environmentOf, expectEnd, withProgram, type Entrant, type Ground } from "../contender.ts";
import type { Estate } from "../estate.ts";
import type { Command, MeasuredRun } from "../measured-run.ts";
import { changedIn, namespacesOf } from "../mix.ts";
import type { Wanted } from "./kubectl.ts";

const ESTATE = "kapp";

/** Applies the first version, unmeasured; `undefined` where there is no such program. */
export async function kappSetUp(ground: Ground): Promise<Command | undefined> {
  if (ground.kapp.kind === "unavailable") return undefined;
  const estate = await ground.estate(ESTATE);
  return command(ground, ground.kapp.path, await deploy(estate, estate.live));
}

/** What it would change. */
export function kappDiff(ground: Ground, wanted: Wanted): Entrant {
  const changed = wanted === "next" ? changedIn(ground.size) : 0;
  return withProgram({ name: "kapp deploy --diff-run", side: "peer" }, ground.kapp, (file) => ({
    async ready() {
      const estate = await ground.estate(ESTATE);
      const version = wanted === "next" ? estate.live + 1 : estate.live;
      return command(ground, file, [...(await deploy(estate, version)), "--diff-run"]);
    },
    fault: (run) => operations(run, `0 create, 0 delete, ${changed} update`),
  }));
}

/** Applies the next version. */
export function kappApply(ground: Ground): Entrant {
  return withProgram({ name: "kapp deploy", side: "peer" }, ground.kapp, (file) => ({
    async ready() {
      const estate = await ground.estate(ESTATE);
      return command(ground, file, await deploy(estate, estate.live + 1));
    },
    fault: (run) => operations(run, `0 create, 0 delete, ${changedIn(ground.size)} update`),
    async done() {
      (await ground.estate(ESTATE)).live += 1;
    },
  }));
}

/** Applies everything where nothing is. */
export function kappFirst(ground: Ground): Entrant {
  const fresh = (run: number): Promise<Estate> => ground.estate(`${ESTATE}-first-${ground.way.roundTrip}-${run}`);
  return withProgram({ name: "kapp deploy", side: "peer" }, ground.kapp, (file) => ({
    ready: async (run) => command(ground, file, await deploy(await fresh(run), 0)),
    fault: (run) => operations(run, `${ground.size} create, 0 delete, 0 update`),
    done: async (run) => ground.cluster.clear((await fresh(run)).prefix),
  }));
}

async function deploy(estate: Estate, version: number): Promise<readonly string[]> {
  const [namespace = ""] = namespacesOf(estate.prefix);
  return [
    "deploy",
    "--app",
    estate.prefix,
    "--namespace",
    namespace,
    "--wait=false",
    "--yes",
    "--file",
    await estate.file(version),
  ];
}

function operations(run: MeasuredRun, says: string): string | undefined {
  return expectEnd(run, { code: 0, says });
}

function command(ground: Ground, file: string, args: readonly string[]): Command {
  return { file, args, cwd: ground.folder, env: environmentOf(ground) };
}
