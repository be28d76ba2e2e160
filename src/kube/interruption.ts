import { Failure } from "../model/failure.ts";
import type { Clock } from "../ports.ts";

/** What is thrown when the caller aborts. */
export function interrupted(): Failure {
  return new Failure("interrupted", "the request was interrupted", { remedy: "run the command again" });
}

/** Throws when the caller no longer wants an answer. */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw interrupted();
}

/** The promise, or Failure `interrupted` as soon as the signal says so; for work that cannot be stopped itself. */
export async function unlessInterrupted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  throwIfInterrupted(signal);
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(interrupted());
  signal.addEventListener("abort", stop, { once: true });
  return Promise.race([promise, stopped]).finally(() => signal.removeEventListener("abort", stop));
}

/** Waits. Throws Failure `interrupted` as soon as the signal says so, whatever the clock throws then. */
export async function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(milliseconds, signal);
  } catch (error) {
    throwIfInterrupted(signal);
    throw error;
  }
  throwIfInterrupted(signal);
}
