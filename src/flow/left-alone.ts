import type { IgnoreRule } from "../model/ignore-rule.ts";
import type { KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { refKey } from "../model/ref.ts";
import { ignoreRulesFor, ignoreRulesForOrphan, type Ignoring } from "../diff/ignore.ts";
import type { Desired } from "./desired.ts";

/** What configuration, Git and live objects ask to leave to others. */
export interface LeftAlone {
  /** By ref key; objects of which nothing is left to others are not in it. */
  readonly asked: ReadonlyMap<string, Ignoring>;
  /** Ref keys of objects that are not touched at all. */
  readonly untouched: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

export const NOTHING_LEFT_ALONE: LeftAlone = { asked: new Map(), untouched: new Set(), problems: [] };

/** Asked of the desired objects, be they there or not, and of objects of ours that Git no longer has. */
export function leftAlone(
  { base, head }: { readonly base: readonly Desired[]; readonly head: readonly Desired[] },
  live: ReadonlyMap<string, KubeObject>,
  rules: readonly IgnoreRule[],
): LeftAlone {
  const wanted = new Map([...base, ...head].map((desired) => [refKey(desired.ref), desired]));
  const left = [...live].filter(([key]) => !wanted.has(key));
  const found = [
    ...[...wanted].map(([key, { object, at }]) => ({
      key,
      at,
      ignoring: ignoreRulesFor(object, live.get(key), rules),
    })),
    ...left.map(([key, object]) => ({ key, at: undefined, ignoring: ignoreRulesForOrphan(object) })),
  ].filter(({ ignoring }) => !isNothing(ignoring));
  return {
    asked: new Map(found.map(({ key, ignoring }) => [key, ignoring])),
    untouched: new Set(found.filter(({ key, ignoring }) => isUntouched(ignoring, live.has(key))).map(({ key }) => key)),
    problems: found.flatMap(({ ignoring, at }) =>
      ignoring.problems.map((one) => (at === undefined ? one : { ...one, at })),
    ),
  };
}

/** Nothing is written to it: neither when it is there, nor, for some reasons, when it is not. */
export function isUntouched(ignoring: Ignoring | undefined, isThere: boolean): boolean {
  return ignoring?.kind === "whole" || (ignoring?.kind === "if-absent" && isThere);
}

function isNothing(ignoring: Ignoring): boolean {
  const { othersStay, driftUncounted, problems } = ignoring;
  const isPlain = ignoring.kind === "paths" && ignoring.paths.length === 0;
  return isPlain && othersStay === undefined && driftUncounted === undefined && problems.length === 0;
}
