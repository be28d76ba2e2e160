import { INTERRUPTED, tooLate } from "./loss.ts";

/** Gives up, with the reason, when the time is over or the caller aborts; the returned function ends the watch. */
export function limitTime(milliseconds: number, signal: AbortSignal, giveUp: (why: string) => void): () => void {
  const onAbort = (): void => giveUp(INTERRUPTED);
  const deadline = setTimeout(() => giveUp(tooLate(milliseconds)), milliseconds);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  return () => {
    clearTimeout(deadline);
    signal.removeEventListener("abort", onAbort);
  };
}
