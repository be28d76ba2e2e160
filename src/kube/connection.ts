import type { Agent } from "node:http";

/** What one TLS handshake needs; absent parts are Node's defaults. */
export interface TlsOptions {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly passphrase?: string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** How we prove who we are, as it was read at one moment. Two credentials are the same only if they are the same object. */
export interface Credential {
  readonly tls: TlsOptions;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The way through the kubeconfig's `proxy-url`; absent: connect directly. */
  readonly agent?: Agent;
}

/** One API server and a way to authenticate to it. */
export interface Connection {
  readonly server: URL;
  /** The name of the kubeconfig context, or `in-cluster`. */
  readonly context: string;
  /** The credential to use now. Token files and expired plugin credentials are read again; concurrent callers share one reading. */
  credential(): Promise<Credential>;
  /** A newer credential than the one the server rejected; concurrent callers share one reading. */
  renew(rejected: Credential): Promise<Credential>;
  /** Every secret string the kubeconfig holds, in each form it could be printed in. */
  readonly secrets: readonly string[];
}
