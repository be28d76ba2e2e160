import { expect, test } from "vitest";
import { OPERATIONS } from "./operations.ts";
import { shop } from "./shop.ts";

test("every operation answers in the words of GitHub's description", async () => {
  await using world = await shop();
  const { github, bot } = world;
  const at = "/repos/acme/shop";
  const { number, sha, base } = await seed(world);
  await pulls(world, number, sha);
  await comments(world, number);
  await checks(world, sha);
  await issues(world);
  await deployments(world, sha);
  await gitData(world, base);
  for (const path of ["/meta", "/rate_limit", at, `${at}/branches/main`, `${at}/collaborators/ada/permission`]) {
    expect((await bot.get(path)).status).toBe(200);
  }
  expect((await world.client({ login: "ada" }).get("/user")).body.login).toBe("ada");
  expect(github.violations).toEqual([]);
  const answered = github.requests.filter(({ status }) => status !== undefined && status < 300);
  const used = new Set(answered.map(({ operation }) => operation));
  expect(OPERATIONS.filter((operation) => !used.has(operation))).toEqual([]);
});

type World = Awaited<ReturnType<typeof shop>>;
const at = "/repos/acme/shop";

async function seed({ repository }: World) {
  const base = await repository.head("main");
  const sha = await repository.commit("scale", { "web.yaml": "replicas: 2\n" });
  return { base, sha, number: await repository.pullRequest({ branch: "scale", title: "Scale out" }) };
}

async function pulls({ bot, repository }: World, number: number, sha: string): Promise<void> {
  await repository.commit("docs", { "README.md": "shop\n" });
  const opened = await bot.post(`${at}/pulls`, { title: "Docs", head: "docs", base: "main", body: "text" });
  expect(opened.status).toBe(201);
  expect((await bot.patch(`${at}/pulls/${opened.body.number}`, { title: "More docs" })).body.title).toBe("More docs");
  expect((await bot.get(`${at}/pulls`)).body).toHaveLength(2);
  expect((await bot.get(`${at}/pulls?head=acme:scale&base=main`)).body).toHaveLength(1);
  expect((await bot.get(`${at}/pulls/${number}`)).body).toMatchObject({
    commits: 1,
    changed_files: 1,
    mergeable: true,
  });
  expect((await bot.get(`${at}/pulls/${number}/files`)).body).toMatchObject([
    { filename: "web.yaml", status: "modified", patch: "@@ -1 +1 @@\n-replicas: 1\n+replicas: 2" },
  ]);
  expect((await bot.get(`${at}/pulls/${number}/commits`)).body).toMatchObject([{ sha }]);
  expect((await bot.get(`${at}/commits/${sha}/pulls`)).body).toMatchObject([{ number }]);
}

async function comments({ bot }: World, number: number): Promise<void> {
  const { id } = (await bot.post(`${at}/issues/${number}/comments`, { body: "one" })).body;
  const url = `${at}/issues/comments/${id}`;
  expect((await bot.patch(url, { body: "two" })).body.body).toBe("two");
  const reaction = await bot.post(`${url}/reactions`, { content: "eyes" });
  expect((await bot.post(`${url}/reactions`, { content: "eyes" })).status).toBe(200);
  expect((await bot.get(`${url}/reactions`)).body).toMatchObject([{ content: "eyes" }]);
  expect((await bot.get(url)).body.reactions).toMatchObject({ total_count: 1, eyes: 1 });
  expect((await bot.delete(`${url}/reactions/${reaction.body.id}`)).status).toBe(204);
  expect((await bot.get(`${at}/issues/${number}/comments`)).body).toMatchObject([{ id, body: "two" }]);
  expect((await bot.get(`${at}/issues/comments?sort=updated&direction=desc`)).body).toHaveLength(1);
  expect((await bot.delete(url)).status).toBe(204);
}

async function checks({ bot }: World, sha: string): Promise<void> {
  const annotations = [{ path: "web.yaml", start_line: 1, end_line: 1, annotation_level: "warning", message: "few" }];
  const output = { title: "1 change", summary: "replicas", annotations };
  const { id } = (await bot.post(`${at}/check-runs`, { name: "plumb plan web", head_sha: sha, output })).body;
  expect((await bot.patch(`${at}/check-runs/${id}`, { conclusion: "success" })).body.status).toBe("completed");
  expect((await bot.get(`${at}/check-runs/${id}`)).body.output.annotations_count).toBe(1);
  expect((await bot.get(`${at}/check-runs/${id}/annotations`)).body).toMatchObject(annotations);
  const listed = await bot.get(`${at}/commits/scale/check-runs?check_name=plumb%20plan%20web`);
  expect(listed.body.check_runs).toMatchObject([{ id, app: { slug: "github-actions" } }]);
  await bot.post(`${at}/statuses/${sha}`, { state: "pending", context: "ci" });
  expect((await bot.get(`${at}/commits/scale/status`)).body.state).toBe("pending");
  expect((await bot.get(`${at}/commits/scale/statuses`)).body).toMatchObject([{ context: "ci" }]);
}

async function issues({ bot }: World): Promise<void> {
  const { number } = (await bot.post(`${at}/issues`, { title: "Drift", body: "text", labels: ["drift"] })).body;
  const url = `${at}/issues/${number}`;
  expect((await bot.patch(url, { state: "closed" })).body).toMatchObject({
    state: "closed",
    state_reason: "completed",
  });
  expect((await bot.get(url)).body.user.login).toBe("github-actions[bot]");
  expect((await bot.get(`${at}/issues?state=all&labels=drift&creator=github-actions%5Bbot%5D`)).body).toHaveLength(1);
  await bot.post(`${url}/labels`, { labels: ["on hold"] });
  expect((await bot.delete(`${url}/labels/on%20hold`)).body).toMatchObject([{ name: "drift" }]);
  expect((await bot.put(`${url}/labels`, { labels: ["other"] })).body).toMatchObject([{ name: "other" }]);
  expect((await bot.get(`${url}/labels`)).body).toHaveLength(1);
  await bot.post(`${at}/labels`, { name: "new", color: "ff0000", description: "what is new" });
  expect((await bot.get(`${at}/labels/new`)).body.color).toBe("ff0000");
  expect((await bot.get(`${at}/labels`)).body).toHaveLength(4);
}

async function deployments({ bot }: World, sha: string): Promise<void> {
  const wanted = { ref: sha, environment: "staging", auto_merge: false, required_contexts: [] };
  const first = (await bot.post(`${at}/deployments`, wanted)).body.id;
  await bot.post(`${at}/deployments/${first}/statuses`, { state: "success", description: "done" });
  const second = (await bot.post(`${at}/deployments`, wanted)).body.id;
  await bot.post(`${at}/deployments/${second}/statuses`, { state: "success" });
  expect((await bot.get(`${at}/deployments?environment=staging`)).body).toHaveLength(2);
  expect((await bot.get(`${at}/deployments/${first}`)).body.sha).toBe(sha);
  const states = (await bot.get(`${at}/deployments/${first}/statuses`)).body.map(
    (status: { state: string }) => status.state,
  );
  expect(states).toEqual(["inactive", "success"]);
}

async function gitData({ bot, repository }: World, base: string): Promise<void> {
  const blob = (await bot.post(`${at}/git/blobs`, { content: "aGVsbG8K", encoding: "base64" })).body.sha;
  expect((await bot.get(`${at}/git/blobs/${blob}`)).body.content).toBe("aGVsbG8K\n");
  const entries = [
    { path: "docs/hello.txt", mode: "100644", type: "blob", sha: blob },
    { path: "config/app.yaml", mode: "100644", type: "blob", sha: null },
  ];
  const tree = (await bot.post(`${at}/git/trees`, { base_tree: base, tree: entries })).body.sha;
  const files = (await bot.get(`${at}/git/trees/${tree}?recursive=1`)).body.tree.map(
    (entry: { path: string }) => entry.path,
  );
  expect(files).toEqual(["docs", "docs/hello.txt", "web.yaml"]);
  const { sha } = (await bot.post(`${at}/git/commits`, { message: "Hello", tree, parents: [base] })).body;
  expect((await bot.get(`${at}/git/commits/${sha}`)).body.parents).toMatchObject([{ sha: base }]);
  await bot.post(`${at}/git/refs`, { ref: "refs/heads/hello", sha: base });
  expect((await bot.patch(`${at}/git/refs/heads/hello`, { sha })).body.object.sha).toBe(sha);
  expect((await bot.get(`${at}/git/ref/heads/hello`)).body.ref).toBe("refs/heads/hello");
  expect((await bot.get(`${at}/git/matching-refs/heads/hel`)).body).toHaveLength(1);
  expect((await bot.get(`${at}/contents/docs/hello.txt?ref=hello`)).body).toMatchObject({
    type: "file",
    content: "aGVsbG8K\n",
  });
  expect((await bot.get(`${at}/contents/docs?ref=hello`)).body).toMatchObject([{ path: "docs/hello.txt" }]);
  const put = await bot.put(`${at}/contents/new.txt`, { message: "New", content: "aGk=", branch: "hello" });
  expect(put.status).toBe(201);
  expect((await bot.get(`${at}/compare/main...hello`)).body).toMatchObject({
    status: "ahead",
    ahead_by: 2,
    behind_by: 0,
  });
  expect((await bot.get(`${at}/commits/hello`)).body.files).toMatchObject([{ filename: "new.txt", status: "added" }]);
  expect((await bot.get(`${at}/commits?sha=hello`)).body).toHaveLength(3);
  expect((await bot.delete(`${at}/git/refs/heads/hello`)).status).toBe(204);
  expect(await repository.git("branch", "--list", "hello")).toBe("");
}
