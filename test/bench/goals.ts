import { BARE_LIST, BARE_NODE, pagesOf } from "./contenders/floor.ts";
import type { Verdict } from "./outcome.ts";
import type { Lap, Row } from "./race.ts";
import type { Scenario } from "./scenario.ts";

/** What a race was about, and how it ended. */
export interface RaceResult {
  readonly scenario: Scenario;
  readonly size: number;
  readonly roundTrip: number;
  readonly rows: readonly Row[];
}

/** A goal that compares our time with another's. */
interface Rule {
  readonly goal: string;
  readonly scenario: Scenario;
  readonly ours: string;
  readonly against: string;
  /** The other takes at least this many times as long. */
  readonly faster?: number;
  /** We take at most this many times as long. */
  readonly within?: number;
  readonly sizes: readonly number[];
  readonly roundTrips: readonly number[];
}

const FAR = { sizes: [1000], roundTrips: [20] };
const PLAN = { scenario: "plan", ours: "plumb plan", ...FAR } as const;
const EXACT = { scenario: "plan", ours: "plumb plan --exact", sizes: [1000], roundTrips: [0, 20] } as const;
const DRIFT = { scenario: "drift", ours: "plumb drift", sizes: [1000, 5000], roundTrips: [20] } as const;
const APPLY = { scenario: "apply", ours: "plumb apply", ...FAR } as const;
const FIRST = { scenario: "first", ours: "plumb apply", ...FAR } as const;

const RULES: readonly Rule[] = [
  { goal: "G1", ...PLAN, against: "kubectl diff, one file", faster: 100 },
  { goal: "G1", ...PLAN, against: "kubectl diff, folder, 32 at once", faster: 8 },
  { goal: "G1", ...PLAN, against: "fluxcd/pkg/ssa Diff, 8 at once", faster: 14 },
  { goal: "G1", ...PLAN, against: "kapp deploy --diff-run", faster: 10 },
  { goal: "G2", ...EXACT, against: "bare HTTP/2 dry-run, 64 at once", within: 1.35 },
  { goal: "G2", ...EXACT, against: "kubectl diff, folder, 32 at once", faster: 1 },
  { goal: "G3", ...DRIFT, against: "kubectl diff, folder, 32 at once", faster: 10 },
  { goal: "G3", ...DRIFT, against: "fluxcd/pkg/ssa Diff, 8 at once", faster: 15 },
  { goal: "G4", ...APPLY, against: "kubectl apply, one file", faster: 50 },
  { goal: "G4", ...APPLY, against: "fluxcd/pkg/ssa ApplyAll, 4 at once", faster: 25 },
  { goal: "G4", ...APPLY, against: "kapp deploy", faster: 10 },
  { goal: "G5", ...FIRST, against: "kubectl apply, one file", faster: 7 },
  { goal: "G5", ...FIRST, against: "bare HTTP/2 apply, 64 at once", within: 1.4 },
];

/** Whose requests are one or two for each object. */
const ASKS_FOR_EACH = /^(?:kubectl|fluxcd)/;

/** Verdicts on all goals that this race decides; a contender without a result decides none. */
export function verdictsOf(result: RaceResult): readonly Verdict[] {
  const rules = RULES.filter((rule) => isMeant(rule, result));
  const compared = rules.flatMap((rule) => comparedVerdict(result, rule.ours, rule.against) ?? []);
  if (isMeant(PLAN, result)) return [...compared, ...serverShare(result, { ...PLAN, goal: "G1", most: 1 / 30 })];
  if (!isMeant(DRIFT, result)) return compared;
  const share = serverShare(result, { ...DRIFT, goal: "G3", most: 1 / 40 });
  return [...compared, ...listBound(result), ...requestBound(result), ...share];
}

/** The verdict on the goal that compares these two, where there is one for this race. */
export function comparedVerdict(
  result: RaceResult,
  ours: string,
  against: string,
): (Verdict & { readonly wanted: string }) | undefined {
  const rule = RULES.find((one) => one.ours === ours && one.against === against && isMeant(one, result));
  const [mine, theirs] = [medianOf(result, ours), medianOf(result, against)];
  if (rule === undefined || mine === undefined || theirs === undefined) return undefined;
  const { goal, faster = 1, within } = rule;
  const isInTable = true;
  if (within !== undefined) {
    const share = mine.seconds / theirs.seconds;
    const wanted = `at most ${times(within)} its time`;
    return {
      goal,
      isInTable,
      wanted,
      met: share <= within,
      text: `${ours} takes ${times(share)} the time of ${against}; ${wanted}`,
    };
  }
  const factor = theirs.seconds / mine.seconds;
  const wanted = `at least ${times(faster)}`;
  return {
    goal,
    isInTable,
    wanted,
    met: factor >= faster,
    text: `${ours} is ${times(factor)} as fast as ${against}; ${wanted}`,
  };
}

/** The figures of a contender of a race. */
export function medianOf({ rows }: Pick<RaceResult, "rows">, name: string): Lap | undefined {
  return rows.find((row) => row.name === name)?.median;
}

function isMeant(
  { scenario, sizes, roundTrips }: Pick<Rule, "scenario" | "sizes" | "roundTrips">,
  result: RaceResult,
): boolean {
  return scenario === result.scenario && sizes.includes(result.size) && roundTrips.includes(result.roundTrip);
}

interface Share {
  readonly goal: string;
  readonly ours: string;
  readonly most: number;
}

function serverShare(result: RaceResult, { goal, ours, most }: Share): readonly Verdict[] {
  const mine = medianOf(result, ours);
  const asking = result.rows.filter(({ name }) => ASKS_FOR_EACH.test(name)).flatMap(({ median }) => median ?? []);
  if (mine === undefined || asking.length === 0) return [];
  const cheapest = Math.min(...asking.map(({ serverCpuSeconds }) => serverCpuSeconds));
  const share = mine.serverCpuSeconds / cheapest;
  const text = `${ours} costs the API server 1/${(1 / share).toFixed(1)} of what the cheapest peer that asks for each object costs it; at most 1/${Math.round(1 / most)}`;
  return [{ goal, met: share <= most, text }];
}

function listBound(result: RaceResult): readonly Verdict[] {
  const [mine, list, node] = ["plumb drift", BARE_LIST, BARE_NODE].map((name) => medianOf(result, name));
  if (mine === undefined || list?.innerMilliseconds === undefined || node === undefined) return [];
  const most = 4 * list.innerMilliseconds + 1000 * node.seconds;
  const text = `plumb drift takes ${Math.round(mine.seconds * 1000)} ms; at most ${Math.round(most)} ms: four times the bare LIST's ${Math.round(list.innerMilliseconds)} ms, and Node's own start of ${Math.round(1000 * node.seconds)} ms`;
  return [{ goal: "G3", met: mine.seconds * 1000 <= most, text }];
}

function requestBound(result: RaceResult): readonly Verdict[] {
  const mine = medianOf(result, "plumb drift");
  if (mine === undefined) return [];
  const most = 3 + pagesOf(result.size);
  const text = `plumb drift makes ${mine.requests} requests; at most ${most}: three, and ${most - 3} pages of 500, where nothing is in doubt`;
  return [{ goal: "G3", met: mine.requests <= most, text }];
}

/** `12.3 x` */
export function times(factor: number): string {
  return `${factor >= 100 ? Math.round(factor) : factor.toFixed(factor >= 10 ? 1 : 2)} x`;
}
