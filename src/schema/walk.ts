import { formatPath, type Path } from "../model/path.ts";
import type { Budget } from "./budget.ts";
import type { Violation } from "./violation.ts";

/** One way through an object along a schema: what it found and what it may still cost. */
export interface Walk {
  readonly budget: Budget;
  readonly violations: readonly Violation[];
  /** Checks that were made and passed; where one of several schemas must fit, the one with the most tells its violations. */
  readonly passed: number;
  pass(checks: number): void;
  found(path: Path, what: string, code?: Violation["code"]): void;
  /** A check that was not made: only the server can. */
  leftOut(path: Path, check: string): void;
  readonly unevaluated: readonly string[];
  /** Takes over what another walk found. */
  join(other: Walk): void;
}

/** More than anybody reads; a walk that has so many takes no more. */
const MOST = 100;

export function walkOf(budget: Budget): Walk {
  const violations: Violation[] = [];
  const unevaluated: string[] = [];
  let passed = 0;
  return {
    budget,
    violations,
    unevaluated,
    get passed() {
      return passed;
    },
    pass(checks) {
      passed += checks;
    },
    found(path, what, code = "invalid-object") {
      if (violations.length < MOST) violations.push({ code, path, what });
    },
    leftOut(path, check) {
      if (unevaluated.length < MOST) unevaluated.push(`${formatPath(path) || "the object"}: ${check}`);
    },
    join(other) {
      passed += other.passed;
      violations.push(...other.violations.slice(0, MOST - violations.length));
      unevaluated.push(...other.unevaluated.slice(0, MOST - unevaluated.length));
    },
  };
}
