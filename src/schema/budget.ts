import { RE2JS } from "re2js";

/**
 * How much work may go into checks. Schemas and objects come from pull requests of strangers: whatever they hold, a budget
 * ends the work in bounded time. One may be shared by many objects.
 */
export interface Budget {
  /** False, from then on for ever, once more was spent than there was. */
  spend(steps: number): boolean;
  readonly isSpent: boolean;
  /** The pattern, compiled once; `undefined` when that would cost too much or it is no RE2. */
  pattern(source: string): RE2JS | undefined;
}

/** A step takes about half a microsecond. */
export function budgetOf(steps: number): Budget {
  const patterns = new Map<string, RE2JS | undefined>();
  let left = steps;
  const spend = (cost: number): boolean => {
    left = left < 0 ? left : left - cost;
    return left >= 0;
  };
  return {
    spend,
    get isSpent() {
      return left < 0;
    },
    pattern(source) {
      if (!patterns.has(source)) patterns.set(source, compile(source, spend));
      return patterns.get(source);
    },
  };
}

/** Instructions that a pattern may become; every pattern of a real schema stays far below. */
const LARGEST_PROGRAM = 300_000;

function compile(source: string, spend: Budget["spend"]): RE2JS | undefined {
  const size = programSize(source);
  if (size > LARGEST_PROGRAM || !spend(size)) return undefined;
  try {
    return RE2JS.compile(source);
  } catch {
    return undefined;
  }
}

/** An upper bound: RE2 writes a repetition out, a thousand times at most. */
function programSize(source: string): number {
  const counts = [...source.matchAll(/\{(\d{1,4})(?:,(\d{0,4}))?\}/g)].map(([, least = "0", most = ""]) =>
    Number(most === "" ? least : most),
  );
  return source.length * Math.min(1000, 1 + counts.reduce((sum, count) => sum + count, 0));
}
