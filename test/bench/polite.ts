import { bareDryRun } from "./contenders/floor.ts";
import { plumbPlan } from "./contenders/plumb.ts";
import type { Ground } from "./contender.ts";
import { medianOf, times } from "./goals.ts";
import type { Outcome, Verdict } from "./outcome.ts";
import { faultNote, raceTable } from "./race-outcome.ts";
import { race, type Lap, type RaceOptions } from "./race.ts";

/** Flags of an API server that works on 49 requests at once and queues or refuses the others. */
export const FEW_SEATS = ["--max-requests-inflight=33", "--max-mutating-requests-inflight=16"];

const FIXED = [4, 8, 16, 32, 64];
const MOST_REFUSED = 0.01;
const MOST_TIME = 1.15;
/** With fewer objects it is the start of the process that is compared. */
const LEAST_SIZE = 1000;

/** How a plan that asks for every object fares where the server grants little, against loops of a fixed concurrency. */
export async function politeOutcome(
  ground: Ground,
  options: RaceOptions & { readonly hasExact: boolean },
): Promise<Outcome> {
  const ours = plumbPlan(ground, options.hasExact ? "exact" : "usual");
  const rows = await race(ground, [ours, ...FIXED.map((inFlight) => bareDryRun(ground, inFlight))], options);
  const mine = medianOf({ rows }, ours.name);
  const loops = rows.filter(({ side }) => side === "floor").flatMap(({ median }) => median ?? []);
  const best = Math.min(...loops.map(({ seconds }) => seconds));
  const verdicts =
    mine === undefined
      ? []
      : [...refusals(mine), ...(ground.size < LEAST_SIZE ? [] : pace(ours.name, mine.seconds / best))];
  const refused = rows.flatMap(({ name, median }) =>
    median === undefined || median.refused === 0 ? [] : [`${name}: ${median.refused} requests were answered 429`],
  );
  const { size, way } = ground;
  return {
    title: `politeness: a server with 49 seats, ${size.toLocaleString("en")} objects, ${way.roundTrip} ms round trip`,
    tables: [raceTable(rows)],
    notes: [...rows.flatMap(faultNote), ...refused],
    verdicts,
    figures: rows,
  };
}

function refusals({ refused, requests }: Lap): readonly Verdict[] {
  const text = `${refused} of ${requests} requests were answered 429; at most 1 %`;
  return [{ goal: "G10", met: refused <= requests * MOST_REFUSED, text }];
}

function pace(ours: string, share: number): readonly Verdict[] {
  if (!Number.isFinite(share)) return [];
  const text = `${ours} takes ${times(share)} the time of the best fixed concurrency; at most ${times(MOST_TIME)}`;
  return [{ goal: "G10", met: share <= MOST_TIME, text }];
}
