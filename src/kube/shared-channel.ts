import type { Channel } from "./channel.ts";
import { openChannel } from "./open-channel.ts";
import type { Credential } from "./connection.ts";
import { sameTls } from "./credentials.ts";

/** The one channel that all requests to a server share. */
export interface SharedChannel {
  /** A channel that takes requests. Throws the system's error. */
  open(credential: Credential): Promise<Channel>;
  close(): Promise<void>;
}

/** One channel for all: opened once for all that wait for it, and again when it is spent or the certificate changed. */
export function shareChannel(server: URL): SharedChannel {
  let current: { readonly channel: Promise<Channel>; readonly credential: Credential } | undefined;

  function reopen(credential: Credential): Promise<Channel> {
    void current?.channel.then((spent) => spent.close()).catch(() => {});
    const channel = openChannel(server, credential);
    current = { channel, credential };
    return channel;
  }

  return {
    async open(credential) {
      const tried = current;
      if (tried === undefined || !sameTls(tried.credential, credential)) return reopen(credential);
      const channel = await tried.channel.catch(() => undefined);
      if (channel?.usable === true) return channel;
      // Somebody else who waited for the same spent channel may have opened the next one already.
      return current === undefined || current === tried ? reopen(credential) : current.channel;
    },
    async close() {
      const channel = await current?.channel.catch(() => undefined);
      channel?.close();
    },
  };
}
