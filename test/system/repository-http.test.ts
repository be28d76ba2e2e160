import { expect, test } from "vitest";
import { createExec } from "../../src/system/process.ts";
import { createRepository } from "../../src/system/repository.ts";
import { type GitHub, startGitHub } from "../support/github/github.ts";
import { gitFixture } from "./git-fixture.ts";

const never = new AbortController().signal;

test("what a checkout without credentials lacks is fetched with the token, by SHA", async () => {
  await using world = await privateRepository();
  const { base, topic, head, clone } = world;
  await using repository = open(world.github, await clone(), world.token);
  expect(await repository.parents(head, never)).toEqual([base]);
  expect(await repository.mergeBase(head, topic, never)).toBe(base);
  await using tree = await repository.checkout(topic, never);
  expect(await tree.read("deploy/web.yaml")).toBe("replicas: 2\n");
  expect(await repository.changedFiles(base, topic, never)).toEqual(["deploy/web.yaml"]);
  expect(world.github.violations).toEqual([]);
});

test.each([
  ["no token", undefined],
  ["a token that is not valid", "ghs_revoked"],
])("with %s the failure names the permission and not the token", async (_what, token) => {
  await using world = await privateRepository();
  await using repository = open(world.github, await world.clone(), token);
  const failure = await repository.checkout(world.topic, never).catch((error: unknown) => error as Error);
  expect(failure).toMatchObject({
    code: "git-failed",
    remedy:
      "give github-token a token that is valid and has the permission contents: read, or check out with fetch-depth: 0",
  });
  expect((failure as Error).message).not.toContain("ghs_");
});

test("another server than our own is not given the token", async () => {
  await using world = await privateRepository();
  await using repository = createRepository({
    exec: createExec(),
    cwd: await world.clone(),
    env: { PATH: process.env["PATH"] },
    serverUrl: "https://github.com",
    token: world.token,
  });
  await expect(repository.checkout(world.topic, never)).rejects.toMatchObject({ code: "git-failed" });
  const fetches = world.github.requests.filter(({ operation }) => operation === "git-upload-pack");
  expect(fetches.slice(-1)).toMatchObject([{ status: 401 }]);
});

function open(github: GitHub, cwd: string, token: string | undefined) {
  const options = { exec: createExec(), cwd, env: { PATH: process.env["PATH"] }, serverUrl: github.url };
  return createRepository(token === undefined ? options : { ...options, token });
}

/** A private repository and clones of it as actions/checkout makes them: depth 1, no credentials kept. */
async function privateRepository() {
  await using stack = new AsyncDisposableStack();
  const github = stack.use(await startGitHub());
  const fixture = stack.use(await gitFixture());
  const shop = await github.repository("acme/shop", { private: true });
  const base = await shop.commit("main", { "deploy/web.yaml": "replicas: 1\n" });
  const topic = await shop.commit("topic", { "deploy/web.yaml": "replicas: 2\n" });
  const head = await shop.commit("main", { "README.md": "shop\n" });
  const token = github.token({ login: "github-actions[bot]", permissions: { contents: "read" } });
  const credential = Buffer.from(`x-access-token:${token}`).toString("base64");
  const clone = async (): Promise<string> => {
    const header = `http.${github.url}/.extraheader=AUTHORIZATION: basic ${credential}`;
    await fixture.git(fixture.path, "-c", header, "clone", "--quiet", "--depth=1", shop.cloneUrl, "checkout");
    return fixture.at("checkout");
  };
  const owned = stack.move();
  return { github, base, topic, head, token, clone, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
