import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";

const CLI = join(import.meta.dirname, "../../dist/cli.js");

export interface Plumb {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PlumbPlace {
  readonly cwd: string;
  readonly home: string;
  /** Folders of PATH in front of the usual ones. */
  readonly path?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the built command line in a folder, as a person would; nothing of the test's own environment is there. */
export async function plumb(args: readonly string[], { cwd, home, path = [], env }: PlumbPlace): Promise<Plumb> {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { PATH: [...path, "/usr/local/bin", "/usr/bin", "/bin"].join(":"), HOME: home, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}
