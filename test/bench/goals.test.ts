import { expect, test } from "vitest";
import { verdictsOf, type RaceResult } from "./goals.ts";
import { verdictLine } from "./outcome.ts";
import { raceOutcome } from "./race-outcome.ts";
import type { Row } from "./race.ts";

test("a goal is met or missed by the ratio of two medians of one race", () => {
  const rows = [
    row("ours", "plumb plan", 0.5),
    row("peer", "kubectl diff, one file", 55),
    row("peer", "kapp deploy --diff-run", 4),
  ];
  expect(verdictsOf({ ...FAR, rows }).map(verdictLine)).toEqual([
    "G1 met     plumb plan is 110 x as fast as kubectl diff, one file; at least 100 x",
    "G1 MISSED  plumb plan is 8.00 x as fast as kapp deploy --diff-run; at least 10.0 x",
    "G1 MISSED  plumb plan costs the API server 1/1.0 of what the cheapest peer that asks for each object costs it; at most 1/30",
  ]);
});

test("a loop without anything around it bounds our time from below", () => {
  const rows = [row("ours", "plumb plan --exact", 2.5), row("floor", "bare HTTP/2 dry-run, 64 at once", 2)];
  expect(verdictsOf({ ...FAR, rows }).map(verdictLine)).toEqual([
    "G2 met     plumb plan --exact takes 1.25 x the time of bare HTTP/2 dry-run, 64 at once; at most 1.35 x its time",
  ]);
});

test("a goal says nothing of other sizes and distances, nor of a contender without a result", () => {
  const rows = [row("ours", "plumb plan", 0.5), row("peer", "kubectl diff, one file", 55)];
  expect(verdictsOf({ ...FAR, size: 100, rows })).toEqual([]);
  expect(verdictsOf({ ...FAR, roundTrip: 0, rows })).toEqual([]);
  expect(verdictsOf({ ...FAR, rows: [rows[0]!, { name: "kubectl diff, one file", side: "peer", laps: [] }] })).toEqual(
    [],
  );
});

test("whom we lose to is printed, and who was wrong or took no part", () => {
  const rows: readonly Row[] = [
    row("ours", "plumb plan", 2),
    row("peer", "kubectl diff, one file", 1),
    { name: "kapp deploy --diff-run", side: "peer", laps: [], absence: "go is not installed" },
    { name: "bare HTTP/2 dry-run, 64 at once", side: "floor", laps: [], fault: "99 answers, not 100" },
  ];
  const { tables, notes } = raceOutcome({ ...FAR, size: 100, rows });
  expect(tables[1]?.at(-1)).toEqual(["plumb plan", "kubectl diff, one file", "0.50 x", "1.00 x", "LOST"]);
  expect(notes).toEqual([
    "kapp deploy --diff-run: takes no part: go is not installed",
    "bare HTTP/2 dry-run, 64 at once: WRONG: 99 answers, not 100",
  ]);
});

const FAR: Omit<RaceResult, "rows"> = { scenario: "plan", size: 1000, roundTrip: 20 };

function row(side: Row["side"], name: string, seconds: number): Row {
  const lap = { seconds, cpuSeconds: 1, megabytes: 50, requests: 100, refused: 0, serverCpuSeconds: 1 };
  return { name, side, laps: [lap], median: lap };
}
