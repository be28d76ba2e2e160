import { interrupted, throwIfInterrupted } from "./interruption.ts";

/** Bounds how many requests are under way at once, and follows what the server can take. */
export interface Gate {
  /** Waits for a place, first come first served. Throws Failure `interrupted`. */
  enter(signal: AbortSignal): Promise<Place>;
}

/** How a request ended, as far as the server's load is concerned. */
export type Ending = "served" | "overloaded" | "lost";

/** A place is left exactly once. */
export interface Place {
  leave(ending: Ending): void;
}

/**
 * Additive increase, multiplicative decrease: a full round of served requests earns one place more, an overloaded answer halves
 * them, at most once for all requests that were under way together.
 */
export function createGate(most: number): Gate {
  const queue = createQueue();
  let limit = most;
  let inside = 0;
  let entered = 0;
  let shrunkAt = 0;

  function admit(): void {
    while (inside < Math.floor(limit) && queue.callNext()) inside += 1;
  }

  function adapt(ticket: number, ending: Ending): void {
    if (ending === "served") limit = Math.min(most, limit + 1 / limit);
    if (ending !== "overloaded" || ticket <= shrunkAt) return;
    limit = Math.max(1, Math.floor(limit / 2));
    shrunkAt = entered;
  }

  return {
    async enter(signal) {
      throwIfInterrupted(signal);
      const called = queue.wait(signal);
      admit();
      await called;
      entered += 1;
      const ticket = entered;
      return {
        leave(ending) {
          inside -= 1;
          adapt(ticket, ending);
          admit();
        },
      };
    },
  };
}

interface Queue {
  /** Until called. Throws Failure `interrupted` when the caller leaves the queue before. */
  wait(signal: AbortSignal): Promise<void>;
  /** False: nobody waits. */
  callNext(): boolean;
}

function createQueue(): Queue {
  const waiting = new Set<() => void>();
  return {
    async wait(signal) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const leave = (): void => {
        if (waiting.delete(resolve)) reject(interrupted());
      };
      waiting.add(resolve);
      signal.addEventListener("abort", leave, { once: true });
      await promise.finally(() => signal.removeEventListener("abort", leave));
    },
    callNext() {
      const [next] = waiting;
      if (next === undefined) return false;
      waiting.delete(next);
      next();
      return true;
    },
  };
}
