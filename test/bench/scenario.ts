import { BARE_LIST, bareApply, bareDryRun, bareList, bareNode } from "./contenders/floor.ts";
import { fluxApply, fluxDiff, fluxFirst } from "./contenders/flux.ts";
import { kappApply, kappDiff, kappFirst } from "./contenders/kapp.ts";
import { kubectlApply, kubectlDiffFile, kubectlDiffFolder, kubectlFirst } from "./contenders/kubectl.ts";
import { plumbApply, plumbDrift, plumbFirst, plumbPlan } from "./contenders/plumb.ts";
import type { Entrant, Ground } from "./contender.ts";

/** The kinds of work that are compared. */
export const SCENARIOS = ["plan", "drift", "apply", "first"] as const;

export type Scenario = (typeof SCENARIOS)[number];

/** Who takes part: everybody, one peer and the floors, or only our plan and the lowest floor. */
export type Field = "all" | "few" | "ours";

export interface Selection {
  readonly scenario: Scenario;
  readonly field: Field;
  /** Whether our plan knows `--exact`. */
  readonly hasExact: boolean;
}

/** A scenario in words, for `size` objects and a round trip in milliseconds. */
export function scenarioTitle(scenario: Scenario, size: number, roundTrip: number): string {
  const count = size.toLocaleString("en");
  const work: Readonly<Record<Scenario, string>> = {
    plan: `plan, 1 % of ${count} objects changed`,
    drift: `drift, ${count} objects in sync`,
    apply: `apply, 1 % of ${count} objects changed, without waiting for health`,
    first: `first apply of ${count} objects, without waiting for health`,
  };
  return `${work[scenario]}, ${roundTrip} ms round trip`;
}

/** Those who race, ours first. */
export function entrantsOf({ scenario, field, hasExact }: Selection, ground: Ground): readonly Entrant[] {
  switch (scenario) {
    case "plan":
      return chosen(field, planners(ground, hasExact), "kubectl diff, folder");
    case "drift":
      return chosen(field, watchers(ground), "kubectl diff, folder");
    case "apply":
      return chosen(field, appliers(ground), "kubectl apply");
    case "first":
      return chosen(field, beginners(ground), "kubectl apply");
  }
}

function planners(ground: Ground, hasExact: boolean): readonly Entrant[] {
  return [
    plumbPlan(ground),
    hasExact ? plumbPlan(ground, "exact") : { name: "plumb plan --exact", side: "ours", why: "not in dist yet" },
    kubectlDiffFile(ground, "next"),
    kubectlDiffFolder(ground, "next"),
    fluxDiff(ground, "next", 8),
    fluxDiff(ground, "next", 1),
    kappDiff(ground, "next"),
    bareDryRun(ground),
    bareList(ground),
  ];
}

function watchers(ground: Ground): readonly Entrant[] {
  return [
    plumbDrift(ground),
    kubectlDiffFile(ground, "live"),
    kubectlDiffFolder(ground, "live"),
    fluxDiff(ground, "live", 8),
    kappDiff(ground, "live"),
    bareList(ground),
    bareNode(ground),
  ];
}

function appliers(ground: Ground): readonly Entrant[] {
  return [plumbApply(ground), kubectlApply(ground), fluxApply(ground), kappApply(ground), bareList(ground)];
}

function beginners(ground: Ground): readonly Entrant[] {
  return [plumbFirst(ground), kubectlFirst(ground), fluxFirst(ground), kappFirst(ground), bareApply(ground)];
}

function chosen(field: Field, entrants: readonly Entrant[], peer: string): readonly Entrant[] {
  return entrants.filter(({ name, side }) => {
    switch (field) {
      case "all":
        return true;
      case "few":
        return side !== "peer" || name.startsWith(peer);
      case "ours":
        return name === "plumb plan" || name === BARE_LIST;
    }
  });
}
