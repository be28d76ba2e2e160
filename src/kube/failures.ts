import { Failure } from "../model/failure.ts";

// No text here holds a header, a body or an error object of somebody else: they may carry tokens or the object itself.

/** `why` is a system error code (`ECONNREFUSED`) or our own words. */
export function unreachable(server: URL, why: string): Failure {
  const known = WHYS.get(why) ?? (isCertificateCode(why) ? BAD_CERTIFICATE : undefined);
  return new Failure("cluster-unreachable", `${server.origin}: ${known?.words ?? why}`, {
    remedy: known?.remedy ?? "check that the API server is up and can be reached from here, then run the command again",
  });
}

/** The server understood, and rejected, who we say we are; a credential read anew did not help. */
export function unauthorized(server: URL, context: string): Failure {
  return new Failure("cluster-unauthorized", `${server.origin}: the credentials of context ${context} were rejected`, {
    remedy: "renew the token or certificate in the kubeconfig; it may have expired",
  });
}

/** `deed` reads as an order: `list deployments.apps in namespace shop`. */
export function forbidden(deed: string): Failure {
  return new Failure("cluster-forbidden", `${deed}: forbidden`, {
    remedy: `allow the identity of the kubeconfig to ${deed}`,
  });
}

/** An answer that no rule of ours expects; of its text only the HTTP status is told. */
export function unexpected(deed: string, status: number, words = "an answer that was not expected"): Failure {
  return new Failure("cluster-error", `${deed}: ${words} (HTTP ${status})`, {
    remedy: "look at the API server's log for this request",
  });
}

/** A TLS verification error: trying again cannot help. */
export function isCertificateCode(code: string): boolean {
  return /CERT|UNABLE_TO_(GET|VERIFY)|SELF_SIGNED|ALTNAME|^ERR_SSL|^ERR_TLS/.test(code);
}

interface Why {
  readonly words: string;
  readonly remedy: string;
}

const BAD_CERTIFICATE: Why = {
  words: "its certificate is not trusted, or ours was refused",
  remedy: "check certificate-authority-data, tls-server-name and the client certificate in the kubeconfig",
};

const CHECK_ADDRESS = "check the cluster's server address in the kubeconfig and the network from here to it";

const WHYS: ReadonlyMap<string, Why> = new Map([
  ["ECONNREFUSED", { words: "connection refused", remedy: CHECK_ADDRESS }],
  ["ENOTFOUND", { words: "its name cannot be resolved", remedy: CHECK_ADDRESS }],
  ["EAI_AGAIN", { words: "its name cannot be resolved now", remedy: CHECK_ADDRESS }],
  ["EHOSTUNREACH", { words: "no route to the host", remedy: CHECK_ADDRESS }],
  ["ENETUNREACH", { words: "no route to the network", remedy: CHECK_ADDRESS }],
  ["ETIMEDOUT", { words: "no connection in time", remedy: CHECK_ADDRESS }],
]);
