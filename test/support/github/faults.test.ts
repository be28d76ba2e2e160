import { describe, expect, test } from "vitest";
import { shop } from "./shop.ts";

const at = "/repos/acme/shop";

describe("a connection that breaks", () => {
  test.each([
    ["before", 0],
    ["after", 1],
  ] as const)("%s the change leaves %i comments", async (when, count) => {
    await using world = await shop();
    const number = world.repository.issue({ title: "Drift" });
    world.github.faults.add({ operation: "issues/create-comment", nth: 1, when, effect: { kind: "drop" } });
    const post = () => world.bot.post(`${at}/issues/${number}/comments`, { body: "hello" });
    await expect(post()).rejects.toThrow("fetch failed");
    expect(world.repository.comments(number)).toHaveLength(count);
    expect((await post()).status).toBe(201);
    expect(world.github.requests.map(({ status }) => status)).toEqual([undefined, 201]);
  });
});

test.each([
  ["before", 0],
  ["after", 1],
] as const)("a 502 %s the change leaves %i issues", async (when, count) => {
  await using world = await shop();
  world.github.faults.add({ operation: "issues/create", when, effect: { kind: "answer", status: 502 } });
  expect((await world.bot.post(`${at}/issues`, { title: "Drift" })).status).toBe(502);
  expect(world.repository.issues()).toHaveLength(count);
});

test("the second of three calls is answered with headers of its own", async () => {
  await using world = await shop();
  const headers = { "retry-after": "7" };
  const effect = { kind: "answer", status: 429, message: "slow down", headers } as const;
  world.github.faults.add({ method: "GET", path: /\/pulls$/, nth: 2, when: "before", effect });
  expect((await world.bot.get(`${at}/pulls`)).status).toBe(200);
  const refused = await world.bot.get(`${at}/pulls`);
  expect(refused).toMatchObject({ status: 429, body: { message: "slow down" } });
  expect(refused.headers.get("retry-after")).toBe("7");
  expect((await world.bot.get(`${at}/pulls`)).status).toBe(200);
});

test("the head moves between two calls", async () => {
  await using world = await shop();
  const first = await world.repository.commit("scale", { "web.yaml": "replicas: 2\n" });
  const number = await world.repository.pullRequest({ branch: "scale" });
  const run = () => world.repository.commit("scale", { "web.yaml": "replicas: 3\n" });
  world.github.faults.add({ operation: "pulls/get", nth: 1, when: "after", effect: { kind: "run", run } });
  const headSha = async () => (await world.bot.get(`${at}/pulls/${number}`)).body.head.sha;
  expect(await headSha()).toBe(first);
  expect(await headSha()).not.toBe(first);
});

test("a delayed call is overtaken by a later one", async () => {
  await using world = await shop();
  const number = world.repository.issue({ title: "Drift" });
  const post = (body: string) => world.bot.post(`${at}/issues/${number}/comments`, { body });
  let second: Promise<unknown> | undefined;
  // Held back until the other is there, so that nothing here depends on time.
  const run = async () => void (await (second = post("second")));
  world.github.faults.add({ operation: "issues/create-comment", nth: 1, when: "before", effect: { kind: "run", run } });
  await post("first");
  await second;
  expect(world.repository.comments(number).map(({ body }) => body)).toEqual(["second", "first"]);
});

test("a fault that did not happen can be told from one that did", async () => {
  await using world = await shop();
  const { faults } = world.github;
  const effect = { kind: "delay", milliseconds: 1 } as const;
  faults.add({ operation: "repos/get", when: "before", effect }, { operation: "meta/get", when: "before", effect });
  await world.bot.get(at);
  expect(faults.pending).toMatchObject([{ operation: "meta/get" }]);
  faults.clear();
  expect(faults.pending).toEqual([]);
});
