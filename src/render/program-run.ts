import type { Place } from "../model/place.ts";
import type { Problem } from "../model/problem.ts";
import type { ExecAnswer } from "../ports.ts";
import { renderError } from "./problems.ts";
import type { Tool } from "./tool.ts";

/** Time and output that kustomize or helm may use for one app. Below the renderer's own limits, so that they end first. */
export const PROGRAM_LIMITS = { timeoutMilliseconds: 90_000, maxOutputBytes: 64 * 1024 * 1024 } as const;

// The answer that carries it is refused where a text is longer than 20,000 characters.
const MOST_CHARACTERS = 8000;
// helm's advice about one of its own options, which a reader of a plan cannot follow.
const DEBUG_HINT = /Use --debug flag .*\s*$/;

export interface ProgramRun {
  readonly tool: Tool;
  readonly answer: ExecAnswer;
  /** The app, for messages. */
  readonly path: string;
  /** The file that a person opens first. */
  readonly file: string;
  /** The private copy, whose path means nothing to a reader. */
  readonly tree: string;
  /** Where the mistake is, when the program's message tells. */
  readonly findPlace?: (said: string) => Place | undefined;
}

/** Why a program gave no render; `undefined` when it did. */
export function programProblem(run: ProgramRun): Problem | undefined {
  const { answer, tool, path, file } = run;
  if (answer.ended === "timeout") {
    const message = `${path}: ${tool.name} took longer than ${PROGRAM_LIMITS.timeoutMilliseconds / 1000} s`;
    return renderError("render-failed", file, { message, remedy: "make the render smaller, or look for a loop in it" });
  }
  if (answer.ended === "output-limit") {
    const message = `${path}: ${tool.name} printed more than ${PROGRAM_LIMITS.maxOutputBytes / 1024 / 1024} MiB`;
    return renderError("too-large", file, { message, remedy: "split it into several apps" });
  }
  if (answer.code === 0) return undefined;
  const message = `${path}: ${tool.name} failed: ${said(run)}`;
  return renderError("render-failed", run.findPlace?.(answer.stderr) ?? file, {
    message,
    remedy: `correct what ${tool.name} names; the same error appears locally`,
  });
}

/** What the program said, with paths as the repository has them. */
function said({ answer, tree }: ProgramRun): string {
  const text = answer.stderr.replaceAll(`${tree}/`, "").replaceAll(tree, ".").replace(DEBUG_HINT, "").trim();
  return (
    wordsOfEnds(text).replace(/^Error: /, "") ||
    (answer.ended === "signal" ? "it was ended by a signal" : `exit code ${String(answer.code)}`)
  );
}

/** The beginning names the subject, the end the reason; half a word may be half a secret. */
function wordsOfEnds(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const half = MOST_CHARACTERS / 2;
  return `${text.slice(0, half).replace(/\S+$/, "")}… ${text.slice(-half).replace(/^\S+\s*/, "")}`;
}
