import { setTimeout as wait } from "node:timers/promises";
import { Failure } from "../model/failure.ts";
import type { Clock } from "../ports.ts";

/** setTimeout fires at once for anything longer. */
const LONGEST_MILLISECONDS = 2 ** 31 - 1;

/** The machine's clock. A sleep that is aborted throws Failure `interrupted` at once. */
export const systemClock: Clock = { now: () => new Date(), sleep };

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(Math.min(milliseconds, LONGEST_MILLISECONDS), undefined, { signal });
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new Failure("interrupted", "waiting was interrupted", { remedy: "run it again", cause });
  }
}
