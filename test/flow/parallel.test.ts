import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { mapLimit } from "../../src/flow/parallel.ts";

test("results keep the order of the items, whatever ends first", async () => {
  const results = await mapLimit([3, 1, 2], 2, async (turns) => {
    for (let left = turns; left > 0; left -= 1) await turn();
    return `after ${turns}`;
  });
  expect(results).toEqual(["after 3", "after 1", "after 2"]);
});

test("after an error nothing more is begun, and what was under way has ended before the error is thrown", async () => {
  const told: string[] = [];
  const work = mapLimit(["slow", "broken", "never"], 2, async (item) => {
    told.push(`${item} begins`);
    if (item === "broken") throw new Error("broken");
    for (let left = 3; left > 0; left -= 1) await turn();
    told.push(`${item} ends`);
  });
  await expect(work).rejects.toThrow("broken");
  for (let left = 5; left > 0; left -= 1) await turn();
  expect(told).toEqual(["slow begins", "broken begins", "slow ends"]);
});
