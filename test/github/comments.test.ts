import { expect, test } from "vitest";
import type { Marker } from "../../src/model/github.ts";
import { formatMarker } from "../../src/github/marker.ts";
import { isTooLong } from "../../src/github/github-failure.ts";
import { ALL, BOT, forgeFixture, never, safe } from "./forge-fixture.ts";

const plan: Marker = { kind: "plan", key: "" };
const first = `${formatMarker(plan)}\n# Plan 1`;
const second = `${formatMarker(plan)}\n# Plan 2`;

test("a comment is created once and edited in place from then on", async () => {
  await using fixture = await forgeFixture();
  const { comments } = fixture.forge();
  expect(await comments.find(fixture.pull, plan, never)).toBeUndefined();
  const created = await comments.upsert(fixture.pull, plan, safe("# Plan 1"), never);
  expect(created).toEqual({ id: created.id, url: expect.stringContaining("#issuecomment-") as string, body: first });
  const edited = await comments.upsert(fixture.pull, plan, safe("# Plan 2"), never);
  expect(edited).toEqual({ ...created, body: second });
  expect(await comments.find(fixture.pull, plan, never)).toEqual(edited);
  expect(fixture.repository.comments(fixture.pull)).toMatchObject([{ id: created.id, body: second }]);
});

test("a comment that says the same already is left alone", async () => {
  await using fixture = await forgeFixture();
  const { comments } = fixture.forge();
  await comments.upsert(fixture.pull, plan, safe("# Plan 1"), never);
  await comments.upsert(fixture.pull, plan, safe(first), never);
  expect(fixture.writes()).toEqual([`POST issues/${fixture.pull}/comments`]);
});

test("each marker has its own comment", async () => {
  await using fixture = await forgeFixture();
  const { comments } = fixture.forge();
  await comments.upsert(fixture.pull, plan, safe("plan"), never);
  await comments.upsert(fixture.pull, { kind: "apply", key: "" }, safe("apply"), never);
  await comments.upsert(fixture.pull, { kind: "plan", key: "production/web" }, safe("web"), never);
  expect(fixture.repository.comments(fixture.pull)).toHaveLength(3);
});

test("ours is found among 350 comments, whoever else pastes the marker and wherever it stands", async () => {
  await using fixture = await forgeFixture();
  const spoofs = [
    { body: first, by: "mallory" },
    { body: first, by: "other-app[bot]" },
    { body: ` ${first}`, by: BOT },
    { body: `> ${first}`, by: BOT },
    { body: `hello\n${first}`, by: BOT },
    { body: first.replace("v1", "v2"), by: BOT },
    { body: first.replace('"key":""', '"key":"x"'), by: BOT },
  ];
  for (let index = 0; index < 350; index += 1) {
    fixture.repository.comment(fixture.pull, spoofs[index % spoofs.length] ?? { body: "x" });
  }
  const ours = fixture.repository.comment(fixture.pull, { body: first, by: BOT });
  const { comments } = fixture.forge();
  expect(await comments.find(fixture.pull, plan, never)).toMatchObject({ id: ours, body: first });
  expect(await comments.upsert(fixture.pull, plan, safe("# Plan 2"), never)).toMatchObject({ id: ours, body: second });
  expect(fixture.writes()).toEqual(["PATCH issues/comments/..."]);
  expect(fixture.repository.comments(fixture.pull)).toHaveLength(351);
});

test("a spoofed marker alone is not ours: a comment is created beside it", async () => {
  await using fixture = await forgeFixture();
  fixture.repository.comment(fixture.pull, { body: first, by: "mallory" });
  const { comments } = fixture.forge();
  expect(await comments.find(fixture.pull, plan, never)).toBeUndefined();
  await comments.upsert(fixture.pull, plan, safe("# Plan 2"), never);
  expect(fixture.repository.comments(fixture.pull).map(({ body, author }) => [author.login, body])).toEqual([
    ["mallory", first],
    [BOT, second],
  ]);
});

test.each([
  ["the connection is lost after the comment was stored", "after", { kind: "drop" }],
  ["GitHub says 502 after the comment was stored", "after", { kind: "answer", status: 502 }],
  ["the connection is lost before", "before", { kind: "drop" }],
  ["GitHub says 502 before", "before", { kind: "answer", status: 502 }],
] as const)("there is one comment when %s", async (_what, when, effect) => {
  await using fixture = await forgeFixture();
  fixture.github.faults.add({ operation: "issues/create-comment", nth: 1, when, effect });
  const posted = await fixture.forge().comments.upsert(fixture.pull, plan, safe("# Plan 1"), never);
  expect(fixture.repository.comments(fixture.pull)).toMatchObject([{ id: posted.id, body: first }]);
  expect(fixture.github.faults.pending).toEqual([]);
});

test("two runs that create at once end with one comment, the oldest, and know it", async () => {
  await using fixture = await forgeFixture();
  let rival: Promise<{ readonly id: number }> | undefined;
  fixture.github.faults.add({
    operation: "issues/create-comment",
    nth: 1,
    when: "before",
    effect: {
      kind: "run",
      run: async () => {
        rival = fixture.forge().comments.upsert(fixture.pull, plan, safe("# Plan 1"), never);
        await rival;
      },
    },
  });
  const posted = await fixture.forge().comments.upsert(fixture.pull, plan, safe("# Plan 2"), never);
  expect(fixture.repository.comments(fixture.pull)).toMatchObject([{ id: posted.id, body: second }]);
  expect((await rival)?.id).toBe(posted.id);
});

test("runs at the same time, without any order, end with one comment", async () => {
  await using fixture = await forgeFixture();
  const bodies = ["# Plan 1", "# Plan 2", "# Plan 3", "# Plan 4"];
  const posted = await Promise.all(
    bodies.map((body) => fixture.forge().comments.upsert(fixture.pull, plan, safe(body), never)),
  );
  const left = fixture.repository.comments(fixture.pull);
  expect(left).toHaveLength(1);
  expect(posted.map(({ id }) => id)).toContain(left[0]?.id);
});

test("duplicates of an earlier day go, the oldest stays and is brought up to date", async () => {
  await using fixture = await forgeFixture();
  const [oldest] = [1, 2, 3].map(() => fixture.repository.comment(fixture.pull, { body: first, by: BOT }));
  await fixture.forge().comments.upsert(fixture.pull, plan, safe("# Plan 2"), never);
  expect(fixture.repository.comments(fixture.pull)).toMatchObject([{ id: oldest, body: second }]);
});

test("a comment that somebody deletes while we edit is created again", async () => {
  await using fixture = await forgeFixture();
  const ours = fixture.repository.comment(fixture.pull, { body: first, by: BOT });
  fixture.github.faults.add({
    operation: "issues/update-comment",
    nth: 1,
    when: "before",
    effect: { kind: "run", run: async () => fixture.repository.removeComment(ours) },
  });
  const posted = await fixture.forge().comments.upsert(fixture.pull, plan, safe("# Plan 2"), never);
  expect(posted.id).not.toBe(ours);
  expect(fixture.repository.comments(fixture.pull)).toMatchObject([{ id: posted.id, body: second }]);
});

test("a token that may only read is told which permission is missing", async () => {
  await using fixture = await forgeFixture();
  const { comments } = fixture.forge(BOT, { ...ALL, issues: "read", pull_requests: "read" });
  await expect(comments.upsert(fixture.pull, plan, safe("# Plan"), never)).rejects.toMatchObject({
    code: "github-forbidden",
    message: `comment on #${fixture.pull}: create: not allowed, or not there (403)`,
    remedy: expect.stringContaining("pull-requests: write") as string,
  });
});

test("a locked conversation is a failure of its own", async () => {
  await using fixture = await forgeFixture();
  fixture.repository.lock(fixture.pull);
  const posting = fixture.forge().comments.upsert(fixture.pull, plan, safe("# Plan"), never);
  const failure = await posting.catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: "github-forbidden",
    message: `comment on #${fixture.pull}: create: the conversation is locked`,
  });
});

test("a body of exactly GitHub's limit passes, one byte more is too long and the old body stays", async () => {
  await using fixture = await forgeFixture();
  const { comments } = fixture.forge();
  const room = 262_144 - Buffer.byteLength(`${formatMarker(plan)}\n`);
  await comments.upsert(fixture.pull, plan, safe("ü".repeat(room / 2)), never);
  const refused = comments.upsert(fixture.pull, plan, safe("x".repeat(room + 1)), never);
  const failure = await refused.catch((error: unknown) => error);
  expect(isTooLong(failure)).toBe(true);
  expect(fixture.repository.comments(fixture.pull)[0]?.body).toContain("üüü");
});

test("a reaction is added once, however often it is sent", async () => {
  await using fixture = await forgeFixture();
  const id = fixture.repository.comment(fixture.pull, { body: "/plumb plan", by: "ada" });
  const { comments } = fixture.forge();
  fixture.github.faults.add({
    operation: "reactions/create-for-issue-comment",
    nth: 1,
    when: "after",
    effect: { kind: "drop" },
  });
  await comments.react(id, "eyes", never);
  await comments.react(id, "eyes", never);
  expect(fixture.writes()).toEqual(Array.from({ length: 3 }, () => "POST issues/comments/.../reactions"));
});
