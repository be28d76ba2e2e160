import { isIP } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import type { Channel } from "./channel.ts";
import type { Credential } from "./connection.ts";
import { http2Channel } from "./http2-channel.ts";

const OPEN_MILLISECONDS = 10_000;

/** Opens HTTP/2, or HTTP/1.1 where the server or a proxy on the way does not speak it. Throws the system's error. */
export async function openChannel(server: URL, credential: Credential): Promise<Channel> {
  if (credential.agent === undefined) {
    const socket = await handshake(server, credential);
    if (socket.alpnProtocol === "h2") return http2Channel(server, socket);
    socket.destroy();
  }
  // Few servers need it, and Node's own modules for it take 25 ms to load.
  const { http1Channel, proxiedChannel } = await import("./http1-channel.ts");
  return credential.agent === undefined ? http1Channel(server, credential) : proxiedChannel(server, credential.agent);
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
