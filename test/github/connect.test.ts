import { inspect } from "node:util";
import { expect, test } from "vitest";
import { connect, type ConnectOptions } from "../../src/github/connect.ts";
import { isTooLong } from "../../src/github/github-failure.ts";
import { type Answer, scriptedGithub, type ScriptedGithub } from "./scripted-github.ts";

const never = new AbortController().signal;
const BRANCH = { status: 200, body: { ref: "refs/heads/main", object: { sha: "f00" } } };
const SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

function connectTo(github: ScriptedGithub, overrides: Partial<ConnectOptions> = {}) {
  return connect({
    token: "ghs_canary",
    apiUrl: github.url,
    repository: "acme/shop",
    userAgent: "plumbline/test",
    writeSpacingMilliseconds: 0,
    secondMilliseconds: 0,
    ...overrides,
  });
}

type Connection = ReturnType<typeof connectTo>;

const readBranch = (connection: Connection, signal = never) =>
  connection.call({ name: "branch main: read", needs: "contents: read" }, signal, (octokit, basis) =>
    octokit.rest.git.getRef({ ...basis, ref: "heads/main" }),
  );
const comment = (connection: Connection, signal = never) =>
  connection.call({ name: "comment on #1: create", needs: "pull-requests: write" }, signal, (octokit, basis) =>
    octokit.rest.issues.createComment({ ...basis, issue_number: 1, body: "text" }),
  );
const editComment = (connection: Connection) =>
  connection.call({ name: "comment 1: edit", needs: "pull-requests: write" }, never, (octokit, basis) =>
    octokit.rest.issues.updateComment({ ...basis, comment_id: 1, body: "text" }),
  );

test.each<readonly [string, Answer]>([
  ["a 502", { status: 502 }],
  ["a lost connection", "drop"],
])("a read is tried again after %s", async (_what, fault) => {
  await using github = await scriptedGithub(fault, fault, BRANCH);
  const { data } = await readBranch(connectTo(github));
  expect(data.object.sha).toBe("f00");
  expect(github.requests).toHaveLength(3);
});

test.each<readonly [string, Answer, object]>([
  ["a 502", { status: 502 }, { code: "github-error", message: "comment on #1: create: GitHub answered 502" }],
  ["a lost connection", "drop", { code: "github-unreachable" }],
])("a comment is not sent again after %s", async (_what, fault, failure) => {
  await using github = await scriptedGithub(fault, { status: 201, body: { id: 1 } });
  await expect(comment(connectTo(github))).rejects.toMatchObject(failure);
  expect(github.requests).toEqual(["POST /repos/acme/shop/issues/1/comments"]);
});

test("an edit is sent again: it means the same twice", async () => {
  await using github = await scriptedGithub("drop", { status: 200, body: { id: 1 } });
  await editComment(connectTo(github));
  expect(github.requests).toHaveLength(2);
});

test("a secondary limit is waited for, twice at most, and people are told", async () => {
  const limited = { status: 403, body: { message: SECONDARY }, headers: { "retry-after": "7" } };
  const told: string[] = [];
  const log = { warning: (text: string) => void told.push(text) };
  await using patient = await scriptedGithub(limited, { ...limited, status: 429 }, { status: 201, body: { id: 1 } });
  await comment(connectTo(patient, { log }));
  expect(told).toEqual([
    "GitHub's secondary rate limit is used up: waiting for 7 s",
    "GitHub's secondary rate limit is used up: waiting for 7 s",
  ]);
  await using hopeless = await scriptedGithub(limited, limited, limited, limited);
  await expect(comment(connectTo(hopeless))).rejects.toMatchObject({
    code: "github-error",
    message: "comment on #1: create: GitHub's rate limit is used up",
  });
  expect(hopeless.requests).toHaveLength(3);
});

test("a secondary limit without a time is waited for a minute", async () => {
  const told: string[] = [];
  await using github = await scriptedGithub({ status: 429, body: { message: SECONDARY } }, BRANCH);
  await readBranch(connectTo(github, { log: { warning: (text) => void told.push(text) } }));
  expect(told).toEqual(["GitHub's secondary rate limit is used up: waiting for 60 s"]);
});

test("a limit that ends too late is not waited for", async () => {
  const reset = String(Math.floor(Date.now() / 1000) + 2400);
  const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
  const body = { message: "API rate limit exceeded for installation ID 1." };
  await using primary = await scriptedGithub({ status: 403, headers, body });
  await expect(readBranch(connectTo(primary))).rejects.toMatchObject({ code: "github-error" });
  await using secondary = await scriptedGithub({
    status: 403,
    headers: { "retry-after": "3600" },
    body: { message: SECONDARY },
  });
  await expect(readBranch(connectTo(secondary))).rejects.toMatchObject({ code: "github-error" });
  expect([primary.requests.length, secondary.requests.length]).toEqual([1, 1]);
});

test("an abort does not wait for the end of a limit", async () => {
  const controller = new AbortController();
  await using github = await scriptedGithub({ status: 403, body: { message: SECONDARY } }, BRANCH);
  const log = { warning: () => controller.abort() };
  const waiting = readBranch(connectTo(github, { log, secondMilliseconds: 1000 }), controller.signal);
  await expect(waiting).rejects.toMatchObject({ code: "interrupted", message: "branch main: read: interrupted" });
});

test("nothing is sent under an aborted signal", async () => {
  await using github = await scriptedGithub(BRANCH);
  await expect(readBranch(connectTo(github), AbortSignal.abort())).rejects.toMatchObject({ code: "interrupted" });
  expect(github.requests).toEqual([]);
});

test("a write waits for the one before, a read does not", async () => {
  const second = { ...BRANCH, afterRequests: 2 };
  await using github = await scriptedGithub(second, second, BRANCH);
  const connection = connectTo(github);
  // The first comment is answered only when a second request is there: that can only be the read.
  await Promise.all([comment(connection), comment(connection), readBranch(connection)]);
  expect(github.requests.slice(0, 2).toSorted()).toEqual([
    "GET /repos/acme/shop/git/ref/heads%2Fmain",
    "POST /repos/acme/shop/issues/1/comments",
  ]);
});

test("a next page elsewhere is not followed: the token would go with it", async () => {
  await using elsewhere = await scriptedGithub({ status: 200, body: [] });
  const link = `<${elsewhere.url}/repositories/1/issues?page=2>; rel="next"`;
  await using github = await scriptedGithub({ status: 200, body: [], headers: { link } });
  const listing = connectTo(github).call({ name: "issues: list", needs: "issues: read" }, never, (octokit, basis) =>
    octokit.paginate(octokit.rest.issues.listForRepo, { ...basis }),
  );
  await expect(listing).rejects.toMatchObject({ code: "github-error" });
  expect(elsewhere.requests).toEqual([]);
});

test.each([
  [401, "Bad credentials", "github-forbidden", /valid and not expired/],
  [403, "Resource not accessible by integration", "github-forbidden", /pull-requests: write/],
  [403, "Unable to create comment because issue is locked.", "github-forbidden", /unlock it/],
  [404, "Not Found", "github-forbidden", /pull-requests: write/],
  [410, "Issues are disabled for this repo", "github-forbidden", /pull-requests: write/],
  [422, "Validation Failed", "github-error", /bug/],
  [500, "Server Error", "github-error", /run it again/],
])("%d %j is %s", async (status, message, code, remedy) => {
  await using github = await scriptedGithub({ status, body: { message } });
  await expect(comment(connectTo(github))).rejects.toMatchObject({
    code,
    remedy: expect.stringMatching(remedy) as string,
  });
});

test.each([
  {
    message: "Validation Failed",
    errors: [{ code: "custom", message: "body is too long (maximum is 65536 characters)" }],
  },
  { message: "Invalid request.\n\nOnly 65535 characters are allowed; 70000 were supplied." },
])("a text that is too long can be told from other refusals", async (body) => {
  await using github = await scriptedGithub({ status: 422, body });
  const failure = await comment(connectTo(github)).catch((error: unknown) => error);
  expect(isTooLong(failure)).toBe(true);
  expect(failure).toMatchObject({ code: "github-error", remedy: "shorten it" });
});

test("nothing of what was sent or answered is in a failure", async () => {
  const body = { message: "canary-message", errors: [{ message: "canary-error" }], documentation_url: "canary-url" };
  const headers = { "x-canary": "canary-header", "x-github-request-id": "C0DE:1234" };
  for (const status of [401, 403, 404, 422, 500]) {
    await using github = await scriptedGithub({ status, body, headers });
    const failure = await comment(connectTo(github)).catch((error: unknown) => error);
    const { message, remedy, cause } = failure as Error & { remedy: string };
    expect(inspect({ message, remedy, cause }, { depth: 10 })).not.toMatch(/canary/);
    expect(cause).toEqual({
      operation: "comment on #1: create",
      status,
      requestId: "C0DE:1234",
      reason: "status",
    });
  }
});

test.each(["acme", "acme/shop/extra", "/shop", ""])("%j is not a repository", (repository) => {
  const options = { token: "t", apiUrl: "http://127.0.0.1:1", userAgent: "plumbline/test" };
  expect(() => connect({ ...options, repository })).toThrow("not a repository");
});
