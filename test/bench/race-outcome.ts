import { comparedVerdict, times, verdictsOf, type RaceResult } from "./goals.ts";
import type { Outcome, Table } from "./outcome.ts";
import type { Lap, Row } from "./race.ts";
import { scenarioTitle } from "./scenario.ts";

const COLUMNS = ["", "contender", "runs", "wall s", "from", "to", "client CPU s", "MB", "requests", "server CPU s"];

/** A race as it is printed: everybody's figures, how we compare with each of them, and the goals. */
export function raceOutcome(result: RaceResult): Outcome {
  const { scenario, size, roundTrip, rows } = result;
  return {
    title: scenarioTitle(scenario, size, roundTrip),
    tables: [raceTable(rows), ratioTable(result)],
    notes: rows.flatMap(faultNote),
    verdicts: verdictsOf(result),
    figures: result,
  };
}

/** Medians of all who have any. */
export function raceTable(rows: readonly Row[]): Table {
  return [COLUMNS, ...rows.flatMap((row) => (row.median === undefined ? [] : [cellsOf(row, row.median)]))];
}

/** Why somebody has no figures, or no more of them. */
export function faultNote({ name, fault, absence }: Row): readonly string[] {
  if (fault !== undefined) return [`${name}: WRONG: ${fault}`];
  return absence === undefined ? [] : [`${name}: takes no part: ${absence}`];
}

function cellsOf({ name, side, laps }: Row, median: Lap): readonly string[] {
  const walls = laps.map(({ seconds }) => seconds);
  return [
    side,
    name,
    `${laps.length}`,
    ...[median.seconds, Math.min(...walls), Math.max(...walls)].map((value) => value.toFixed(value < 10 ? 3 : 1)),
    median.cpuSeconds.toFixed(2),
    median.megabytes.toFixed(0),
    `${Math.round(median.requests)}`,
    median.serverCpuSeconds.toFixed(2),
  ];
}

/** How many times our time and our share of the API server's time each other contender takes. */
function ratioTable(result: RaceResult): Table {
  const withResult = result.rows.flatMap((row) => (row.median === undefined ? [] : [{ ...row, median: row.median }]));
  const rows = withResult
    .filter(({ side }) => side === "ours")
    .flatMap((mine) =>
      withResult
        .filter(({ side }) => side !== "ours")
        .map((other) => [mine.name, other.name, ...ratios(mine.median, other.median), remark(result, mine, other)]),
    );
  return [["against", "whose", "wall is", "and server CPU", "goal"], ...rows];
}

function ratios(mine: Lap, theirs: Lap): readonly string[] {
  // The kernel counts in hundredths of a second.
  const server = theirs.serverCpuSeconds / Math.max(mine.serverCpuSeconds, 0.01);
  return [times(theirs.seconds / mine.seconds), times(server)];
}

/** The goal, or that a peer was faster; that a floor is lower goes without saying. */
function remark(result: RaceResult, mine: Row, other: Row): string {
  const verdict = comparedVerdict(result, mine.name, other.name);
  if (verdict !== undefined) return `${verdict.goal} ${verdict.wanted}: ${verdict.met ? "met" : "MISSED"}`;
  const isSlower = (mine.median?.seconds ?? 0) > (other.median?.seconds ?? 0);
  return isSlower && other.side === "peer" ? "LOST" : "";
}
