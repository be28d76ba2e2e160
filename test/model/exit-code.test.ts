import { expect, test } from "vitest";
import { exitCodeOf, exitCodeOfProblems, type FailOn } from "../../src/model/exit-code.ts";
import type { ProblemCode } from "../../src/model/problem.ts";
import type { Result } from "../../src/model/result.ts";

const ended = (command: "plan" | "apply" | "drift", result: Result, failOn: FailOn): number =>
  exitCodeOf({ command, result, targets: [], problems: [] }, failOn);

test.each<["plan" | "apply" | "drift", Result, FailOn, number]>([
  ["plan", "no-changes", "blockers", 0],
  ["plan", "changes", "blockers", 0],
  ["plan", "changes", "changes", 1],
  ["plan", "blocked", "blockers", 3],
  ["plan", "blocked", "error", 0],
  ["plan", "incomplete", "blockers", 5],
  ["plan", "failed", "never", 0],
  ["drift", "drifted", "blockers", 0],
  ["drift", "drifted", "changes", 1],
  ["apply", "refused", "blockers", 6],
  ["apply", "blocked", "error", 3],
  ["apply", "blocked", "never", 3],
  ["apply", "applied", "changes", 0],
])("%s that ends %s with fail-on %s exits with %i", (command, result, failOn, code) => {
  expect(ended(command, result, failOn)).toBe(code);
});

test.each<[ProblemCode, number]>([
  ["config-invalid", 2],
  ["kubeconfig-missing", 2],
  ["yaml-invalid", 3],
  ["immutable-field", 3],
  ["cluster-unavailable", 4],
  ["cluster-unauthorized", 4],
  ["lock-held", 6],
  ["interrupted", 130],
])("a run that ends with %s exits with %i", (code, expected) => {
  expect(exitCodeOfProblems([{ code, level: "error" }])).toBe(expected);
});

test("cautions end no run", () => {
  expect(exitCodeOf({ command: "plan", result: "no-changes", targets: [], problems: [] }, "blockers")).toBe(0);
});
