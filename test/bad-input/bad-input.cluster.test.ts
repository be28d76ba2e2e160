import { describe, expect, test } from "vitest";
import type { BadInputs } from "./bad-input.ts";
import { CLAIMS } from "./cases/claims.ts";
import { CONFIGURATIONS } from "./cases/configurations.ts";
import { CREDENTIALS } from "./cases/credentials.ts";
import { JOBS } from "./cases/jobs.ts";
import { MANIFESTS } from "./cases/manifests.ts";
import { MONSTERS } from "./cases/monsters.ts";
import { REFUSALS } from "./cases/refusals.ts";
import { RENDERS } from "./cases/renders.ts";
import { CANARY } from "./scene.ts";
import { transcript } from "./transcript.ts";
import { codesOf, tryOut } from "./trial.ts";

const TABLES: Readonly<Record<string, BadInputs>> = {
  configurations: CONFIGURATIONS,
  manifests: MANIFESTS,
  monsters: MONSTERS,
  renders: RENDERS,
  refusals: REFUSALS,
  claims: CLAIMS,
  credentials: CREDENTIALS,
  jobs: JOBS,
};

/** A line of a stack, also where a workflow command has written its line breaks otherwise. */
const STACK = /(?:^|%0A)\s+at .+:\d+:\d+|this is a bug/m;

test("a sound app is written, so that nothing written means something", async () => {
  const { before, after, endings } = await tryOut("sound-app", { ends: { push: 0 } });
  expect(endings).toMatchObject([{ code: 0, result: "applied" }]);
  expect(after).not.toBe(before);
  expect(after).toContain('"commit"');
});

describe.concurrent.for(Object.entries(TABLES))("%s", ([, table]) => {
  test.for(Object.entries(table))("%s", async ([name, badInput], { expect: expectHere }) => {
    const trial = await tryOut(name, badInput);
    await expectHere(transcript(trial)).toMatchFileSnapshot(`golden/${name}.txt`);
    expect(codesOf(trial)).toEqual(badInput.ends);
    expect(trial.after).toBe(trial.before);
    expect(trial.sinks).not.toContain(CANARY);
    expect(trial.sinks).not.toMatch(STACK);
    expect(trial.violations).toEqual([]);
  });
});
