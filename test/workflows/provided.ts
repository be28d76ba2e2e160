import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { TestContext } from "vitest";
import { lockFolder } from "../cluster/folder-lock.ts";

/** A program that a test needs: had, or why it cannot be had on this machine. */
export type Provided =
  | { readonly kind: "program"; readonly path: string }
  | { readonly kind: "unavailable"; readonly why: string };

export interface Provision {
  readonly name: string;
  /** Path of the program below the folder that `obtain` fills. */
  readonly program: string;
  /** Files that pin the version: other contents, another folder of the cache. */
  readonly pins: readonly string[];
  /** What it takes, for the person who waits. */
  readonly cost: string;
  /** Fills an empty folder. Returns why that is not possible here; throws where it should have been. */
  readonly obtain: (folder: string) => Promise<string | undefined>;
}

/** A program from the user's cache folder, put there first where it is missing; the same for every later run. */
export async function provide({ name, program, pins, cost, obtain }: Provision): Promise<Provided> {
  const parent = join(cacheFolder(process.env), "workflows");
  const folder = join(parent, `${name}-${hashOf(pins)}`);
  const found: Provided = { kind: "program", path: join(folder, program) };
  if (existsSync(found.path)) return found;

  await mkdir(parent, { recursive: true });
  await using lock = await lockFolder(parent, {
    onWait: () => say(`waiting for another process that fills ${parent}`),
  });
  void lock;
  if (existsSync(found.path)) return found;
  say(`${name} is not in ${parent}: ${cost}`);
  const partial = await mkdtemp(join(parent, `${name}.partial-`));
  try {
    const why = await obtain(partial);
    if (why !== undefined) return unavailable(`${name}: ${why}`);
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
    return found;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** The program's path. Without one the test is skipped, and the reason printed. */
export function programOrSkip(provided: Provided, context: TestContext): string {
  if (provided.kind === "program") return provided.path;
  say(`skipped: ${provided.why}`);
  return context.skip(provided.why);
}

// Where nobody reads the reason of a skipped test, there is none.
function unavailable(why: string): Provided {
  if ((process.env["CI"] ?? "") !== "") throw new Error(`${why}; CI skips nothing`);
  return { kind: "unavailable", why };
}

/** Whether a tool's output says that the network, and nothing else, was the reason. */
export function isOffline(output: string): boolean {
  return /no such host|name resolution|network is unreachable|connection (?:refused|reset|broken|timed out)|i\/o timeout/i.test(
    output,
  );
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  const wanted = env["XDG_CACHE_HOME"];
  const parent = wanted !== undefined && isAbsolute(wanted) ? wanted : join(env["HOME"] ?? homedir(), ".cache");
  return join(parent, "plumbline");
}

function hashOf(pins: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of pins) hash.update(readFileSync(file));
  // A home folder may be shared by machines of several kinds.
  hash.update(`${process.platform}/${process.arch}`);
  return hash.digest("hex").slice(0, 16);
}

function say(line: string): void {
  process.stderr.write(`workflows: ${line}\n`);
}
