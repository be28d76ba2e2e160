import { expect, test } from "vitest";
import type { Marker } from "../../src/model/github.ts";
import type { IssueText } from "../../src/forge-ports.ts";
import { formatMarker } from "../../src/github/marker.ts";
import { ALL, BOT, forgeFixture, type ForgeFixture, never, safe } from "./forge-fixture.ts";

const drift: Marker = { kind: "drift", key: "production/web" };
const marked = (text: string): string => `${formatMarker(drift)}\n${text}`;

function issue(body: string): IssueText {
  return { title: safe("production/web: 1 difference"), body: safe(body), labels: ["drift"] };
}

/** Issues that are no pull requests, as somebody sees them. */
function seen({ repository, pull }: ForgeFixture) {
  const issues = repository.issues().filter(({ number }) => number !== pull);
  return issues.map(({ number, state, body, labels }) => ({ number, state, body, labels }));
}

test("an issue is opened with its label, edited in place, closed, and opened again", async () => {
  await using fixture = await forgeFixture();
  const { issues } = fixture.forge();
  expect(await issues.find(drift, never)).toBeUndefined();
  const { number } = await issues.open(drift, issue("first"), never);
  expect(seen(fixture)).toEqual([{ number, state: "open", body: marked("first"), labels: ["drift"] }]);
  await issues.update(number, drift, issue("second"), "open", never);
  const closed = await issues.update(number, drift, issue("none"), "closed", never);
  expect(closed).toEqual({
    number,
    url: expect.stringContaining(`/acme/shop/issues/${number}`) as string,
    state: "closed",
    title: "production/web: 1 difference",
    body: marked("none"),
  });
  expect(await issues.find(drift, never)).toEqual(closed);
  await issues.open(drift, issue("back"), never);
  expect(seen(fixture)).toEqual([{ number, state: "open", body: marked("back"), labels: ["drift"] }]);
});

test("an issue whose label somebody took off is still ours", async () => {
  await using fixture = await forgeFixture();
  const number = fixture.repository.issue({ title: "drift", body: marked("first"), by: BOT });
  expect(await fixture.forge().issues.find(drift, never)).toMatchObject({ number });
});

test("neither another's issue with our marker, nor a pull request of ours, nor another target's issue is it", async () => {
  await using fixture = await forgeFixture();
  fixture.repository.issue({ title: "spoof", body: marked("x"), by: "mallory" });
  fixture.repository.issue({ title: "quote", body: `> ${marked("x")}`, by: BOT });
  fixture.repository.issue({ title: "staging", body: marked("x").replace("production", "staging"), by: BOT });
  await fixture.repository.commit("images", { a: "b" });
  await fixture.repository.pullRequest({ branch: "images", body: marked("x"), by: BOT });
  expect(await fixture.forge().issues.find(drift, never)).toBeUndefined();
});

test("ours is found behind 250 others, the open one before a closed one", async () => {
  await using fixture = await forgeFixture();
  const closed = fixture.repository.issue({ title: "drift", body: marked("old"), by: BOT });
  const open = fixture.repository.issue({ title: "drift", body: marked("new"), by: BOT });
  for (let index = 0; index < 250; index += 1) {
    fixture.repository.issue({ title: `${index}`, body: "other", by: BOT });
  }
  await fixture.repository.close(closed);
  expect(await fixture.forge().issues.find(drift, never)).toMatchObject({ number: open });
});

test.each([
  ["the connection is lost after the issue was stored", "after", { kind: "drop" }],
  ["GitHub says 502 after the issue was stored", "after", { kind: "answer", status: 502 }],
  ["the connection is lost before", "before", { kind: "drop" }],
] as const)("there is one issue when %s", async (_what, when, effect) => {
  await using fixture = await forgeFixture();
  fixture.github.faults.add({ operation: "issues/create", nth: 1, when, effect });
  const { number } = await fixture.forge().issues.open(drift, issue("first"), never);
  expect(seen(fixture)).toEqual([{ number, state: "open", body: marked("first"), labels: ["drift"] }]);
});

test("of two that are opened at once the younger is closed, and both runs go on with the older", async () => {
  await using fixture = await forgeFixture();
  fixture.github.faults.add({
    operation: "issues/create",
    nth: 1,
    when: "before",
    effect: { kind: "run", run: () => fixture.forge().issues.open(drift, issue("rival"), never) },
  });
  const opened = await fixture.forge().issues.open(drift, issue("ours"), never);
  expect(seen(fixture)).toMatchObject([
    { number: opened.number, state: "open", body: marked("ours") },
    { state: "closed", body: marked("ours") },
  ]);
});

test("a new text that GitHub accepts and drops is a failure, not a success", async () => {
  await using fixture = await forgeFixture();
  const { issues } = fixture.forge();
  const { number } = await issues.open(drift, issue("first"), never);
  await expect(issues.update(number, drift, issue("x".repeat(262_144)), "open", never)).rejects.toMatchObject({
    code: "github-error",
    message: `issue #${number}: edit: GitHub accepted the new text and kept the old one`,
    remedy: "shorten the text",
  });
  expect(seen(fixture)).toMatchObject([{ body: marked("first") }]);
});

test("a token that may not write issues is told so", async () => {
  await using fixture = await forgeFixture();
  const { issues } = fixture.forge(BOT, { ...ALL, issues: "read", pull_requests: "read" });
  const failure = { code: "github-forbidden", remedy: expect.stringContaining("issues: write") as string };
  await expect(issues.update(fixture.pull, drift, issue("x"), "open", never)).rejects.toMatchObject(failure);
});
