import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { BenchCluster, Way } from "./bench-cluster.ts";
import { fluxSetUp } from "./contenders/flux.ts";
import { kappSetUp } from "./contenders/kapp.ts";
import { kubectlSetUp } from "./contenders/kubectl.ts";
import { plumbSetUp } from "./contenders/plumb.ts";
import type { Ground } from "./contender.ts";
import { newEstate, type Estate } from "./estate.ts";
import { measureRun, type Command } from "./measured-run.ts";
import type { Peers } from "./peers.ts";
import type { Field } from "./scenario.ts";

/** What all grounds of a bench share. */
export interface Place {
  readonly cluster: BenchCluster;
  readonly peers: Peers;
  /** The built command line. */
  readonly plumb: string;
  /** Folder that everything is written below. */
  readonly folder: string;
}

/** The grounds for one number of objects: the same estates, whatever the way to the server. */
export interface Grounds {
  readonly over: (way: Way) => Ground;
  /** Removes the objects of all estates. */
  readonly clear: () => Promise<void>;
}

/** Prepares the files of a size; nothing is applied. */
export async function newGrounds({ cluster, peers, plumb, folder }: Place, size: number): Promise<Grounds> {
  const parent = join(folder, `${size}`);
  await mkdir(parent, { recursive: true });
  const estates = new Map<string, Promise<Estate>>();
  const open = async (prefix: string): Promise<Estate> => {
    await cluster.open(prefix);
    return newEstate({ prefix, size, parent });
  };
  const estate: Ground["estate"] = (name) => {
    const found = estates.get(name) ?? open(`${name}-${size}`);
    estates.set(name, found);
    return found;
  };
  return {
    over: (way) => ({ cluster, way, size, folder: parent, estate, plumb, kubectl: cluster.kubectl, ...peers }),
    async clear() {
      for (const one of estates.values()) await cluster.clear((await one).prefix);
    },
  };
}

/** Lets everybody who takes part apply their own objects once, so that what follows meets an ordinary cluster. */
export async function setUp(ground: Ground, field: Field, signal: AbortSignal): Promise<void> {
  const commands = [
    await plumbSetUp(ground),
    field === "ours" ? undefined : await kubectlSetUp(ground),
    field === "all" ? await fluxSetUp(ground) : undefined,
    field === "all" ? await kappSetUp(ground) : undefined,
  ];
  for (const command of commands) if (command !== undefined) await apply(command, ground, signal);
}

const LIMIT = 600_000;

async function apply(command: Command, { folder }: Ground, signal: AbortSignal): Promise<void> {
  const { code, stderr, stdout } = await measureRun(command, { folder, limit: LIMIT, signal });
  if (code === 0) return;
  const said = `${stderr}\n${stdout}`.trim().split("\n").slice(-10).join("\n");
  throw new Error(`${command.file} ${command.args.join(" ")}: ended with ${code ?? "a signal"}\n${said}`);
}
