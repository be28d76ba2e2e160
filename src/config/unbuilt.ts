import { parseDuration } from "../model/duration.ts";
import { isRemoteChart } from "./app-schema.ts";
import type { YamlStep } from "./yaml-text.ts";

type Path = readonly YamlStep[];

interface Unbuilt {
  /** `*` stands for any name. */
  readonly path: readonly string[];
  /** What may be written: the default, and whatever has code. */
  readonly allows: (value: unknown) => boolean;
  /** What to write instead. */
  readonly remedy: string;
}

const REMOVE = "remove it";

const UNBUILT_SETTINGS: readonly Unbuilt[] = [
  { path: ["render"], allows: (value) => typeof value === "string", remedy: "write auto, kustomize, helm or plain" },
  { path: ["substitute"], allows: isEmpty, remedy: REMOVE },
  { path: ["decrypt"], allows: isOneOf("none"), remedy: REMOVE },
  { path: ["health"], allows: isEmpty, remedy: REMOVE },
  { path: ["windows"], allows: isEmpty, remedy: REMOVE },
];

const LEVELS: readonly Path[] = [["defaults"], ["environments", "*"], ["apps", "*"], ["apps", "*", "*"]];

/** Keys of the schema that have no code yet; a key leaves this list with the change that builds it. */
const UNBUILT: readonly Unbuilt[] = [
  ...LEVELS.flatMap((level) => UNBUILT_SETTINGS.map((one) => ({ ...one, path: [...level.map(String), ...one.path] }))),
  { path: ["environments", "*", "after"], allows: () => false, remedy: REMOVE },
  { path: ["environments", "*", "deploy"], allows: isOneOf("merge"), remedy: REMOVE },
  { path: ["environments", "*", "approve"], allows: () => false, remedy: REMOVE },
  { path: ["apps", "*", "dependsOn"], allows: isEmpty, remedy: REMOVE },
  {
    path: ["apps", "*", "helm", "chart"],
    allows: isLocalChart,
    remedy: "put the chart into the repository and write its folder",
  },
  { path: ["plan", "stale"], allows: isOneOf("refuse"), remedy: REMOVE },
  { path: ["plan", "directPush"], allows: isOneOf("apply"), remedy: REMOVE },
  { path: ["drift", "mode"], allows: isOneOf("issue", "off"), remedy: "write issue or off" },
  { path: ["drift", "remind"], allows: isDuration("24h"), remedy: REMOVE },
  { path: ["drift", "extra"], allows: isOneOf("report", "issue"), remedy: "write report or issue" },
  { path: ["images"], allows: isEmpty, remedy: REMOVE },
  { path: ["checks"], allows: isEmpty, remedy: REMOVE },
  { path: ["verify"], allows: isEmpty, remedy: REMOVE },
  { path: ["sources", "allow"], allows: isEmpty, remedy: REMOVE },
  ...["plan", "apply", "freeze"].map((verb) => ({
    path: ["policy", "commands", verb],
    allows: isOneOf("write"),
    remedy: REMOVE,
  })),
  { path: ["policy", "commands", "override"], allows: isOneOf("maintain"), remedy: REMOVE },
  { path: ["notify"], allows: isEmpty, remedy: REMOVE },
  { path: ["metrics", "textfile"], allows: (value) => value === false, remedy: REMOVE },
  { path: ["metrics", "pushgateway"], allows: () => false, remedy: REMOVE },
];

export interface UnbuiltKey {
  readonly path: Path;
  /** Some other value of the key has code. */
  readonly hasBuiltValue: boolean;
  readonly remedy: string;
}

/** Keys of a written configuration that ask for something that has no code yet. */
export function findUnbuilt(written: unknown): readonly UnbuiltKey[] {
  return UNBUILT.flatMap(({ path, allows, remedy }) =>
    expand(written, path)
      .filter(({ value }) => !allows(value))
      .map((found) => ({ path: found.path, hasBuiltValue: remedy !== REMOVE, remedy })),
  );
}

/** What the documentation says of a key that has no code, or not for all its values; `undefined` for all others. */
export function unbuiltNote(path: readonly string[]): string | undefined {
  const found = UNBUILT.find(({ path: pattern, remedy }) => {
    const isAtOrBelow = pattern.every((step, index) => step === "*" || step === path[index]);
    return isAtOrBelow && (remedy === REMOVE || pattern.length === path.length);
  });
  if (found === undefined) return undefined;
  return found.remedy === REMOVE ? "Not supported yet." : `Not supported yet with every value: ${found.remedy}.`;
}

interface Found {
  readonly path: Path;
  readonly value: unknown;
}

function expand(value: unknown, pattern: readonly string[]): readonly Found[] {
  const [step, ...rest] = pattern;
  if (step === undefined) return [{ path: [], value }];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value)
    .filter(([key]) => step === "*" || step === key)
    .flatMap(([key, inner]) => expand(inner, rest).map((found) => ({ ...found, path: [key, ...found.path] })));
}

function isOneOf(...values: readonly string[]): (value: unknown) => boolean {
  return (value) => values.some((one) => one === value);
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function isDuration(text: string): (value: unknown) => boolean {
  return (value) => typeof value === "string" && parseDuration(value) === parseDuration(text);
}

function isLocalChart(value: unknown): boolean {
  return typeof value === "string" && !isRemoteChart(value);
}
