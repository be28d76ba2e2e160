import type { Connection, Credential } from "./connection.ts";

/** Where credentials come from. */
export interface CredentialSource {
  /** The credential as it is cached until it expires. */
  readonly read: () => Promise<Credential>;
  /** The credential, made anew whatever is cached. */
  readonly readAnew: () => Promise<Credential>;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

// A token file or an expiring plugin credential is looked at again after this time; a rejected one is looked at again at once.
const FRESH_MILLISECONDS = 10_000;

/**
 * Shares one reading among all concurrent callers: a cold start with 32 requests in flight runs the credential plugin once.
 * A failed reading is not kept.
 */
export function shareCredentials(source: CredentialSource): Pick<Connection, "credential" | "renew"> {
  let current: { readonly credential: Credential; readonly since: number } | undefined;
  let reading: Promise<Credential> | undefined;

  function readOnce(read: () => Promise<Credential>): Promise<Credential> {
    reading ??= keep(read).finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function keep(read: () => Promise<Credential>): Promise<Credential> {
    const fresh = await read();
    // Headers that did not change keep their identity, so that a request of before is not taken for a newer one.
    const credential = current !== undefined && sameCredential(current.credential, fresh) ? current.credential : fresh;
    current = { credential, since: source.now() };
    return credential;
  }

  return {
    async credential() {
      if (current !== undefined && source.now() - current.since < FRESH_MILLISECONDS) return current.credential;
      return readOnce(source.read);
    },
    async renew(rejected) {
      if (current !== undefined && current.credential !== rejected) return current.credential;
      return readOnce(source.readAnew);
    },
  };
}

/** Both speak for the same identity with the same certificate and token. */
function sameCredential(a: Credential, b: Credential): boolean {
  return sameTls(a, b) && JSON.stringify(a.headers) === JSON.stringify(b.headers);
}

/** A channel that was opened with one of them may serve the other. */
export function sameTls(a: Credential, b: Credential): boolean {
  return String(a.tls.cert) === String(b.tls.cert) && String(a.tls.key) === String(b.tls.key);
}
