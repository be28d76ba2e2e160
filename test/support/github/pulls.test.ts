import { describe, expect, test } from "vitest";
import { shop } from "./shop.ts";

const at = "/repos/acme/shop";

describe("an open pull request", () => {
  test("has a test merge of the base's tip and the head", async () => {
    await using world = await shop();
    const head = await world.repository.commit("scale", { "web.yaml": "replicas: 2\n" });
    const number = await world.repository.pullRequest({ branch: "scale" });
    const base = await world.repository.commit("main", { "other.yaml": "a: 1\n" });
    const { body } = await world.bot.get(`${at}/pulls/${number}`);
    expect(body).toMatchObject({ mergeable: true, merged: false, merged_at: null, head: { sha: head } });
    expect(await world.repository.head(`pull/${number}/merge`)).toBe(body.merge_commit_sha);
    expect(await world.repository.git("rev-parse", `${body.merge_commit_sha}^1`, `${body.merge_commit_sha}^2`)).toBe(
      `${base}\n${head}`,
    );
    expect(await world.repository.git("show", `${body.merge_commit_sha}:web.yaml`)).toBe("replicas: 2");
    expect(body.base.sha, "GitHub shows the base as it was at the last push").not.toBe(base);
  });

  test("follows its branch, also over a force-push", async () => {
    await using world = await shop();
    await world.repository.commit("scale", { "web.yaml": "replicas: 2\n" });
    const number = await world.repository.pullRequest({ branch: "scale" });
    const head = await world.repository.commit("other", { "web.yaml": "replicas: 3\n" });
    await world.repository.reset("scale", head);
    const { body } = await world.bot.get(`${at}/pulls/${number}`);
    expect(body).toMatchObject({ commits: 1, head: { sha: head }, state: "open" });
    expect(await world.repository.head(`pull/${number}/head`)).toBe(head);
  });

  test("closes without a merge when its branch is set back to the base", async () => {
    await using world = await shop();
    await world.repository.commit("scale", { "web.yaml": "replicas: 2\n" });
    const number = await world.repository.pullRequest({ branch: "scale" });
    await world.repository.reset("scale", "main");
    expect((await world.bot.get(`${at}/pulls/${number}`)).body).toMatchObject({ state: "closed", merged: false });
  });

  test("that conflicts is not mergeable and keeps its old test merge", async () => {
    await using world = await shop();
    await world.repository.commit("scale", { "web.yaml": "replicas: 2\n" });
    const number = await world.repository.pullRequest({ branch: "scale" });
    const old = await world.repository.head(`pull/${number}/merge`);
    await world.repository.commit("main", { "web.yaml": "replicas: 9\n" });
    expect((await world.bot.get(`${at}/pulls/${number}`)).body).toMatchObject({
      mergeable: false,
      mergeable_state: "dirty",
    });
    expect(await world.repository.head(`pull/${number}/merge`)).toBe(old);
    await expect(world.repository.merge(number)).rejects.toThrow("not mergeable");
  });

  test("shows its own changes only, whatever the base branch got meanwhile", async () => {
    await using world = await shop();
    await world.repository.commit("scale", { "web.yaml": "replicas: 2\n", "config/app.yaml": undefined });
    const number = await world.repository.pullRequest({ branch: "scale" });
    await world.repository.commit("main", { "other.yaml": "a: 1\n" });
    const { body } = await world.bot.get(`${at}/pulls/${number}/files`);
    expect(body).toMatchObject([
      { filename: "config/app.yaml", status: "removed", deletions: 1 },
      { filename: "web.yaml", status: "modified", additions: 1, deletions: 1 },
    ]);
  });

  test("closes when its branch goes, and has no test merge then", async () => {
    await using world = await shop();
    await world.repository.commit("scale", { "web.yaml": "replicas: 2\n" });
    const number = await world.repository.pullRequest({ branch: "scale" });
    await world.repository.removeBranch("scale");
    expect((await world.bot.get(`${at}/pulls/${number}`)).body).toMatchObject({ state: "closed", merged: false });
    await expect(world.repository.head(`pull/${number}/merge`)).rejects.toThrow("nothing is called");
  });

  test("can be pointed at another base, closed and opened again", async () => {
    await using world = await shop();
    await world.repository.commit("release", { "release.yaml": "a: 1\n" });
    await world.repository.commit("scale", { "web.yaml": "replicas: 2\n" });
    const number = await world.repository.pullRequest({ branch: "scale" });
    expect((await world.bot.patch(`${at}/pulls/${number}`, { base: "release" })).body.base.ref).toBe("release");
    expect((await world.bot.patch(`${at}/pulls/${number}`, { state: "closed" })).body.state).toBe("closed");
    expect((await world.bot.patch(`${at}/issues/${number}`, { state: "open" })).body.state).toBe("open");
    expect(await world.repository.git("show", `refs/pull/${number}/merge:release.yaml`)).toBe("a: 1");
  });

  test("comes from a fork, whose commits the repository then has", async () => {
    await using world = await shop();
    const fork = await world.repository.fork("eve");
    const head = await fork.commit("scale", { "web.yaml": "replicas: 2\n" });
    const number = await world.repository.pullRequest({ branch: "scale", fork });
    const { body } = await world.bot.get(`${at}/pulls/${number}`);
    expect(body).toMatchObject({
      user: { login: "eve" },
      head: { label: "eve:scale", sha: head, repo: { full_name: "eve/shop", fork: true } },
    });
    expect(await world.repository.head(`pull/${number}/head`)).toBe(head);
    const next = await fork.commit("scale", { "web.yaml": "replicas: 3\n" });
    expect(await world.repository.head(`pull/${number}/head`)).toBe(next);
  });
});

describe("a merged pull request", () => {
  test.each([
    ["merge", 2, "Merge pull request #1 from acme/scale", 3],
    ["squash", 1, "Scale out (#1)", 1],
    ["rebase", 1, "Two", 2],
  ] as const)("by %s is on main as its button puts it there", async (method, parents, subject, brought) => {
    await using world = await shop();
    const before = await world.repository.head("main");
    await world.repository.commit("scale", { "web.yaml": "replicas: 2\n" }, { message: "One" });
    await world.repository.commit("scale", { "web.yaml": "replicas: 3\n" }, { message: "Two" });
    const number = await world.repository.pullRequest({ branch: "scale", title: "Scale out" });
    await world.repository.commit("main", { "other.yaml": "a: 1\n" }, { message: "Meanwhile" });
    const sha = await world.repository.merge(number, { method, by: "grace" });
    const { body } = await world.bot.get(`${at}/pulls/${number}`);
    expect(body).toMatchObject({ state: "closed", merged: true, merge_commit_sha: sha, merged_by: { login: "grace" } });
    expect(body.merged_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(await world.repository.head("main")).toBe(sha);
    const { body: commit } = await world.bot.get(`${at}/commits/${sha}`);
    expect(commit.parents).toHaveLength(parents);
    expect(commit.commit.message.split("\n")[0]).toBe(subject);
    expect(await world.repository.git("show", `${sha}:web.yaml`, `${sha}:other.yaml`)).toBe("replicas: 3\na: 1");
    expect(await world.repository.git("rev-list", "--count", `${before}..${sha}`)).toBe(String(brought + 1));
    expect((await world.bot.get(`${at}/commits/${sha}/pulls`)).body).toMatchObject([{ number, merge_commit_sha: sha }]);
  });

  test("lists the commits that it had, and its head's SHA finds it", async () => {
    await using world = await shop();
    const head = await world.repository.commit("scale", { "web.yaml": "replicas: 2\n" });
    const number = await world.repository.pullRequest({ branch: "scale" });
    await world.repository.merge(number, { method: "squash" });
    expect((await world.bot.get(`${at}/pulls/${number}/commits`)).body).toMatchObject([{ sha: head }]);
    expect((await world.bot.get(`${at}/commits/${head}/pulls`)).body).toMatchObject([{ number }]);
    expect((await world.bot.get(`${at}/commits/${await world.repository.head("main~1")}/pulls`)).body).toEqual([]);
    expect((await world.bot.patch(`${at}/pulls/${number}`, { state: "open" })).status).toBe(422);
  });

  test("is one whose head was pushed to the base branch", async () => {
    await using world = await shop();
    const head = await world.repository.commit("scale", { "web.yaml": "replicas: 2\n" });
    const number = await world.repository.pullRequest({ branch: "scale" });
    await world.repository.reset("main", head);
    expect((await world.bot.get(`${at}/pulls/${number}`)).body).toMatchObject({ merged: true, merge_commit_sha: head });
  });
});

describe("opening is refused", () => {
  test.each([
    ["without a commit", { head: "same" }, "No commits between main and same"],
    ["for a branch that is not there", { head: "nowhere" }, undefined],
    ["twice for the same branches", { head: "scale" }, "A pull request already exists for acme:scale."],
  ])("%s", async (_, ends, message) => {
    await using world = await shop();
    await world.repository.commit("scale", { "web.yaml": "replicas: 2\n" });
    await world.repository.pullRequest({ branch: "scale" });
    await world.repository.reset("same", "main");
    const refused = await world.bot.post(`${at}/pulls`, { title: "x", base: "main", ...ends });
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0].message).toBe(message);
  });
});

test("an issue is closed by somebody and opened again by the workflow", async () => {
  await using world = await shop();
  const number = world.repository.issue({ title: "Drift" });
  await world.repository.close(number);
  expect(world.repository.issues()).toMatchObject([{ state: "closed", stateReason: "completed" }]);
  const reopened = await world.bot.patch(`${at}/issues/${number}`, { state: "open" });
  expect(reopened.body).toMatchObject({ state: "open", state_reason: "reopened", closed_at: null });
});

test("issues and pull requests share their numbers, and a list of issues holds both", async () => {
  await using world = await shop();
  const issue = world.repository.issue({ title: "Drift" });
  await world.repository.commit("scale", { "web.yaml": "replicas: 2\n" });
  const pull = await world.repository.pullRequest({ branch: "scale" });
  expect([issue, pull]).toEqual([1, 2]);
  const { body } = await world.bot.get(`${at}/issues?direction=asc`);
  expect(body.map((one: { pull_request?: unknown }) => one.pull_request !== undefined)).toEqual([false, true]);
  expect((await world.bot.get(`${at}/pulls/${issue}`)).status).toBe(404);
});
