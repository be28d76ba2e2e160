import { gitFailure } from "./git-failure.ts";
import type { ObjectStore } from "./object-store.ts";

/** Git's number for "all of it". */
const EVERYTHING = 2_147_483_647;
const DEPTHS = [64, 1024, EVERYTHING];

/** The best common ancestor of commits that are here, `undefined` when they have none. History is fetched as deep as a certain answer needs. */
export async function mergeBase(
  store: ObjectStore,
  commits: readonly [string, string],
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const depth of DEPTHS) {
    const found = await nearest(store, commits, signal);
    if (await isCertain(store, commits, found, signal)) return found;
    await store.deepen(commits, depth, signal);
  }
  return nearest(store, commits, signal);
}

async function nearest(
  store: ObjectStore,
  commits: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const answer = await store.ask(["merge-base", ...commits], signal);
  if (answer.code === 0) return answer.stdout.trim();
  if (answer.code === 1) return undefined;
  throw gitFailure("git merge-base", answer);
}

/**
 * In a history that is cut, a common ancestor may hide behind a cut. None does when no cut commit lies between the tips and
 * the ancestor that was found: what lies behind it then is older.
 */
async function isCertain(
  store: ObjectStore,
  commits: readonly string[],
  found: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const boundary = await store.boundary();
  if (boundary.size === 0) return true;
  const without = found === undefined ? [] : [`^${found}`];
  const between = await store.run(["rev-list", ...commits, ...without], signal);
  return !between.split("\n").some((sha) => boundary.has(sha));
}
