import { expect, test } from "vitest";
import type { CheckConclusion } from "../../src/model/github.ts";
import type { CheckText } from "../../src/forge-ports.ts";
import { isTooLong } from "../../src/github/github-failure.ts";
import { ALL, BOT, forgeFixture, never, safe } from "./forge-fixture.ts";

const NAME = "plumb plan production/web";

function check(text: string, conclusion: CheckConclusion = "success"): CheckText {
  return { conclusion, title: safe("1 change"), summary: safe("summary"), text: safe(text) };
}

test("a published check is completed and found again with its text", async () => {
  await using fixture = await forgeFixture();
  const { checks } = fixture.forge();
  expect(await checks.find(fixture.topic, NAME, never)).toBeUndefined();
  const published = await checks.publish(fixture.topic, NAME, check("digest 1", "neutral"), never);
  expect(published).toEqual({
    id: published.id,
    url: expect.stringContaining("/acme/shop/runs/") as string,
    name: NAME,
    headSha: fixture.topic,
    conclusion: "neutral",
    text: "digest 1",
  });
  expect(await checks.find(fixture.topic, NAME, never)).toEqual(published);
});

test("the newest of a name counts, also after 150 of them", async () => {
  await using fixture = await forgeFixture();
  fixture.github.limit({ writesPerMinute: 1000 });
  const { checks } = fixture.forge();
  for (let index = 0; index < 150; index += 1) {
    await checks.publish(fixture.topic, NAME, check(`digest ${index}`), never);
  }
  expect(await checks.find(fixture.topic, NAME, never)).toMatchObject({ text: "digest 149" });
});

test("another app's check of the same name, and ours of another name or commit, are not taken for it", async () => {
  await using fixture = await forgeFixture();
  const ours = fixture.forge();
  const forged = fixture.forge("other-app[bot]");
  await ours.checks.publish(fixture.topic, NAME, check("ours"), never);
  await forged.checks.publish(fixture.topic, NAME, check("forged"), never);
  await ours.checks.publish(fixture.topic, "plumb plan staging/web", check("staging"), never);
  await ours.checks.publish(fixture.main, NAME, check("main"), never);
  expect(await ours.checks.find(fixture.topic, NAME, never)).toMatchObject({ text: "ours" });
});

test.each([
  ["the connection is lost after the check was stored", "after", { kind: "drop" }],
  ["GitHub says 502 after the check was stored", "after", { kind: "answer", status: 502 }],
  ["the connection is lost before", "before", { kind: "drop" }],
] as const)("there is one check when %s", async (_what, when, effect) => {
  await using fixture = await forgeFixture();
  const { checks } = fixture.forge();
  await checks.publish(fixture.topic, NAME, check("digest 1"), never);
  fixture.github.faults.add({ operation: "checks/create", nth: 1, when, effect });
  const published = await checks.publish(fixture.topic, NAME, check("digest 2"), never);
  expect(published).toMatchObject({ text: "digest 2" });
  expect(await checks.find(fixture.topic, NAME, never)).toEqual(published);
  const sent = fixture.writes().length;
  expect(sent).toBe(when === "after" ? 2 : 3);
});

test("a token that may not write checks is told so", async () => {
  await using fixture = await forgeFixture();
  const { checks } = fixture.forge(BOT, { ...ALL, checks: "read" });
  await expect(checks.publish(fixture.topic, NAME, check("digest"), never)).rejects.toMatchObject({
    code: "github-forbidden",
    remedy: expect.stringContaining("checks: write") as string,
  });
});

test("a text beyond 65,535 characters is too long", async () => {
  await using fixture = await forgeFixture();
  const { checks } = fixture.forge();
  await checks.publish(fixture.topic, NAME, check("x".repeat(65_535)), never);
  const refused = checks.publish(fixture.topic, NAME, check("x".repeat(65_536)), never);
  expect(isTooLong(await refused.catch((error: unknown) => error))).toBe(true);
});
