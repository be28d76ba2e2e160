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
