import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import type { Channel, Exchanged, WireRequest } from "./channel.ts";
import { codeOf } from "./error-code.ts";
import { CUT, NO_ANSWER, TOO_LARGE } from "./loss.ts";
import { limitTime } from "./time-limit.ts";

// Node's default window of 64 KiB takes 50 times longer for large lists on a line with 20 ms round trips.
const STREAM_WINDOW_BYTES = 16 * 1024 * 1024;
const SESSION_WINDOW_BYTES = 64 * 1024 * 1024;
const SESSION_MEMORY_MEGABYTES = 256;
// As client-go: a line that was cut without a FIN is noticed by a PING without an answer.
const PING_EVERY_MILLISECONDS = 30_000;
const PING_ANSWER_MILLISECONDS = 15_000;

/** Many requests at once over one connection; it keeps the process alive only while one is under way. */
export function http2Channel(server: URL, socket: Duplex): Channel {
  const session = connect(server, {
    createConnection: () => socket,
    settings: { initialWindowSize: STREAM_WINDOW_BYTES, enablePush: false },
    maxSessionMemory: SESSION_MEMORY_MEGABYTES,
  });
  let inFlight = 0;
  session.once("connect", () => session.setLocalWindowSize(SESSION_WINDOW_BYTES));
  // Without a listener the error of a dying session would end the process; each stream tells its own story.
  session.on("error", () => session.destroy());
  keepAlive(session);

  return {
    get usable() {
      // Node closes a session by itself after a GOAWAY; what is under way still ends.
      return !session.closed && !session.destroyed;
    },
    async exchange(request, signal) {
      if (inFlight === 0) session.ref();
      inFlight += 1;
      try {
        return await exchange(session, request, signal);
      } finally {
        inFlight -= 1;
        if (inFlight === 0) session.unref();
      }
    },
    close: () => session.close(),
  };
}

function keepAlive(session: ClientHttp2Session): void {
  const timer = setInterval(() => {
    const silence = setTimeout(() => session.destroy(), PING_ANSWER_MILLISECONDS).unref();
    const sent = !session.destroyed && session.ping(() => clearTimeout(silence));
    if (!sent) clearTimeout(silence);
  }, PING_EVERY_MILLISECONDS).unref();
  session.once("close", () => clearInterval(timer));
}

function exchange(session: ClientHttp2Session, request: WireRequest, signal: AbortSignal): Promise<Exchanged> {
  const stream = openStream(session, request);
  if (typeof stream === "string") return Promise.resolve({ kind: "lost", why: stream, sent: false });
  return collect(stream, request, signal);
}

function openStream(session: ClientHttp2Session, request: WireRequest): ClientHttp2Stream | string {
  try {
    const headers = { ":method": request.method, ":path": request.path, ...request.headers };
    const stream = session.request(headers, { endStream: request.body === undefined });
    if (request.body !== undefined) stream.end(request.body);
    return stream;
  } catch (error) {
    return codeOf(error);
  }
}

// A killed server lets every stream `end` without a response, an error or a reset of its own, and a half-read body ends
// "normally" too. So nothing is believed before `close`, and then only with a status, code 0 and every announced byte.
function collect(stream: ClientHttp2Stream, request: WireRequest, signal: AbortSignal): Promise<Exchanged> {
  const { promise, resolve } = Promise.withResolvers<Exchanged>();
  const giveUp = (why: string): void => {
    stream.close(constants.NGHTTP2_CANCEL);
    resolve({ kind: "lost", why, sent: true });
  };
  const conclude = follow(stream, request.maxBytes, giveUp);
  const stopWatching = limitTime(request.milliseconds, signal, giveUp);
  stream.on("close", () => {
    stopWatching();
    resolve(conclude());
  });
  return promise;
}

interface Head {
  readonly status: number;
  readonly rawHeaders: readonly string[];
  /** The announced bytes of the body. */
  readonly length: number | undefined;
}

/** Writes down what a stream does; the returned function says what came of it once it is closed. */
function follow(stream: ClientHttp2Stream, maxBytes: number, giveUp: (why: string) => void): () => Exchanged {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let head: Head | undefined;
  let ended = false;
  let failed: string | undefined;
  stream.on("response", (headers, _flags, rawHeaders) => {
    const announced = headers["content-length"];
    head = {
      status: headers[":status"] ?? 0,
      rawHeaders,
      length: announced === undefined ? undefined : Number(announced),
    };
  });
  stream.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) giveUp(TOO_LARGE);
    else chunks.push(chunk);
  });
  stream.on("end", () => {
    ended = true;
  });
  stream.on("error", (error) => {
    failed = codeOf(error);
  });
  return () => {
    const clean = ended && failed === undefined && stream.rstCode === constants.NGHTTP2_NO_ERROR;
    if (!clean || head === undefined || (head.length ?? bytes) !== bytes) return lostBy(stream, failed, head);
    const { status, rawHeaders } = head;
    return { kind: "answered", answer: { status, rawHeaders, body: Buffer.concat(chunks, bytes) } };
  };
}

function lostBy(stream: ClientHttp2Stream, failed: string | undefined, head: Head | undefined): Exchanged {
  // The server promises not to have looked at a refused stream (RFC 9113, 8.7), nor at one after its GOAWAY.
  const unseen =
    stream.rstCode === constants.NGHTTP2_REFUSED_STREAM ||
    failed === "ERR_HTTP2_GOAWAY_SESSION" ||
    failed === "ERR_HTTP2_INVALID_SESSION";
  return { kind: "lost", why: head === undefined ? NO_ANSWER : CUT, sent: !unseen };
}
