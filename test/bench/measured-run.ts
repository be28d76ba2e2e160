import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cpuSecondsOfChildren, treeOf, watchMemory } from "./process-tree.ts";

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
}

export interface RunPlace {
  /** Folder for what it prints. */
  readonly folder: string;
  /** Milliseconds after which it is killed. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** One run of a program, from its start to its end. */
export interface MeasuredRun {
  readonly seconds: number;
  /** User and system time of the process and of all it started and waited for. */
  readonly cpuSeconds: number;
  readonly megabytes: number;
  /** `undefined` where it was killed because it took too long. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program once, alone. */
export async function measureRun(command: Command, { folder, limit, signal }: RunPlace): Promise<MeasuredRun> {
  signal.throwIfAborted();
  const [stdout, stderr] = [join(folder, "stdout"), join(folder, "stderr")];
  // Files, so that whoever measures does not work while it measures.
  const outputs = [openSync(stdout, "w"), openSync(stderr, "w")];
  const cpuBefore = cpuSecondsOfChildren();
  const started = performance.now();
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: command.env,
    stdio: ["ignore", ...outputs],
  });
  const kill = (): void => endTree(child.pid);
  const timer = setTimeout(kill, limit);
  signal.addEventListener("abort", kill, { once: true });
  try {
    const gone = once(child, "exit") as Promise<[number | null]>;
    using memory = watchMemory(child.pid ?? 0);
    const [code] = await gone;
    const seconds = (performance.now() - started) / 1000;
    signal.throwIfAborted();
    return {
      seconds,
      cpuSeconds: cpuSecondsOfChildren() - cpuBefore,
      megabytes: memory.peak(),
      code: code ?? undefined,
      stdout: await readFile(stdout, "utf8"),
      stderr: await readFile(stderr, "utf8"),
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", kill);
    outputs.forEach(closeSync);
  }
}

/** Ends what was started and what that has started. */
function endTree(root: number | undefined): void {
  for (const pid of root === undefined ? [] : treeOf(root)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself a moment ago.
    }
  }
}
