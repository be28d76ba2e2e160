import type { Clock } from "../../src/ports.ts";

/** Never waits: time jumps ahead by what it was asked to sleep, and the naps are written down. */
export function jumpingClock(): Clock & { readonly naps: readonly number[] } {
  const naps: number[] = [];
  let time = Date.UTC(2026, 0, 1);
  return {
    naps,
    now: () => new Date(time),
    async sleep(milliseconds, signal) {
      signal.throwIfAborted();
      naps.push(milliseconds);
      time += milliseconds;
    },
  };
}

/** Stands still until a test moves it. */
export interface SteppedClock extends Clock {
  /** Moves on and wakes who is due. */
  advance(milliseconds: number): void;
  /** When at least so many are asleep. */
  asleep(count: number): Promise<void>;
}

export function steppedClock(start = new Date()): SteppedClock {
  let time = start.getTime();
  let sleepers: readonly { readonly due: number; wake(): void }[] = [];
  let watchers: readonly { readonly count: number; tell(): void }[] = [];

  function tellWatchers(): void {
    watchers.filter(({ count }) => sleepers.length >= count).forEach((watcher) => watcher.tell());
    watchers = watchers.filter(({ count }) => sleepers.length < count);
  }

  return {
    now: () => new Date(time),
    sleep(milliseconds, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const sleeper = { due: time + milliseconds, wake: resolve };
      const stop = (): void => {
        sleepers = sleepers.filter((other) => other !== sleeper);
        reject(new Error("aborted"));
      };
      if (signal.aborted) stop();
      else sleepers = [...sleepers, sleeper];
      signal.addEventListener("abort", stop, { once: true });
      tellWatchers();
      return promise;
    },
    advance(milliseconds) {
      time += milliseconds;
      const due = sleepers.filter((sleeper) => sleeper.due <= time);
      sleepers = sleepers.filter((sleeper) => sleeper.due > time);
      due.forEach((sleeper) => sleeper.wake());
    },
    asleep(count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      watchers = [...watchers, { count, tell: resolve }];
      tellWatchers();
      return promise;
    },
  };
}
