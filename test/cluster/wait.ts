import { setTimeout as pause } from "node:timers/promises";

import type { Program } from "./program.ts";

export interface Wait {
  /** What is waited for, as it is said when it does not come. */
  readonly what: string;
  /** Milliseconds. */
  readonly within: number;
  /** The programs without which it cannot come. */
  readonly of: readonly Program[];
  /** True once it has come; what it throws is the reason why not yet. */
  readonly until: () => Promise<boolean>;
}

/** Waits until something is so; throws with the last lines of the program that ended, or of all when time is over. */
export async function wait({ what, within, of, until }: Wait): Promise<void> {
  const end = performance.now() + within;
  let reason: unknown;
  for (;;) {
    const dead = of.find((program) => !program.isAlive());
    if (dead !== undefined) throw new Error(`${dead.name}: ended by itself; its last lines:\n${dead.lastWords()}`);
    try {
      if (await until()) return;
    } catch (error) {
      reason = error;
    }
    if (performance.now() > end) break;
    await pause(50);
  }
  const words = of.map((program) => `last lines of ${program.name}:\n${program.lastWords()}`).join("\n");
  throw new Error(`${what}: not so within ${within / 1000} s\n${words}`, { cause: reason });
}
