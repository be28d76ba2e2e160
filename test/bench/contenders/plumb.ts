import { environmentOf, expectEnd, type Contender, type Ground } from "../contender.ts";
import type { Command } from "../measured-run.ts";
import { changedIn } from "../mix.ts";

const ESTATE = "plumb";

/** The estate that our own apply has made. */
export const plumbEstate = (ground: Ground): ReturnType<Ground["estate"]> => ground.estate(ESTATE);

/** Applies the first version, unmeasured. */
export async function plumbSetUp(ground: Ground): Promise<Command> {
  const estate = await plumbEstate(ground);
  return command(ground, estate.repository, ["apply", "--head", await estate.commit(estate.live)]);
}

/** Plans the next version against the live one. */
export function plumbPlan(ground: Ground, mode: "usual" | "exact" = "usual"): Contender {
  const flags = mode === "exact" ? ["--exact"] : [];
  return {
    name: ["plumb plan", ...flags].join(" "),
    side: "ours",
    async ready() {
      const estate = await plumbEstate(ground);
      const [base, head] = [await estate.commit(estate.live), await estate.commit(estate.live + 1)];
      return command(ground, estate.repository, ["plan", ...flags, "--base", base, "--head", head]);
    },
    fault: (run) => expectEnd(run, { code: 1, says: `Plan: ${changedIn(ground.size)} to change\n` }),
  };
}

/** Compares the live version with itself. */
export function plumbDrift(ground: Ground): Contender {
  return {
    name: "plumb drift",
    side: "ours",
    async ready() {
      const estate = await plumbEstate(ground);
      return command(ground, estate.repository, ["drift", "--head", await estate.commit(estate.live)]);
    },
    fault: (run) => expectEnd(run, { code: 0, says: "Drift: in sync\n" }),
  };
}

/** Applies the next version. */
export function plumbApply(ground: Ground): Contender {
  return {
    name: "plumb apply",
    side: "ours",
    async ready() {
      const estate = await plumbEstate(ground);
      return command(ground, estate.repository, ["apply", "--head", await estate.commit(estate.live + 1)]);
    },
    fault: (run) => expectEnd(run, { code: 0, says: `Applied: ${changedIn(ground.size)} changed\n` }),
    async done() {
      (await plumbEstate(ground)).live += 1;
    },
  };
}

/** Applies everything where nothing is. */
export function plumbFirst(ground: Ground): Contender {
  const fresh = (run: number): ReturnType<Ground["estate"]> =>
    ground.estate(`${ESTATE}-first-${ground.way.roundTrip}-${run}`);
  return {
    name: "plumb apply",
    side: "ours",
    async ready(run) {
      const estate = await fresh(run);
      return command(ground, estate.repository, ["apply", "--head", await estate.commit(0)]);
    },
    fault: (run) => expectEnd(run, { code: 0, says: `Applied: ${ground.size} created\n` }),
    done: async (run) => ground.cluster.clear((await fresh(run)).prefix),
  };
}

/** A run that has nothing to do. */
export function plumbTargets(ground: Ground): Contender {
  return {
    name: "plumb targets",
    side: "ours",
    async ready() {
      const estate = await plumbEstate(ground);
      return command(ground, estate.repository, ["targets", "--head", await estate.commit(estate.live)]);
    },
    fault: (run) => expectEnd(run, { code: 0, says: `bench/${ESTATE}-${ground.size}\n` }),
  };
}

function command(ground: Ground, cwd: string, args: readonly string[]): Command {
  return { file: process.execPath, args: [ground.plumb, ...args], cwd, env: environmentOf(ground) };
}
