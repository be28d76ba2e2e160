import { expect, test } from "vitest";
import { shop } from "./shop.ts";

const at = "/repos/acme/shop";

test("a list comes in pages of 30, of 100 at most, with links to the others", async () => {
  await using world = await shop();
  const number = world.repository.issue({ title: "Drift" });
  for (let count = 1; count <= 250; count += 1) world.repository.comment(number, { body: `comment ${count}` });
  const list = `${at}/issues/${number}/comments`;
  expect((await world.bot.get(list)).body).toHaveLength(30);
  const first = await world.bot.get(`${list}?per_page=500`);
  expect(first.body).toHaveLength(100);
  const url = `${world.github.url}${list}?per_page=500`;
  expect(first.headers.get("link")).toBe(`<${url}&page=2>; rel="next", <${url}&page=3>; rel="last"`);
  const last = await world.bot.get(`${list}?per_page=100&page=3`);
  expect(last.body.at(-1).body).toBe("comment 250");
  expect(last.headers.get("link")).toContain('page=2>; rel="prev"');
  expect(last.headers.get("link")).not.toContain("next");
  expect((await world.bot.get(`${list}?page=99`)).body).toEqual([]);
});

test("following the links meets every item once", async () => {
  await using world = await shop();
  for (let count = 1; count <= 45; count += 1) world.repository.issue({ title: `issue ${count}` });
  const titles: string[] = [];
  let next: string | undefined = `${at}/issues?per_page=20`;
  while (next !== undefined) {
    const page = await world.bot.get(next);
    titles.push(...page.body.map(({ title }: { title: string }) => title));
    next = /<([^>]+)>; rel="next"/.exec(page.headers.get("link") ?? "")?.[1];
  }
  expect(titles).toHaveLength(45);
  expect(new Set(titles).size).toBe(45);
});

test("a list that did not change is not sent again, and costs nothing", async () => {
  await using world = await shop();
  const number = world.repository.issue({ title: "Drift" });
  const first = await world.bot.get(`${at}/issues/${number}`);
  const etag = first.headers.get("etag") ?? "";
  const second = await world.bot.get(`${at}/issues/${number}`, { "if-none-match": etag });
  expect(second.status).toBe(304);
  expect(second.headers.get("x-ratelimit-remaining")).toBe(first.headers.get("x-ratelimit-remaining"));
  await world.bot.patch(`${at}/issues/${number}`, { title: "No drift" });
  expect((await world.bot.get(`${at}/issues/${number}`, { "if-none-match": etag })).status).toBe(200);
});
