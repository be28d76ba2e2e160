import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

const FIRST = 20_000;
const LAST = 29_999;

/**
 * Two TCP ports of 127.0.0.1 that nobody listens on. They lie below the range from which systems take ports for outgoing
 * connections and for `listen(0)`, so nobody takes one by chance before it is used, nor while a server restarts.
 */
export async function freePorts(): Promise<readonly [number, number]> {
  const first = await freePort(undefined);
  return [first, await freePort(first)];
}

async function freePort(except: number | undefined): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(FIRST, LAST + 1);
    if (port !== except && (await isFree(port))) return port;
  }
  throw new Error(`127.0.0.1: no free port found between ${FIRST} and ${LAST}; end what listens there`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host: "127.0.0.1", exclusive: true });
    await once(server, "listening");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EADDRINUSE" || code === "EACCES") return false;
    throw error;
  }
  server.close();
  await once(server, "close");
  return true;
}
