import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";

/** A TCP proxy on 127.0.0.1 that makes a near server seem far. */
export interface DelayProxy extends AsyncDisposable {
  readonly port: number;
}

export interface Route {
  /** Port of the server on 127.0.0.1. */
  readonly to: number;
  /** Milliseconds that a byte and the answer to it take longer; half of it each way. */
  readonly roundTrip: number;
}

/** Starts the proxy in a thread of its own, so that it is on time while others work. */
export async function startDelayProxy(route: Route): Promise<DelayProxy> {
  const worker = new Worker(new URL(import.meta.url), { workerData: route });
  const [port] = (await once(worker, "message")) as [number];
  worker.unref();
  return {
    port,
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}

if (!isMainThread) serve(workerData as Route);

function serve({ to, roundTrip }: Route): void {
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    const far = connect({ host: "127.0.0.1", port: to, noDelay: true, allowHalfOpen: true });
    forward(near, far, roundTrip / 2);
    forward(far, near, roundTrip / 2);
  });
  server.listen(0, "127.0.0.1", () => parentPort?.postMessage((server.address() as AddressInfo).port, []));
}

interface Late {
  readonly due: number;
  readonly deliver: () => void;
}

/** Whatever comes from one side reaches the other after the delay, in order, the end included. */
function forward(from: Socket, to: Socket, delay: number): void {
  const queue: Late[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    // A timer may fire a part of a millisecond early.
    while (queue[0] !== undefined && queue[0].due <= performance.now() + 0.5) queue.shift()?.deliver();
    if (queue[0] !== undefined) timer = setTimeout(flush, Math.max(0, queue[0].due - performance.now()));
  };
  const later = (deliver: () => void): void => {
    queue.push({ due: performance.now() + delay, deliver });
    timer ??= setTimeout(flush, delay);
  };
  from.on("data", (chunk) => later(() => void to.write(chunk)));
  from.on("end", () => later(() => void to.end()));
  from.on("error", () => to.destroy());
  from.on("close", () => later(() => void to.destroy()));
}
