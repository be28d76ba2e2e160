import { expect, test } from "vitest";
import { listObjects } from "../../src/kube/list.ts";
import { systemKind } from "../../src/kube/system-name.ts";
import { json, loopback, QUIET, transportTo } from "./loopback.ts";

const WIDGETS = systemKind("x.io", "Widget", "widgets");

function page(names: readonly string[], next = ""): object {
  return { kind: "WidgetList", metadata: { continue: next }, items: names.map((name) => ({ metadata: { name } })) };
}

test("a list that expires between two pages starts again, and never mixes two moments", async () => {
  await using server = await loopback((stream, { path, number }) => {
    if (number === 1) return json(stream, page(["old"], "token-1"));
    if (path.includes("continue=token-1")) return json(stream, { kind: "Status", reason: "Expired", code: 410 }, 410);
    if (path.includes("continue=token-2")) return json(stream, page(["b"]));
    json(stream, page(["a"], "token-2"));
  });
  await using transport = transportTo(server.server);
  const objects = await listObjects(transport, WIDGETS, { namespace: "shop" }, QUIET);
  expect(objects).toEqual([
    { apiVersion: "x.io/v1", kind: "Widget", metadata: { name: "a" } },
    { apiVersion: "x.io/v1", kind: "Widget", metadata: { name: "b" } },
  ]);
});

test("a list that expires again and again is at last asked for whole", async () => {
  await using server = await loopback((stream, { path }) => {
    if (path.includes("continue=")) return json(stream, {}, 410);
    json(stream, path.includes("limit=") ? page(["part"], "token") : page(["a", "b"]));
  });
  await using transport = transportTo(server.server);
  const objects = await listObjects(transport, WIDGETS, {}, QUIET);
  expect(objects.map((object) => object.metadata.name)).toEqual(["a", "b"]);
  expect(server.asked.map(({ path }) => path)).toEqual([
    "/apis/x.io/v1/widgets?limit=500",
    "/apis/x.io/v1/widgets?limit=500&continue=token",
    "/apis/x.io/v1/widgets?limit=500",
    "/apis/x.io/v1/widgets?limit=500&continue=token",
    "/apis/x.io/v1/widgets",
  ]);
});

test("a server that ignores the limit may answer with very many objects", async () => {
  const names = Array.from({ length: 150_000 }, (_, index) => `w${index}`);
  await using server = await loopback((stream) => json(stream, page(names)));
  await using transport = transportTo(server.server);
  expect(await listObjects(transport, WIDGETS, {}, QUIET)).toHaveLength(names.length);
});

test("an answer that is no list is a failure", async () => {
  await using server = await loopback((stream) => json(stream, { hello: "world" }));
  await using transport = transportTo(server.server);
  await expect(listObjects(transport, WIDGETS, {}, QUIET)).rejects.toMatchObject({ code: "cluster-error" });
});
