import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { Failure } from "../model/failure.ts";
import type { Exec, ExecAnswer, ExecCommand } from "../ports.ts";
import { type Capture, captureHead, captureTail } from "./capture.ts";

const GRACE_MILLISECONDS = 1000;
const STDERR_BYTES = 64 * 1024;

/** Runs programs in process groups of their own: when a command ends, by itself or by us, nothing it started outlives it. */
export function createExec(): Exec {
  return { run };
}

type Cause = "timeout" | "output-limit" | "abort";

async function run(command: ExecCommand, signal: AbortSignal): Promise<ExecAnswer> {
  if (signal.aborted) throw interrupted(command);
  const child = await start(command);
  let cause: Cause | undefined;
  const stop = (why: Cause): void => {
    if (cause !== undefined) return;
    cause = why;
    endGroup(child);
  };
  const onAbort = (): void => stop("abort");
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  const stdout = captureHead(child.stdout, command.maxOutputBytes, () => stop("output-limit"));
  const stderr = captureTail(child.stderr, STDERR_BYTES);
  const over = new AbortController();
  void feed(child, command, { stop, over: over.signal });
  try {
    await ended(child);
  } finally {
    over.abort();
    signal.removeEventListener("abort", onAbort);
  }
  if (cause === "abort") throw interrupted(command);
  return answer(child, cause, stdout, stderr);
}

async function start(command: ExecCommand): Promise<ChildProcess> {
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: command.env,
    detached: true,
    stdio: [command.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  try {
    await once(child, "spawn");
  } catch (error) {
    throw await notStarted(command, error);
  }
  return child;
}

/** `spawn` says ENOENT for a missing program and for a missing folder alike. */
async function notStarted(command: ExecCommand, cause: unknown): Promise<Failure> {
  const folder = await stat(command.cwd).catch(() => undefined);
  if (folder?.isDirectory() !== true) {
    return new Failure("file-system", `${command.file}: the folder to run it in is not there`, {
      remedy: `check that ${command.cwd} exists`,
      cause,
    });
  }
  const code = (cause as NodeJS.ErrnoException).code ?? "unknown error";
  const what = code === "ENOENT" ? "not found" : `could not be started (${code})`;
  return new Failure("tool-missing", `${command.file}: ${what}`, {
    remedy: `install ${command.file} and make it reachable through PATH`,
    cause,
  });
}

interface Feeding {
  readonly stop: (why: Cause) => void;
  /** Aborted when the program has ended. */
  readonly over: AbortSignal;
}

/** Hands over the input once it is known, and counts the time from then on. */
async function feed(child: ChildProcess, command: ExecCommand, { stop, over }: Feeding): Promise<void> {
  // A program may end without reading all of its input: EPIPE is its right, the exit code tells the rest.
  child.stdin?.on("error", () => undefined);
  const input = await command.input;
  if (over.aborted) return;
  const deadline = setTimeout(() => stop("timeout"), command.timeoutMilliseconds);
  over.addEventListener("abort", () => clearTimeout(deadline), { once: true });
  child.stdin?.end(input);
}

/** Waits for the exit, then ends what the child left running: a forgotten grandchild would hold the pipes open. */
async function ended(child: ChildProcess): Promise<void> {
  const closed = once(child, "close");
  await once(child, "exit");
  signalGroup(child, "SIGKILL");
  await closed;
}

function endGroup(child: ChildProcess): void {
  signalGroup(child, "SIGTERM");
  const force = setTimeout(() => {
    signalGroup(child, "SIGKILL");
    // A grandchild in a session of its own escapes the signal and keeps the pipes open.
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, GRACE_MILLISECONDS);
  child.once("close", () => clearTimeout(force));
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: nobody is left. EPERM: macOS says so for a group of zombies.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

function answer(child: ChildProcess, cause: Cause | undefined, stdout: Capture, stderr: Capture): ExecAnswer {
  const texts = { stdout: stdout.text(), stderr: stderr.text() };
  if (cause === "timeout" || cause === "output-limit") return { code: undefined, ended: cause, ...texts };
  if (child.exitCode === null) return { code: undefined, ended: "signal", ...texts };
  return { code: child.exitCode, ended: "exit", ...texts };
}

function interrupted(command: ExecCommand): Failure {
  return new Failure("interrupted", `${command.file}: interrupted`, { remedy: "run it again" });
}
