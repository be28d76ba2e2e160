import { describe, expect, test } from "vitest";
import { shop } from "./shop.ts";

const at = "/repos/acme/shop";
const MEBI_QUARTER = 262_144;

describe("texts", () => {
  test.each([
    ["ASCII", "x", 1],
    ["emoji", "🚀", 4],
    ["CJK", "漢", 3],
  ])("a comment's body is measured in bytes: %s", async (_, character, bytes) => {
    await using world = await shop();
    const number = world.repository.issue({ title: "Drift" });
    const fits = character.repeat(Math.floor(MEBI_QUARTER / bytes));
    const { body: comment } = await world.bot.post(`${at}/issues/${number}/comments`, { body: fits });
    const refused = await world.bot.patch(`${at}/issues/comments/${comment.id}`, { body: `${fits}${character}` });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([{ message: "body is too long (maximum is 65536 characters)" }]);
    expect(world.repository.comments(number)[0]?.body).toBe(fits);
    expect(world.github.violations).toEqual([]);
  });

  test("an issue's body that is too long is refused at first, and dropped without a word later", async () => {
    await using world = await shop();
    const body = "x".repeat(MEBI_QUARTER + 1);
    expect((await world.bot.post(`${at}/issues`, { title: "Drift", body })).status).toBe(422);
    const { number } = (await world.bot.post(`${at}/issues`, { title: "Drift", body: "short" })).body;
    const updated = await world.bot.patch(`${at}/issues/${number}`, { title: "More drift", body });
    expect(updated).toMatchObject({ status: 200, body: { title: "More drift", body: "short" } });
  });

  test.each([
    ["a title of 257 characters", "/issues", { title: "x".repeat(257) }],
    ["a title of blanks", "/issues", { title: "  " }],
    ["a label of 51 characters", "/labels", { name: "x".repeat(51) }],
    ["a label's description of 101 characters", "/labels", { name: "x", description: "x".repeat(101) }],
    [
      "a pull request's body of 65,537 characters",
      "/pulls",
      { title: "x", head: "a", base: "main", body: "x".repeat(65_537) },
    ],
    [
      "more than 100 labels",
      "/issues",
      { title: "x", labels: Array.from({ length: 101 }, (_, index) => `label ${index}`) },
    ],
  ])("%s is refused", async (_, path, body) => {
    await using world = await shop();
    expect((await world.bot.post(`${at}${path}`, body)).status).toBe(422);
    expect(world.github.violations).toEqual([]);
  });

  test("a status's description has 140 characters at most", async () => {
    await using world = await shop();
    const url = `${at}/statuses/${await world.repository.head("main")}`;
    expect((await world.bot.post(url, { state: "success", description: "x".repeat(140) })).status).toBe(201);
    expect((await world.bot.post(url, { state: "success", description: "x".repeat(141) })).status).toBe(422);
  });

  test("an issue takes 2,500 comments and then none", async () => {
    await using world = await shop();
    const number = world.repository.issue({ title: "Drift" });
    for (let count = 0; count < 2500; count += 1) world.repository.comment(number, { body: "me too" });
    expect((await world.bot.post(`${at}/issues/${number}/comments`, { body: "last" })).status).toBe(403);
  });
});

describe("rates", () => {
  test("every answer says what is left; a workflow's token has 1,000 an hour", async () => {
    await using world = await shop();
    const { headers } = await world.bot.get(at);
    expect(headers.get("x-ratelimit-limit")).toBe("1000");
    expect(headers.get("x-ratelimit-remaining")).toBe("999");
    expect(headers.get("x-github-request-id")).toMatch(/\w/);
  });

  test("past the hour's requests everything is 403 with nothing remaining, until the hour is over", async () => {
    let now = Date.parse("2026-11-20T10:00:00Z");
    await using world = await shop({ clock: () => new Date(now), limits: { requestsPerHour: 2 } });
    await world.bot.get(at);
    await world.bot.get(at);
    const refused = await world.bot.get(at);
    expect(refused.status).toBe(403);
    expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(refused.headers.get("x-ratelimit-reset")).toBe(String(now / 1000 + 3600));
    now += 3_600_000;
    expect((await world.bot.get(at)).status).toBe(200);
  });

  test.each([403, 429] as const)("too many writes a minute are answered with %i and a time to wait", async (status) => {
    let now = Date.parse("2026-11-20T10:00:00Z");
    await using world = await shop({ clock: () => new Date(now) });
    world.github.limit({ writesPerMinute: 2, status, retryAfter: 60 });
    const write = () => world.bot.post(`${at}/issues`, { title: "Drift" });
    expect([(await write()).status, (await write()).status]).toEqual([201, 201]);
    const refused = await write();
    expect(refused.status).toBe(status);
    expect(refused.headers.get("retry-after")).toBe("60");
    expect((await world.bot.get(at)).status).toBe(200);
    now += 61_000;
    expect((await write()).status).toBe(201);
  });
});
