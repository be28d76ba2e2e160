import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

export interface ProgramPlace {
  readonly cwd: string;
  /** Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface ProgramResult {
  /** `undefined` where a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; rejects where it cannot be started (code `ENOENT`: there is none of that name). */
export async function runProgram(
  file: string,
  args: readonly string[],
  { cwd, env = process.env }: ProgramPlace,
): Promise<ProgramResult> {
  const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: (code as number | null) ?? undefined, stdout, stderr };
}
