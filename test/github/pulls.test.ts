import { expect, test } from "vitest";
import { BOT, forgeFixture, never } from "./forge-fixture.ts";

test("the viewer is the token's bot, asked once", async () => {
  await using fixture = await forgeFixture();
  const forge = fixture.forge();
  await Promise.all([forge.viewer(never), forge.viewer(never)]);
  expect(await forge.viewer(never)).toEqual({ login: BOT, id: 41_898_282 });
  expect(fixture.github.requests.map(({ operation }) => operation)).toEqual(["graphql"]);
});

test("a viewer that could not be read is asked for again", async () => {
  await using fixture = await forgeFixture();
  const forge = fixture.forge();
  fixture.github.faults.add({
    operation: "graphql",
    nth: 1,
    when: "before",
    effect: { kind: "answer", status: 401, message: "Bad credentials" },
  });
  await expect(forge.viewer(never)).rejects.toMatchObject({ code: "github-forbidden" });
  expect(await forge.viewer(never)).toEqual({ login: BOT, id: 41_898_282 });
});

test("a token that says nothing of its owner is a failure, not an owner without an id", async () => {
  await using fixture = await forgeFixture();
  fixture.github.faults.add({
    operation: "graphql",
    when: "after",
    effect: { kind: "alter", alter: () => ({ data: { viewer: { login: BOT, databaseId: null } } }) },
  });
  await expect(fixture.forge().viewer(never)).rejects.toMatchObject({
    message: "viewer: GitHub does not say who the token belongs to",
  });
});

test("an open pull request has its commits and no merge commit, although GitHub shows a test merge", async () => {
  await using fixture = await forgeFixture();
  const pull = await fixture.forge().pulls.pull(fixture.pull, never);
  expect(pull).toEqual({
    number: fixture.pull,
    title: "More replicas",
    state: "open",
    merged: false,
    draft: false,
    authorId: expect.any(Number) as number,
    author: "grace",
    baseBranch: "main",
    baseSha: fixture.main,
    headSha: fixture.topic,
    fork: false,
  });
});

test("a pull request from a fork is one", async () => {
  await using fixture = await forgeFixture();
  const fork = await fixture.repository.fork("mallory");
  await fork.commit("main", { "deploy/web.yaml": "replicas: 100\n" });
  const number = await fixture.repository.pullRequest({ branch: "main", fork });
  expect(await fixture.forge().pulls.pull(number, never)).toMatchObject({ fork: true, author: "mallory" });
});

test("a number without a pull request is absent", async () => {
  await using fixture = await forgeFixture();
  expect(await fixture.forge().pulls.pull(99, never)).toBeUndefined();
});

test("in a repository that the token may not see nothing is called absent", async () => {
  await using fixture = await forgeFixture({ private: true });
  const stranger = fixture.forge("stranger", {});
  await expect(stranger.pulls.pull(fixture.pull, never)).rejects.toMatchObject({
    code: "github-forbidden",
    message: "repository: read: not allowed, or not there (404)",
  });
});

test.each(["merge", "squash", "rebase"] as const)("the commit of a %s leads to its pull request", async (method) => {
  await using fixture = await forgeFixture();
  const { pulls } = fixture.forge();
  expect(await pulls.ofCommit(fixture.main, never)).toEqual([]);
  const sha = await fixture.repository.merge(fixture.pull, { method });
  const found = await pulls.ofCommit(sha, never);
  expect(found).toMatchObject([{ number: fixture.pull, merged: true, state: "closed", mergeCommitSha: sha }]);
});

test("a merge that GitHub has not linked yet is found among the closed pull requests", async () => {
  await using fixture = await forgeFixture();
  const sha = await fixture.repository.merge(fixture.pull);
  fixture.github.faults.add({
    operation: "repos/list-pull-requests-associated-with-commit",
    when: "after",
    effect: { kind: "alter", alter: () => [] },
  });
  expect(await fixture.forge().pulls.ofCommit(sha, never)).toMatchObject([{ number: fixture.pull }]);
});

test("an open pull request that holds a commit has not brought it to its branch", async () => {
  await using fixture = await forgeFixture();
  expect(await fixture.forge().pulls.ofCommit(fixture.topic, never)).toEqual([]);
});

test("the head of a branch is known, whatever its name", async () => {
  await using fixture = await forgeFixture();
  const sha = await fixture.repository.commit("release/1.x#y", { a: "b" });
  const { pulls } = fixture.forge();
  expect(await pulls.branchHead("main", never)).toBe(fixture.main);
  expect(await pulls.branchHead("release/1.x#y", never)).toBe(sha);
  await expect(pulls.branchHead("gone", never)).rejects.toMatchObject({
    message: "branch gone: read: not allowed, or not there (404)",
  });
});

test.each(["admin", "maintain", "write", "triage", "read"] as const)("a collaborator's role is %s", async (role) => {
  await using fixture = await forgeFixture({ private: true });
  fixture.repository.collaborator("linus", role);
  expect(await fixture.forge().pulls.permission("linus", never)).toBe(role);
});

test("who is nobody here, or nobody at all, has no permission", async () => {
  await using fixture = await forgeFixture({ private: true });
  const { pulls } = fixture.forge();
  expect(await pulls.permission("stranger", never)).toBe("none");
  expect(await pulls.permission("no-such-user", never)).toBe("none");
});

test("a permission that cannot be read is a failure: nobody may take it for one", async () => {
  await using fixture = await forgeFixture();
  fixture.github.faults.add({
    operation: "repos/get-collaborator-permission-level",
    when: "before",
    effect: { kind: "answer", status: 403, message: "Resource not accessible by integration" },
  });
  await expect(fixture.forge().pulls.permission("ada", never)).rejects.toMatchObject({ code: "github-forbidden" });
});
