import type { Problem } from "../model/problem.ts";
import { formatTarget, type Target } from "../model/target.ts";
import { matchesGlob } from "../model/glob.ts";

/**
 * The targets that any of the patterns names, in their own order; all of them when there is no pattern. A pattern is
 * `environment/app`, either part may hold `*`. One that names no target is a problem.
 */
export function selectTargets<T extends { readonly target: Target }>(
  all: readonly T[],
  patterns: readonly string[],
): { targets: readonly T[] } | { problems: readonly Problem[] } {
  if (patterns.length === 0) return { targets: all };
  const names = all.map(({ target }) => formatTarget(target));
  const unknown = patterns.filter((pattern) => !names.some((name) => matchesGlob(name, pattern)));
  if (unknown.length > 0) return { problems: unknown.map((pattern) => unknownTarget(pattern, names)) };
  return {
    targets: all.filter(({ target }) => patterns.some((pattern) => matchesGlob(formatTarget(target), pattern))),
  };
}

function unknownTarget(pattern: string, names: readonly string[]): Problem {
  const guesses = pattern.includes("/") ? [] : new Set([`${pattern}/*`, `*/${pattern}`]);
  const meant = [...guesses].filter((guess) => names.some((name) => matchesGlob(name, guess)));
  const known = names.length === 0 ? "there are no targets" : `the targets are ${names.join(", ")}`;
  return {
    code: "unknown-target",
    level: "error",
    message: `${JSON.stringify(pattern)} names no target`,
    remedy: meant.length > 0 ? `write ${meant.join(" or ")}` : known,
  };
}
