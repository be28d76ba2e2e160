import { medianOf, times, type RaceResult } from "./goals.ts";
import type { Outcome, Verdict } from "./outcome.ts";
import type { Lap } from "./race.ts";

const OURS = "plumb plan";
/** Megabytes that a plan may need, by its number of objects. */
const MOST_MEMORY: Readonly<Record<number, number>> = { 1000: 150, 10_000: 240 };

/** How time and memory of our plan grow with the number of objects, from the races of several sizes. */
export function growthOutcome(results: readonly RaceResult[]): Outcome | undefined {
  const roundTrip = Math.max(...results.map((one) => one.roundTrip));
  const points = results
    .filter((one) => one.scenario === "plan" && one.roundTrip === roundTrip)
    .flatMap((one) => pointOf(one) ?? [])
    .toSorted((a, b) => a.size - b.size);
  if (points.length < 2) return undefined;
  return {
    title: `growth of a plan with 1 % changed, ${roundTrip} ms round trip`,
    tables: [
      [
        ["objects", "wall s", "ms an object", "client CPU s", "MB"],
        ...points.map(({ size, lap }) => [
          size.toLocaleString("en"),
          lap.seconds.toFixed(3),
          ((1000 * lap.seconds) / size).toFixed(2),
          lap.cpuSeconds.toFixed(2),
          lap.megabytes.toFixed(0),
        ]),
      ],
    ],
    notes: [],
    verdicts: [...linear(points), ...memory(points)],
    figures: points,
  };
}

interface Point {
  readonly size: number;
  readonly lap: Lap;
}

function pointOf(result: RaceResult): Point | undefined {
  const lap = medianOf(result, OURS);
  return lap === undefined ? undefined : { size: result.size, lap };
}

/** What starts costs the same for all sizes, so what is linear grows by less than the number of objects. */
function linear(points: readonly Point[]): readonly Verdict[] {
  const [first, last] = [points.at(0), points.at(-1)];
  if (first === undefined || last === undefined) return [];
  const most = last.size / first.size;
  return (["seconds", "megabytes"] as const).map((what) => {
    const factor = last.lap[what] / first.lap[what];
    const text = `${times(most)} the objects take ${times(factor)} the ${what === "seconds" ? "time" : "memory"}; at most ${times(most)}`;
    return { goal: "G6", met: factor <= most, text };
  });
}

function memory(points: readonly Point[]): readonly Verdict[] {
  return points.flatMap(({ size, lap }) => {
    const most = MOST_MEMORY[size];
    if (most === undefined) return [];
    const text = `${size.toLocaleString("en")} objects take ${lap.megabytes.toFixed(0)} MB; at most ${most} MB`;
    return [{ goal: "G6", met: lap.megabytes <= most, text }];
  });
}
