import { expect, test } from "vitest";
import { ALL, shop } from "./shop.ts";

const at = "/repos/acme/shop";

test("a conclusion completes a check run, and completed needs a conclusion", async () => {
  await using world = await shop();
  const head_sha = await world.repository.head("main");
  const create = (body: object) => world.bot.post(`${at}/check-runs`, { name: "plan", head_sha, ...body });
  expect((await create({})).body).toMatchObject({ status: "queued", conclusion: null, completed_at: null });
  expect((await create({ conclusion: "neutral" })).body).toMatchObject({ status: "completed", conclusion: "neutral" });
  expect((await create({ status: "in_progress", conclusion: "success" })).body.status).toBe("completed");
  expect((await create({ status: "completed" })).status).toBe(422);
  expect(world.github.violations).toEqual([]);
});

test("a check run stands on a commit that is there, by its full SHA", async () => {
  await using world = await shop();
  const create = (head_sha: string) => world.bot.post(`${at}/check-runs`, { name: "plan", head_sha });
  expect((await create("a".repeat(40))).status).toBe(422);
  expect((await create("main")).status).toBe(422);
});

test("the latest run of a name counts; all are there when asked for", async () => {
  await using world = await shop();
  const head_sha = await world.repository.head("main");
  const names = ["plan", "apply", "plan"];
  for (const name of names) await world.bot.post(`${at}/check-runs`, { name, head_sha });
  const list = async (query: string) => (await world.bot.get(`${at}/commits/main/check-runs?${query}`)).body;
  expect(await list("")).toMatchObject({ total_count: 2, check_runs: [{ name: "plan" }, { name: "apply" }] });
  expect((await list("filter=all&check_name=plan")).total_count).toBe(2);
  expect((await list("check_name=other")).total_count).toBe(0);
});

test("only the app that made a check run changes it", async () => {
  await using world = await shop();
  const head_sha = await world.repository.head("main");
  const { id } = (await world.bot.post(`${at}/check-runs`, { name: "plan", head_sha })).body;
  const other = world.client({ login: "plumbline[bot]", permissions: ALL });
  expect((await other.patch(`${at}/check-runs/${id}`, { conclusion: "success" })).status).toBe(403);
  await other.post(`${at}/check-runs`, { name: "plan", head_sha });
  const { check_runs } = (await world.bot.get(`${at}/commits/main/check-runs`)).body;
  expect(check_runs).toMatchObject([{ app: { slug: "plumbline" } }, { app: { slug: "github-actions" } }]);
});

test("annotations of later requests are added to the earlier ones", async () => {
  await using world = await shop();
  const head_sha = await world.repository.head("main");
  const { id } = (await world.bot.post(`${at}/check-runs`, { name: "plan", head_sha })).body;
  const annotation = { path: "web.yaml", start_line: 1, end_line: 1, annotation_level: "warning", message: "m" };
  const output = { title: "t", summary: "s", annotations: [annotation] };
  await world.bot.patch(`${at}/check-runs/${id}`, { output });
  await world.bot.patch(`${at}/check-runs/${id}`, { output });
  expect((await world.bot.get(`${at}/check-runs/${id}`)).body.output.annotations_count).toBe(2);
});

test("a commit without a status is pending, and one failure fails it", async () => {
  await using world = await shop();
  const sha = await world.repository.head("main");
  const state = async () => (await world.bot.get(`${at}/commits/main/status`)).body.state;
  const report = (context: string, value: string) => world.bot.post(`${at}/statuses/${sha}`, { context, state: value });
  expect(await state()).toBe("pending");
  await report("a", "failure");
  await report("b", "success");
  expect(await state()).toBe("failure");
  await report("a", "success");
  expect(await state()).toBe("success");
});
