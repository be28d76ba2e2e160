import { environmentOf, expectEnd, type Contender, type Ground } from "../contender.ts";
import type { Command, MeasuredRun } from "../measured-run.ts";
import { changedIn } from "../mix.ts";

const ESTATE = "kubectl";
const DIFF = ["diff", "--server-side", "--force-conflicts"];
const APPLY = ["apply", "--server-side", "--force-conflicts", "-f"];

/** Applies the first version, unmeasured. */
export async function kubectlSetUp(ground: Ground): Promise<Command> {
  const estate = await ground.estate(ESTATE);
  return command(ground, [...APPLY, await estate.file(estate.live)]);
}

/** What the diff is asked about: `next` differs by 1 %, `live` by nothing. */
export type Wanted = "next" | "live";

/** The usual way: a file with everything. */
export function kubectlDiffFile(ground: Ground, wanted: Wanted): Contender {
  return {
    name: "kubectl diff, one file",
    side: "peer",
    async ready() {
      const estate = await ground.estate(ESTATE);
      return command(ground, [...DIFF, "-f", await estate.file(versionOf(estate.live, wanted))]);
    },
    fault: (run) => differences(run, wanted === "next" ? changedIn(ground.size) : 0),
  };
}

/** Its best case: it compares files at the same time, objects of one file never. */
export function kubectlDiffFolder(ground: Ground, wanted: Wanted): Contender {
  return {
    name: "kubectl diff, folder, 32 at once",
    side: "peer",
    async ready() {
      const estate = await ground.estate(ESTATE);
      const folder = await estate.folder(versionOf(estate.live, wanted));
      return command(ground, [...DIFF, "--concurrency=32", "-f", folder]);
    },
    fault: (run) => differences(run, wanted === "next" ? changedIn(ground.size) : 0),
  };
}

/** Applies the next version. */
export function kubectlApply(ground: Ground): Contender {
  return {
    name: "kubectl apply, one file",
    side: "peer",
    async ready() {
      const estate = await ground.estate(ESTATE);
      return command(ground, [...APPLY, await estate.file(estate.live + 1)]);
    },
    fault: (run) => applied(run, ground.size),
    async done() {
      (await ground.estate(ESTATE)).live += 1;
    },
  };
}

/** Applies everything where nothing is. */
export function kubectlFirst(ground: Ground): Contender {
  const fresh = (run: number): ReturnType<Ground["estate"]> =>
    ground.estate(`${ESTATE}-first-${ground.way.roundTrip}-${run}`);
  return {
    name: "kubectl apply, one file",
    side: "peer",
    ready: async (run) => command(ground, [...APPLY, await (await fresh(run)).file(0)]),
    fault: (run) => applied(run, ground.size),
    done: async (run) => ground.cluster.clear((await fresh(run)).prefix),
  };
}

function versionOf(live: number, wanted: Wanted): number {
  return wanted === "next" ? live + 1 : live;
}

function command(ground: Ground, args: readonly string[]): Command {
  return { file: ground.kubectl, args, cwd: ground.folder, env: environmentOf(ground) };
}

function differences(run: MeasuredRun, count: number): string | undefined {
  const found = [...run.stdout.matchAll(/^diff -u -N /gm)].length;
  const fault = expectEnd(run, { code: count === 0 ? 0 : 1, says: "" });
  return fault ?? (found === count ? undefined : `found ${found} differences, not ${count}`);
}

function applied(run: MeasuredRun, count: number): string | undefined {
  const found = [...run.stdout.matchAll(/ serverside-applied$/gm)].length;
  return expectEnd(run, { code: 0, says: "" }) ?? (found === count ? undefined : `applied ${found}, not ${count}`);
}
