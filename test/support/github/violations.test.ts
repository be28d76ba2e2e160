import { describe, expect, test } from "vitest";
import { shop } from "./shop.ts";

const at = "/repos/acme/shop";

describe("a request that does not fit the description is refused and recorded", () => {
  test.each([
    ["a body of the wrong type", { body: 5 }, "body/body must be string"],
    ["a body without what it needs", {}, "body must have required property 'body'"],
    ["a key that GitHub would ignore", { body: "x", boddy: "y" }, "body.boddy is unknown"],
  ])("%s", async (_, body, error) => {
    await using world = await shop();
    const number = world.repository.issue({ title: "Drift" });
    const answer = await world.bot.post(`${at}/issues/${number}/comments`, body);
    expect(answer.status).toBe(422);
    expect(world.github.violations).toEqual([{ side: "request", operation: "issues/create-comment", errors: [error] }]);
    expect(world.repository.comments(number)).toEqual([]);
  });

  test.each([
    ["a parameter that is not a number", `${at}/issues/abc`, ["path.issue_number/value must be integer"]],
    ["a query that nobody reads", `${at}/pulls?perpage=3`, ["query.perpage is unknown"]],
    [
      "a value outside its set",
      `${at}/pulls?state=merged`,
      ["query.state/value must be equal to one of the allowed values"],
    ],
  ])("%s", async (_, path, errors) => {
    await using world = await shop();
    expect((await world.bot.get(path)).status).toBe(422);
    expect(world.github.violations).toMatchObject([{ side: "request", errors }]);
  });

  test("an operation that is not in the description", async () => {
    await using world = await shop();
    expect((await world.bot.get(`${at}/topics`)).status).toBe(404);
    expect(world.github.violations).toMatchObject([{ operation: `GET ${at}/topics` }]);
  });

  test("a GraphQL query other than the viewer's", async () => {
    await using world = await shop();
    const known = await world.bot.post("/graphql", { query: "query { viewer { login databaseId } }" });
    expect(known.body).toEqual({ data: { viewer: { login: "github-actions[bot]", databaseId: 41_898_282 } } });
    expect(world.github.violations).toEqual([]);
    const other = await world.bot.post("/graphql", { query: "{ viewer { email } }" });
    expect(other.body.errors).toHaveLength(1);
    expect(world.github.violations).toMatchObject([{ operation: "graphql" }]);
  });

  test("the limits that the description knows", async () => {
    await using world = await shop();
    const head_sha = await world.repository.head("main");
    const check = async (output: object) =>
      (
        await world.bot.post(`${at}/check-runs`, {
          name: "plan",
          head_sha,
          output: { title: "t", summary: "s", ...output },
        })
      ).status;
    const annotations = (length: number) =>
      Array.from({ length }, () => ({
        path: "a",
        start_line: 1,
        end_line: 1,
        annotation_level: "notice",
        message: "m",
      }));
    expect(await check({ text: "é".repeat(65_535) })).toBe(201);
    expect(await check({ text: "é".repeat(65_536) })).toBe(422);
    expect(await check({ annotations: annotations(50) })).toBe(201);
    expect(await check({ annotations: annotations(51) })).toBe(422);
    expect(world.github.violations).toHaveLength(2);
  });
});

describe("an answer that does not fit the description is a failure of the stand-in", () => {
  test.each([
    [
      "a member is missing",
      (body: unknown) => (body as object[]).map(() => ({})),
      "body/0 must have required property 'id'",
    ],
    [
      "a member has the wrong type",
      (body: unknown) => (body as object[]).map((one) => ({ ...one, id: "x" })),
      "body/0/id must be integer",
    ],
    ["it is another kind of value", () => ({}), "body must be array"],
  ])("%s", async (_, alter, error) => {
    await using world = await shop();
    const number = world.repository.issue({ title: "Drift" });
    world.repository.comment(number, { body: "hello" });
    world.github.faults.add({ operation: "issues/list-comments", when: "after", effect: { kind: "alter", alter } });
    expect((await world.bot.get(`${at}/issues/${number}/comments`)).status).toBe(599);
    const [violation] = world.github.violations;
    expect(violation).toMatchObject({ side: "answer", operation: "issues/list-comments" });
    expect(violation?.errors).toContain(error);
  });
});
