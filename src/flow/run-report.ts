import type { Problem } from "../model/problem.ts";
import type { TargetReport } from "../model/plan.ts";
import { worstResult } from "../model/result.ts";
import type { RunReport } from "../model/run.ts";
import { runDigest } from "../diff/digest.ts";
import { hasErrors } from "../model/problem.ts";
import type { RunPorts, RunRequest } from "./run-ports.ts";

export interface RunFacts {
  readonly command: RunReport["command"];
  readonly base?: string;
  readonly head?: string;
  readonly pull?: number;
  readonly pulls?: readonly number[];
  readonly targets: readonly TargetReport[];
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  readonly requests: number;
}

/** Sums a run up: the worst result of its targets, or `failed` when the run itself has an error. */
export function toRunReport(facts: RunFacts, request: RunRequest, ports: Pick<RunPorts, "clock">): RunReport {
  const planned = facts.targets.filter(({ result }) => result !== "skipped");
  const digest = runDigest(
    planned.map(({ target, digest: own }) => ({ target, ...(own !== undefined && { digest: own }) })),
  );
  const now = ports.clock.now();
  return {
    command: facts.command,
    repository: request.repository.name,
    ...(facts.pull !== undefined && { pull: facts.pull }),
    pulls: facts.pulls ?? [],
    ...(facts.base !== undefined && { base: facts.base }),
    ...(facts.head !== undefined && { head: facts.head }),
    ...(digest !== undefined && { digest }),
    result: hasErrors(facts.problems) ? "failed" : worstResult(facts.targets.map(({ result }) => result)),
    targets: facts.targets,
    problems: facts.problems,
    notes: facts.notes,
    requests: facts.requests,
    milliseconds: now.getTime() - request.startedAt.getTime(),
    time: now.toISOString(),
    ...(request.link !== undefined && { link: request.link }),
  };
}
