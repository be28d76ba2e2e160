/** Runs jobs one after the other, in the order they came. */
export type Lane = <T>(job: () => Promise<T>) => Promise<T>;

/** Milliseconds since any fixed moment, and a way to let some pass. */
export interface Pace {
  now(): number;
  wait(milliseconds: number): Promise<unknown>;
}

/** A lane in which a job begins at least `spacingMilliseconds` after the one before ended, however that ended. */
export function writeLane(spacingMilliseconds: number, pace: Pace): Lane {
  let last: Promise<unknown> = Promise.resolve();
  let readyAt = pace.now();
  return (job) => {
    const result = last.then(async () => {
      // Waited for by the next job and not after the last one: that would only delay the end of the process.
      const left = readyAt - pace.now();
      if (left > 0) await pace.wait(left);
      try {
        return await job();
      } finally {
        readyAt = pace.now() + spacingMilliseconds;
      }
    });
    last = result.catch(() => undefined);
    return result;
  };
}
