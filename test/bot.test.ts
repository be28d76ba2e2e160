import { Probot, ProbotOctokit } from "probot";
import { expect, test } from "vitest";
import { bot } from "../src/bot.ts";
import { startGitHub } from "./support/github/github.ts";

async function answersTo(
  body: string,
  by: { readonly login: string; readonly type: string },
): Promise<readonly string[]> {
  await using github = await startGitHub();
  const repository = await github.repository("acme/shop");
  await repository.commit("main", { "a.yaml": "" });
  const number = repository.issue({ title: "Something" });
  const token = github.token({ login: "plumbline[bot]", permissions: { issues: "write", pull_requests: "write" } });
  const probot = new Probot({
    githubToken: token,
    baseUrl: github.url,
    logLevel: "fatal",
    Octokit: ProbotOctokit.defaults((options: object) => ({
      ...options,
      baseUrl: github.url,
      retry: { enabled: false },
      throttle: { enabled: false },
    })),
  });
  await probot.load(bot);
  await probot.receive({
    id: "1",
    name: "issue_comment",
    payload: {
      action: "created",
      issue: { number },
      comment: { id: 1, body, user: by },
      repository: { name: "shop", full_name: "acme/shop", owner: { login: "acme" } },
      sender: by,
    },
  } as unknown as Parameters<typeof probot.receive>[0]);
  expect(github.violations).toEqual([]);
  return repository.comments(number).map((comment) => comment.body);
}

const ada = { login: "ada", type: "User" };

test("the bot answers /plumb help with the table of commands", async () => {
  expect(await answersTo("/plumb help", ada)).toEqual([
    expect.stringContaining("| `/plumb help` | shows this table |"),
  ]);
});

test("the bot says which command it does not know, and makes nothing of its text but code", async () => {
  const [answer] = await answersTo("/plumb <b>@all</b>", ada);
  expect(answer).toContain("There is no command");
  expect(answer).not.toMatch(/(^|[^`])<b>/);
});

test.each([
  ["talk", "please run /plumb help", ada],
  ["a command of a bot", "/plumb help", { login: "renovate[bot]", type: "Bot" }],
])("the bot says nothing to %s", async (_, body, by) => {
  expect(await answersTo(body, by)).toEqual([]);
});
