import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { startDelayProxy } from "./delay-proxy.ts";

test("what goes through the proxy comes whole and in order, the end included, in both directions", async () => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    void text(socket).then((received) => socket.end(`${received.length} ${received}`));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  await using proxy = await startDelayProxy({ to: (server.address() as AddressInfo).port, roundTrip: 4 });

  const sent = Array.from({ length: 20_000 }, (_, index) => `${index};`);
  const client = connect({ host: "127.0.0.1", port: proxy.port, allowHalfOpen: true });
  for (const part of sent) client.write(part);
  client.end();

  expect(await text(client)).toBe(`${sent.join("").length} ${sent.join("")}`);
});

test("a server that is not there closes the connection", async () => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await using proxy = await startDelayProxy({ to: port, roundTrip: 4 });

  const client = connect({ host: "127.0.0.1", port: proxy.port });
  client.resume();
  client.on("error", () => {});
  await once(client, "close");
  expect(client.destroyed).toBe(true);
});
