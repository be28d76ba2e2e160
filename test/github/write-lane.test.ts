import { expect, test } from "vitest";
import { writeLane } from "../../src/github/write-lane.ts";

test("a job begins a spacing after the end of the one before, also when that failed", async () => {
  const { pace, journal, work } = day();
  const lane = writeLane(1000, pace);
  const fail = async (): Promise<never> => {
    await work("broken", 10)();
    throw new Error("broken");
  };
  const results = await Promise.allSettled([lane(work("first", 300)), lane(fail), lane(work("last", 5))]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(journal).toEqual(["first at 0", "broken at 1300", "last at 2310"]);
});

test("nothing is waited for when the spacing has passed, nor after the last job", async () => {
  const { pace, journal, work } = day();
  const lane = writeLane(1000, pace);
  await lane(work("first", 300));
  await pace.wait(5000);
  await lane(work("last", 1));
  expect(journal).toEqual(["first at 0", "last at 5300"]);
  expect(pace.now()).toBe(5301);
});

/** A clock that moves only when somebody waits or works. */
function day() {
  let time = 0;
  const journal: string[] = [];
  const wait = async (milliseconds: number): Promise<void> => {
    await Promise.resolve();
    time += milliseconds;
  };
  const work = (name: string, milliseconds: number) => async (): Promise<void> => {
    journal.push(`${name} at ${time}`);
    await wait(milliseconds);
  };
  return { pace: { now: () => time, wait }, journal, work };
}
