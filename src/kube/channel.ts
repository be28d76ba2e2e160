import { isIP } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import type { Credential } from "./connection.ts";
import { http1Channel, proxiedChannel } from "./http1-channel.ts";
import { http2Channel } from "./http2-channel.ts";

/** One HTTP request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** From sending to the last byte of the answer. */
  readonly milliseconds: number;
  readonly maxBytes: number;
}

/** The answer to one, complete to the last byte, still as it came (perhaps compressed). */
export interface WireAnswer {
  readonly status: number;
  /** Name, value, name, value: repeated headers are kept apart. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/**
 * An answer is complete or it does not exist. `lost` says why (a system error code or our words), and whether the server may
 * have seen the request.
 */
export type Exchanged =
  | { readonly kind: "answered"; readonly answer: WireAnswer }
  | { readonly kind: "lost"; readonly why: string; readonly sent: boolean };

/** An open way to the server that carries many requests at once. */
export interface Channel {
  /** False once a request would be refused (GOAWAY, closed): open another. */
  readonly usable: boolean;
  exchange(request: WireRequest, signal: AbortSignal): Promise<Exchanged>;
  /** Takes no more requests; over HTTP/2 those under way still end. */
  close(): void;
}

const OPEN_MILLISECONDS = 10_000;

/** Opens HTTP/2, or HTTP/1.1 where the server or a proxy on the way does not speak it. Throws the system's error. */
export async function openChannel(server: URL, credential: Credential): Promise<Channel> {
  if (credential.agent !== undefined) return proxiedChannel(server, credential.agent);
  const socket = await handshake(server, credential);
  if (socket.alpnProtocol === "h2") return http2Channel(server, socket);
  socket.destroy();
  return http1Channel(server, credential);
}

function handshake(server: URL, credential: Credential): Promise<TLSSocket> {
  const host = server.hostname.replace(/^\[|\]$/g, "");
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const socket = connect({
    host,
    port: Number(server.port || "443"),
    // A server name may not be an address (RFC 6066); Node then checks the certificate against `host`.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...credential.tls,
    ALPNProtocols: ["h2", "http/1.1"],
  });
  socket.setTimeout(OPEN_MILLISECONDS, () =>
    socket.destroy(Object.assign(new Error("timeout"), { code: "ETIMEDOUT" })),
  );
  socket.once("error", reject);
  socket.once("close", () => reject(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
  socket.once("secureConnect", () => {
    socket.setTimeout(0);
    socket.removeAllListeners("close");
    socket.off("error", reject);
    resolve(socket);
  });
  return promise;
}
