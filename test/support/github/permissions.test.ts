import { describe, expect, test } from "vitest";
import { clientOf } from "./client.ts";
import { shop } from "./shop.ts";
import { FORK_PERMISSIONS } from "./token.ts";

const at = "/repos/acme/shop";
const BOT = "github-actions[bot]";

test("a fork's token reads and writes nothing", async () => {
  await using world = await shop();
  const fork = world.client({ login: BOT, permissions: FORK_PERMISSIONS });
  const number = world.repository.issue({ title: "Drift" });
  expect((await fork.get(`${at}/issues/${number}`)).status).toBe(200);
  const head_sha = await world.repository.head("main");
  for (const [path, body] of [
    [`/issues/${number}/comments`, { body: "hello" }],
    ["/check-runs", { name: "plan", head_sha }],
    ["/issues", { title: "Drift" }],
    ["/deployments", { ref: "main" }],
  ] as const) {
    const refused = await fork.post(`${at}${path}`, body);
    expect(refused).toMatchObject({ status: 403, body: { message: "Resource not accessible by integration" } });
  }
});

test("permission for pull requests is enough to comment on one, and not on an issue", async () => {
  await using world = await shop();
  await world.repository.commit("scale", { "web.yaml": "replicas: 2\n" });
  const pull = await world.repository.pullRequest({ branch: "scale" });
  const issue = world.repository.issue({ title: "Drift" });
  const bot = world.client({ login: BOT, permissions: { pull_requests: "write" } });
  expect((await bot.post(`${at}/issues/${pull}/comments`, { body: "plan" })).status).toBe(201);
  expect((await bot.post(`${at}/issues/${issue}/comments`, { body: "plan" })).status).toBe(403);
});

test("a private repository does not exist for who may not see it", async () => {
  await using world = await shop({ private: true });
  world.repository.collaborator("bob", "read");
  const elsewhere = world.client({ login: BOT, permissions: { contents: "write" }, repositories: ["acme/other"] });
  expect((await world.anonymous.get(at)).status).toBe(404);
  expect((await world.client({ login: "eve" }).get(at)).status).toBe(404);
  expect((await elsewhere.get(at)).status).toBe(404);
  expect((await world.client({ login: "bob" }).get(at)).status).toBe(200);
  const blind = world.client({ login: BOT, permissions: { issues: "read" } });
  expect((await blind.get(`${at}/git/ref/heads/main`)).status).toBe(403);
});

test("a wrong token is 401, also where no token would do", async () => {
  await using world = await shop();
  expect((await clientOf(world.github, "ghs_wrong").get(at)).status).toBe(401);
  expect((await world.anonymous.get(at)).status).toBe(200);
  expect((await world.anonymous.post(`${at}/issues`, { title: "Drift" })).status).toBe(401);
});

test("GET /user is for people", async () => {
  await using world = await shop();
  expect((await world.client({ login: "ada" }).get("/user")).body.login).toBe("ada");
  expect((await world.bot.get("/user")).status).toBe(403);
});

describe("a person's token", () => {
  test("writes no check runs", async () => {
    await using world = await shop();
    const ada = world.client({ login: "acme" });
    const refused = await ada.post(`${at}/check-runs`, { name: "plan", head_sha: await world.repository.head("main") });
    expect(refused).toMatchObject({ status: 403, body: { message: "You must authenticate via a GitHub App." } });
  });

  test("does what the person's role allows", async () => {
    await using world = await shop();
    world.repository.collaborator("bob", "write");
    const [bob, eve] = [world.client({ login: "bob" }), world.client({ login: "eve" })];
    const { id } = (
      await eve.post(`${at}/issues/${world.repository.issue({ title: "Drift" })}/comments`, { body: "hm" })
    ).body;
    expect((await eve.post(`${at}/labels`, { name: "new" })).status).toBe(403);
    expect((await bob.post(`${at}/labels`, { name: "new" })).status).toBe(201);
    expect((await eve.patch(`${at}/issues/comments/${id}`, { body: "mine" })).status).toBe(200);
    expect((await bob.patch(`${at}/issues/comments/${id}`, { body: "moderated" })).status).toBe(200);
    expect((await world.client({ login: "dan" }).delete(`${at}/issues/comments/${id}`)).status).toBe(403);
    expect((await eve.post(`${at}/issues`, { title: "Mine", labels: ["bug"] })).body.labels).toEqual([]);
  });

  test.each([
    ["owner", "acme", "admin", "admin"],
    ["maintainer", "bob", "write", "maintain"],
    ["triager", "carol", "read", "triage"],
    ["stranger", "eve", "read", "read"],
  ])("the permission of the %s is told in four words", async (_, login, permission, role_name) => {
    await using world = await shop();
    world.repository.collaborator("bob", "maintain");
    world.repository.collaborator("carol", "triage");
    world.repository.comment(world.repository.issue({ title: "Drift" }), { body: "hello", by: login });
    expect((await world.bot.get(`${at}/collaborators/${login}/permission`)).body).toMatchObject({
      permission,
      role_name,
    });
  });
});

test("a locked conversation takes no comment from a workflow", async () => {
  await using world = await shop();
  const number = world.repository.issue({ title: "Drift" });
  world.repository.lock(number);
  expect((await world.bot.post(`${at}/issues/${number}/comments`, { body: "hello" })).status).toBe(403);
});

test("who wrote a comment through an app shows, and what the author is to the repository", async () => {
  await using world = await shop();
  const number = world.repository.issue({ title: "Drift" });
  const bot = world.client({ login: "plumbline[bot]", permissions: { issues: "write" } });
  const { body } = await bot.post(`${at}/issues/${number}/comments`, { body: "hello" });
  expect(body).toMatchObject({
    user: { login: "plumbline[bot]", type: "Bot" },
    author_association: "NONE",
    performed_via_github_app: { slug: "plumbline" },
    html_url: `${world.github.url}/acme/shop/issues/${number}#issuecomment-${body.id}`,
  });
});
