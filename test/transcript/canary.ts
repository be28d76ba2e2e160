import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LoggedRequest } from "../support/github/record.ts";
import type { StepResult } from "../support/runner/runner.ts";

/** A value for a Secret that is looked for wherever a run says something. */
export function canary(name: string): string {
  return `canary-${name}`;
}

/** The same as a Secret's `data` holds it. */
export function encodedCanary(name: string): string {
  return Buffer.from(canary(name)).toString("base64");
}

// The first seven bytes decide the first nine characters of base64, whatever follows.
const SIGN = /canary-|Y2FuYXJ5L/;

/** Places where a run told a canary, plain or in base64: its log, outputs, summary, result files, and what it sent to GitHub. */
export async function canariesIn(step: StepResult, github: readonly LoggedRequest[]): Promise<readonly string[]> {
  const sinks: Readonly<Record<string, string>> = {
    "standard output": step.stdout,
    "standard error": step.stderr,
    outputs: JSON.stringify(step.outputs),
    "job summary": step.summary,
    ...(await resultFiles(join(step.temporary, "plumbline"))),
    ...Object.fromEntries(
      github.map(({ method, path, body }, index) => [`${index} ${method} ${path}`, `${path} ${JSON.stringify(body)}`]),
    ),
  };
  return Object.keys(sinks).filter((name) => SIGN.test(sinks[name] ?? ""));
}

async function resultFiles(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(folder).catch(() => []);
  const entries = names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const);
  return Object.fromEntries(await Promise.all(entries));
}
