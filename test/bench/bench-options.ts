import { parseArgs } from "node:util";
import type { Field, Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenario.ts";

/** The parts besides the races. */
export const PARTS = ["start", "yaml", "lines", "polite"] as const;

export type Part = Scenario | (typeof PARTS)[number];

export interface BenchOptions {
  /** Numbers of objects that everybody meets. */
  readonly sizes: readonly number[];
  /** Numbers of objects of our own plan alone. */
  readonly growth: readonly number[];
  /** Round trips in milliseconds. */
  readonly roundTrips: readonly number[];
  readonly runs: number;
  readonly parts: readonly Part[];
  readonly field: Field;
  /** Minutes after which nothing new begins. */
  readonly minutes: number;
  /** File that the figures are written to. */
  readonly json?: string;
}

const USAGE = `usage: npm run bench -- [options]

  --quick           100 objects, one peer, one run: whether the bench itself works
  --sizes LIST      numbers of objects; default 1000,5000
  --growth LIST     more numbers of objects, for our plan alone; default 10000, "none" for none
  --delays LIST     round trips in milliseconds; default 0,20
  --runs N          runs of each contender, of which the median counts; default 3
  --only LIST       of ${[...SCENARIOS, ...PARTS].join(", ")}; default all
  --minutes N       nothing new begins after that time; default 120
  --json FILE       writes all figures there
`;

/** What was asked for, or the text that says how to ask and whether that was wanted. */
export function readOptions(argv: readonly string[]): BenchOptions | { readonly usage: string; readonly code: 0 | 2 } {
  try {
    const { values } = parseArgs({ args: [...argv], options: FLAGS });
    if (values.help) return { usage: USAGE, code: 0 };
    return {
      sizes: numbers("--sizes", values.sizes ?? (values.quick ? "100" : "1000,5000")),
      growth: numbers("--growth", values.growth ?? (values.quick ? "none" : "10000")),
      roundTrips: numbers("--delays", values.delays ?? (values.quick ? "20" : "0,20"), 0),
      runs: numbers("--runs", values.runs ?? (values.quick ? "1" : "3"))[0] ?? 1,
      parts: parts(values.only),
      field: values.quick ? "few" : "all",
      minutes: numbers("--minutes", values.minutes ?? "120")[0] ?? 120,
      ...(values.json !== undefined && { json: values.json }),
    };
  } catch (error) {
    return { usage: `bench: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, code: 2 };
  }
}

const FLAGS = {
  quick: { type: "boolean", default: false },
  sizes: { type: "string" },
  growth: { type: "string" },
  delays: { type: "string" },
  runs: { type: "string" },
  only: { type: "string" },
  minutes: { type: "string" },
  json: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

function numbers(flag: string, text: string, least = 1): readonly number[] {
  if (text === "none") return [];
  return text.split(",").map((part) => {
    const value = Number(part);
    if (Number.isInteger(value) && value >= least) return value;
    throw new Error(`${flag}: ${JSON.stringify(part)} is no whole number from ${least} on`);
  });
}

function parts(text: string | undefined): readonly Part[] {
  const all: readonly Part[] = [...SCENARIOS, ...PARTS];
  if (text === undefined) return all;
  return text.split(",").map((name) => {
    const part = all.find((one) => one === name);
    if (part !== undefined) return part;
    throw new Error(`--only: ${JSON.stringify(name)} is none of ${all.join(", ")}`);
  });
}
