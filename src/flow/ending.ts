import { exitCodeOfProblems, type ExitCode } from "../model/exit-code.ts";
import { isFailure } from "../model/failure.ts";
import type { Problem } from "../model/problem.ts";
import { problemOfFailure } from "./failed-target.ts";

/** How a run ends that did not come to its report. */
export interface Ending {
  readonly exitCode: ExitCode;
  /** A broken world, in the words in which problems are told. */
  readonly problem?: Problem;
  /** What to print otherwise. */
  readonly text?: string;
}

/** A broken world ends with its message; anything else is a bug of ours, and its stack is what helps. */
export function endingOf(error: unknown, interrupted: AbortSignal): Ending {
  if (interrupted.aborted) return { exitCode: 130, text: "interrupted" };
  if (!isFailure(error)) return { exitCode: 70, text: `this is a bug in Plumbline: ${stackOf(error)}` };
  const problem = problemOfFailure(error);
  return { exitCode: exitCodeOfProblems([problem]), problem };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
