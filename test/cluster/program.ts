import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { basename } from "node:path";

/** A program that was started and writes to a log file. */
export interface Program {
  readonly name: string;
  readonly pid: number;
  /** True until the process is gone. */
  isAlive(): boolean;
  /** Resolves once the process is gone. */
  readonly gone: Promise<void>;
  /** True once `end` was called. */
  wasAsked(): boolean;
  /** Sends `signal` and resolves once the process is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** The last lines it wrote. */
  lastWords(): string;
}

export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** File that its output is appended to. */
  readonly log: string;
}

/**
 * Starts a program in a session of its own, so that Ctrl-C reaches us alone and we decide the order of the end. It gets
 * none of our environment: no proxy, no credentials, no kubeconfig of the person who runs it.
 */
export function launch({ file, args, cwd, log }: Launch): Program {
  const name = basename(file);
  const output = openSync(log, "a");
  const child = spawn(file, args, { cwd, env: { HOME: cwd }, stdio: ["ignore", output, output], detached: true });
  closeSync(output);
  const gone = waitForExit(child);
  if (child.pid === undefined) {
    throw new Error(`${name}: ${file} could not be started; check that it is there and executable`);
  }
  let asked = false;
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    name,
    pid: child.pid,
    isAlive,
    gone,
    wasAsked: () => asked,
    async end(signal) {
      asked = true;
      if (isAlive()) child.kill(signal);
      await gone;
    },
    lastWords: () => readFileSync(log, "utf8").trimEnd().split("\n").slice(-15).join("\n"),
  };
}

async function waitForExit(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) {
    child.once("error", () => {});
    return;
  }
  await once(child, "exit");
}
