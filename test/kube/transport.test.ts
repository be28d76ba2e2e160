import { isFailure } from "../../src/model/failure.ts";
import { constants } from "node:http2";
import { createServer as createHttps } from "node:https";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { jumpingClock } from "./clocks.ts";
import { GET_WEB, json, loopback, POST_WEB, QUIET, transportTo } from "./loopback.ts";
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from "./loopback-certificate.ts";

describe("an answer", () => {
  test("carries status, JSON with every digit, and each warning unescaped", async () => {
    await using server = await loopback((stream) => {
      const warning = ['299 - "v1 Endpoints is deprecated"', `299 - "${latin1('hello \\"größer\\"')}"`];
      const head = [":status", "201", "content-type", "application/json"];
      stream.respond([...head, ...warning.flatMap((text) => ["warning", text])]);
      stream.end('{"big":9007199254740993}');
    });
    await using transport = transportTo(server.server);
    expect(await transport.send(GET_WEB, QUIET)).toMatchObject({
      status: 201,
      json: { big: 9007199254740993n },
      warnings: ["v1 Endpoints is deprecated", 'hello "größer"'],
    });
  });

  test("may be gzipped and large", async () => {
    const items = Array.from({ length: 50_000 }, (_, index) => `item ${index}`);
    await using server = await loopback((stream) => {
      stream.respond({ ":status": 200, "content-type": "application/json", "content-encoding": "gzip" });
      stream.end(gzipSync(JSON.stringify({ items })));
    });
    await using transport = transportTo(server.server);
    expect((await transport.send(GET_WEB, QUIET)).json).toEqual({ items });
    expect(server.asked[0]?.headers["accept-encoding"]).toBe("gzip");
  });

  test("that is no JSON is given as text", async () => {
    await using server = await loopback((stream) => {
      stream.respond({ ":status": 404, "content-type": "text/plain" });
      stream.end("404 page not found\n");
    });
    await using transport = transportTo(server.server);
    expect(await transport.send(GET_WEB, QUIET)).toMatchObject({
      status: 404,
      json: undefined,
      text: "404 page not found\n",
    });
  });
});

// How Node writes the UTF-8 bytes of the API server into a header.
function latin1(text: string): string {
  return Buffer.from(text).toString("latin1");
}

describe("a lost connection", () => {
  test("a stream that only ends, without an answer, is never a success", async () => {
    await using server = await loopback((_, { session }) => session.socket.destroy());
    await using transport = transportTo(server.server);
    await expect(transport.send(POST_WEB, QUIET)).rejects.toMatchObject({ code: "cluster-unreachable" });
    expect(server.asked).toHaveLength(1);
  });

  test("a body that breaks off is asked for again when that is safe", async () => {
    await using server = await loopback((stream, { number, session }) => {
      if (number > 1) return json(stream, { whole: true });
      stream.respond({ ":status": 200, "content-type": "application/json" });
      stream.write('{"who', () => session.socket.destroy());
    });
    await using transport = transportTo(server.server);
    expect((await transport.send(GET_WEB, QUIET)).json).toEqual({ whole: true });
    expect(server.connections).toBe(2);
  });

  test("JSON that ends early over a healthy connection is asked for again", async () => {
    await using server = await loopback((stream, { number }) => {
      if (number > 1) return json(stream, { whole: true });
      stream.respond({ ":status": 200, "content-type": "application/json" });
      stream.end('{"items":[{"metadata"');
    });
    await using transport = transportTo(server.server);
    expect((await transport.send(GET_WEB, QUIET)).json).toEqual({ whole: true });
  });

  test("a reset stream is asked for again, but a write that is not repeatable is not", async () => {
    await using server = await loopback((stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
    await using transport = transportTo(server.server);
    await expect(transport.send(POST_WEB, QUIET)).rejects.toMatchObject({ code: "cluster-unreachable" });
    expect(transport.requests).toBe(1);
    await expect(transport.send(GET_WEB, QUIET)).rejects.toMatchObject({
      code: "cluster-unreachable",
      message: `${server.server.origin}: the connection was lost before an answer`,
    });
    expect(transport.requests).toBe(1 + 5);
  });

  test.each(["application/json", "text/plain"])(
    "a %s body that looks whole, but was reset before its end, is lost",
    async (type) => {
      await using server = await loopback((stream) => {
        stream.respond({ ":status": 200, "content-type": type });
        stream.write('{"whole":true}', () => stream.destroy(new Error("reset")));
      });
      await using transport = transportTo(server.server);
      await expect(transport.send(POST_WEB, QUIET)).rejects.toMatchObject({
        code: "cluster-unreachable",
        message: `${server.server.origin}: the connection was lost in the middle of an answer`,
      });
    },
  );

  test("a text body without a length that breaks off with the connection is lost", async () => {
    await using server = await loopback((stream, { session }) => {
      stream.respond({ ":status": 200, "content-type": "text/plain" });
      stream.write("the first half", () => session.socket.destroy());
    });
    await using transport = transportTo(server.server);
    await expect(transport.send(POST_WEB, QUIET)).rejects.toMatchObject({ code: "cluster-unreachable" });
  });

  test("a stream the server refused to look at is sent again whatever it is", async () => {
    await using server = await loopback((stream, { number }) => {
      if (number === 1) return stream.close(constants.NGHTTP2_REFUSED_STREAM);
      json(stream, { made: true }, 201);
    });
    await using transport = transportTo(server.server);
    expect((await transport.send(POST_WEB, QUIET)).status).toBe(201);
  });

  test("after a GOAWAY, what is under way ends and the next request takes a new connection", async () => {
    await using server = await loopback((stream, { number, session }) => {
      if (number === 1) session.goaway(constants.NGHTTP2_NO_ERROR);
      json(stream, { number });
    });
    await using transport = transportTo(server.server);
    expect((await transport.send(GET_WEB, QUIET)).json).toEqual({ number: 1 });
    const rest = await Promise.all(Array.from({ length: 40 }, () => transport.send(POST_WEB, QUIET)));
    expect(rest.map((answer) => answer.status)).toEqual(rest.map(() => 200));
    expect(server.connections).toBe(2);
  });

  test("a server that is down is unreachable after bounded tries", async () => {
    const server = await loopback(() => {});
    await server[Symbol.asyncDispose]();
    const clock = jumpingClock();
    await using transport = transportTo(server.server, { clock });
    await expect(transport.send(GET_WEB, QUIET)).rejects.toMatchObject({
      code: "cluster-unreachable",
      message: `${server.server.origin}: connection refused`,
    });
    expect(clock.naps).toEqual([100, 200, 400, 800]);
  });

  test("an answer that does not come in time is lost", async () => {
    await using server = await loopback(() => {});
    await using transport = transportTo(server.server, { requestMilliseconds: 50 });
    await expect(transport.send(POST_WEB, QUIET)).rejects.toMatchObject({
      code: "cluster-unreachable",
      message: `${server.server.origin}: no complete answer within 0.05 s`,
    });
  });

  test("a certificate that is not trusted is told at once", async () => {
    await using server = await loopback((stream) => json(stream, {}));
    await using transport = transportTo(server.server, {}, { credential: async () => ({ tls: {}, headers: {} }) });
    await expect(transport.send(GET_WEB, QUIET)).rejects.toMatchObject({
      code: "cluster-unreachable",
      message: `${server.server.origin}: its certificate is not trusted, or ours was refused`,
    });
    expect(transport.requests).toBe(0);
  });
});

describe("a server under load", () => {
  test("Retry-After is honoured, at most a minute, even for a write", async () => {
    await using server = await loopback((stream, { number }) => {
      if (number === 1) return json(stream, {}, 429, { "retry-after": "7" });
      if (number === 2) return json(stream, {}, 429, { "retry-after": "86400" });
      json(stream, { made: true }, 201);
    });
    const clock = jumpingClock();
    await using transport = transportTo(server.server, { clock });
    expect((await transport.send(POST_WEB, QUIET)).status).toBe(201);
    expect(clock.naps).toEqual([7_000, 60_000]);
  });

  test("never sees more than 32 requests at once, and fewer after it said 429", async () => {
    let inside = 0;
    const crowds: number[] = [];
    await using server = await loopback((stream, { number }) => {
      inside += 1;
      crowds.push(inside);
      setImmediate(() => {
        inside -= 1;
        json(stream, {}, number <= 32 ? 429 : 200, { "retry-after": "0" });
      });
    });
    await using transport = transportTo(server.server);
    await Promise.all(Array.from({ length: 200 }, () => transport.send(GET_WEB, QUIET)));
    expect(Math.max(...crowds.slice(0, 32))).toBeLessThanOrEqual(32);
    expect(Math.max(...crowds.slice(64, 128))).toBeLessThanOrEqual(24);
  });

  test.each([
    ["503 without end is a failure that says so", "no healthy upstream", "cluster-unreachable"],
    ["503 of one aggregated API is its answer: the API server itself is well", "service unavailable\n", 503],
  ])("%s", async (_, body, expected) => {
    await using server = await loopback((stream) => {
      stream.respond({ ":status": 503, "content-type": "text/plain" });
      stream.end(body);
    });
    await using transport = transportTo(server.server);
    const sent = transport.send(GET_WEB, QUIET).then(
      ({ status }) => status,
      (error: unknown) => (isFailure(error) ? error.code : error),
    );
    expect(await sent).toBe(expected);
  });

  test.each([
    [
      "an unknown field",
      "failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.repicas: field not declared in schema",
      1,
    ],
    ["an object that is too large", "etcdserver: request is too large", 1],
    ["a webhook that is down", 'Internal error occurred: failed calling webhook "w.x.io"', 1],
    ["a new etcd leader", "etcdserver: leader changed", 5],
  ])("500 for %s is asked %i time(s)", async (_, message, times) => {
    await using server = await loopback((stream) => json(stream, { kind: "Status", message, code: 500 }, 500));
    await using transport = transportTo(server.server);
    expect((await transport.send({ ...GET_WEB, method: "PATCH", body: {} }, QUIET)).status).toBe(500);
    expect(server.asked).toHaveLength(times);
  });
});

describe("who we are", () => {
  test("a rejected credential is renewed once, for all requests together", async () => {
    await using server = await loopback((stream, { headers }) =>
      json(stream, {}, headers["authorization"] === "Bearer new" ? 200 : 401),
    );
    const [old, fresh] = ["old", "new"].map((token) => ({
      tls: { ca: LOOPBACK_CERTIFICATE },
      headers: { authorization: `Bearer ${token}` },
    }));
    let current = old!;
    const renew = async () => (current = fresh!);
    await using transport = transportTo(server.server, {}, { credential: async () => current, renew });
    const answers = await Promise.all(Array.from({ length: 10 }, () => transport.send(POST_WEB, QUIET)));
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200));
  });

  test("a credential that stays rejected is a failure that holds no token", async () => {
    await using server = await loopback((stream) => json(stream, { message: "Unauthorized" }, 401));
    await using transport = transportTo(server.server);
    const failure = await transport.send(GET_WEB, QUIET).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "cluster-unauthorized" });
    expect(JSON.stringify(failure) + String(failure)).not.toContain("t0ken");
    expect(server.asked).toHaveLength(2);
  });

  test("a redirect is never followed", async () => {
    await using server = await loopback((stream) => {
      stream.respond({ ":status": 302, location: "https://127.0.0.1:1/steal" });
      stream.end();
    });
    await using transport = transportTo(server.server);
    await expect(transport.send(GET_WEB, QUIET)).rejects.toMatchObject({
      code: "cluster-error",
      message: "get web: the server answered with a redirect, which is never followed (HTTP 302)",
    });
    expect(server.asked).toHaveLength(1);
  });
});

describe("an interrupted caller", () => {
  test("stops waiting for an answer", async () => {
    const stop = new AbortController();
    await using server = await loopback(() => stop.abort());
    await using transport = transportTo(server.server);
    await expect(transport.send(GET_WEB, stop.signal)).rejects.toMatchObject({ code: "interrupted" });
  });

  test("gives its place in the queue back", async () => {
    const stop = new AbortController();
    let answer = (): void => {};
    await using server = await loopback((stream, { number }) => {
      if (number > 1) return json(stream, {});
      answer = () => json(stream, {});
      stop.abort();
    });
    await using transport = transportTo(server.server, { concurrency: 1 });
    const first = transport.send(GET_WEB, QUIET);
    await expect(transport.send(GET_WEB, stop.signal)).rejects.toMatchObject({ code: "interrupted" });
    answer();
    expect((await first).status).toBe(200);
    expect((await transport.send(GET_WEB, QUIET)).status).toBe(200);
  });
});

describe("a server without HTTP/2", () => {
  test("is spoken to in HTTP/1.1", async () => {
    await using server = await echo();
    await using transport = transportTo(server.server);
    expect(await transport.send({ ...POST_WEB, body: { big: 9007199254740993n } }, QUIET)).toMatchObject({
      status: 200,
      json: { big: 9007199254740993n },
      warnings: ["one", "two"],
    });
  });

  test("and an answer that breaks off is lost", async () => {
    await using server = await echo();
    await using transport = transportTo(server.server);
    await expect(transport.send({ ...POST_WEB, path: "/cut" }, QUIET)).rejects.toMatchObject({
      code: "cluster-unreachable",
    });
  });
});

interface Echo extends AsyncDisposable {
  readonly server: URL;
}

/** Gives back what it is sent, with two warnings; `/cut` breaks off. */
async function echo(): Promise<Echo> {
  const http1 = createHttps({ cert: LOOPBACK_CERTIFICATE, key: LOOPBACK_KEY }, (request, response) => {
    response.setHeader("content-type", "application/json");
    response.setHeader("warning", ['299 - "one"', '299 - "two"']);
    if (request.url !== "/cut") {
      request.pipe(response);
      return;
    }
    response.writeHead(200, { "content-length": "100" });
    response.write("{", () => response.socket?.destroy());
  });
  http1.listen(0, "127.0.0.1");
  await once(http1, "listening");
  return {
    server: new URL(`https://127.0.0.1:${(http1.address() as AddressInfo).port}`),
    async [Symbol.asyncDispose]() {
      http1.closeAllConnections();
      http1.close();
    },
  };
}
