import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { guardedFetch } from "../../src/github/guarded-fetch.ts";

test("an answer of JSON comes through with status, headers and address", async () => {
  await using server = await serve((_request, response) => {
    response.writeHead(201, { "content-type": "application/json; charset=utf-8", link: "<x>" });
    response.end('{"id":1}');
  });
  const answer = await server.fetch(`${server.url}/things`);
  expect([answer.status, answer.headers.get("link"), answer.url]).toEqual([201, "<x>", `${server.url}/things`]);
  expect(await answer.json()).toEqual({ id: 1 });
});

test("a renamed repository is followed with method, body and token", async () => {
  const seen: string[] = [];
  await using server = await serve((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    if (request.url === "/old") {
      response.writeHead(307, { location: "/new" }).end();
      return;
    }
    response.writeHead(204).end();
  });
  const init = { method: "PATCH", body: "{}", headers: { authorization: "token t" } };
  expect((await server.fetch(`${server.url}/old`, init)).status).toBe(204);
  expect(seen).toEqual(["PATCH /old token t", "PATCH /new token t"]);
});

test("nothing is sent to another origin, neither by address nor by redirect", async () => {
  let asked = 0;
  await using other = await serve((_request, response) => {
    asked += 1;
    response.writeHead(204).end();
  });
  await using server = await serve((_request, response) => {
    response.writeHead(302, { location: `${other.url}/x` }).end();
  });
  for (const url of [`${other.url}/x`, `${server.url}/x`]) {
    await expect(server.fetch(url)).rejects.toMatchObject({ code: "github-error" });
  }
  expect(asked).toBe(0);
});

test("redirects in a circle end", async () => {
  await using server = await serve((_request, response) => {
    response.writeHead(301, { location: "/again" }).end();
  });
  await expect(server.fetch(`${server.url}/x`)).rejects.toThrow("too many redirects");
});

test("a body that breaks off is no answer", async () => {
  await using server = await serve((_request, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
    response.write('[{"id":1}');
    setImmediate(() => response.destroy());
  });
  await expect(server.fetch(`${server.url}/x`)).rejects.toThrow(TypeError);
});

test("a proxy's page of HTML is no answer", async () => {
  await using server = await serve((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<h1>Sign in</h1>");
  });
  await expect(server.fetch(`${server.url}/x`)).rejects.toThrow("the answer is not JSON");
});

test("an abort ends a request that gets no answer", async () => {
  const controller = new AbortController();
  await using server = await serve(() => controller.abort());
  await expect(server.fetch(`${server.url}/x`, { signal: controller.signal })).rejects.toMatchObject({
    name: "AbortError",
  });
});

async function serve(listener: RequestListener) {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    fetch: guardedFetch(fetch, url),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
