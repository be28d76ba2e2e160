import type { SafeText } from "../model/safe-text.ts";
import type { Log } from "../ports.ts";

/** Where the lines go: a GitHub runner's log with its annotations, or any writer of lines (a terminal's standard error). */
export type LogTarget = "github" | ((line: string) => void);

/** A Log that passes every text through `guard` before it prints it. */
export async function createLog(target: LogTarget, guard: (text: string) => SafeText): Promise<Log> {
  if (target !== "github") return lines(target, guard);
  // Loaded here because it costs 35 ms at start, which the command line has no use for.
  const core = await import("@actions/core");
  return {
    info: (text) => core.info(guard(text)),
    warning: (text) => core.warning(guard(text)),
    error: (text) => core.error(guard(text)),
  };
}

/** Shorter values are not registered: a mask on `true` or `1` ruins the whole log and empties outputs that contain it. */
const SHORTEST_MASK = 8;

/** Tells the runner to hide these values in all later logs of the job: each as it is, line by line, and in base64. */
export async function hideOnRunner(values: readonly string[]): Promise<void> {
  const core = await import("@actions/core");
  const forms = values.flatMap((value) => [...value.split(/\r?\n/), Buffer.from(value).toString("base64")]);
  for (const form of new Set(forms)) {
    if (form.length >= SHORTEST_MASK) core.setSecret(form);
  }
}

function lines(write: (line: string) => void, guard: (text: string) => SafeText): Log {
  return {
    info: (text) => write(guard(text)),
    warning: (text) => write(`warning: ${guard(text)}`),
    error: (text) => write(`error: ${guard(text)}`),
  };
}
