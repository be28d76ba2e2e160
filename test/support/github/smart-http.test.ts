import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../src/system/temporary-folder.ts";
import { gitIn } from "./git.ts";
import { type Shop, shop } from "./shop.ts";
import type { Permissions } from "./token.ts";

const IDENTITY = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];

test("a commit that is pushed shows in the pull request, and one made over REST is fetched", async () => {
  await using world = await shop();
  await using checkout = await cloned(world, { contents: "write" });
  await world.repository.commit("scale", { "web.yaml": "replicas: 2\n" });
  const number = await world.repository.pullRequest({ branch: "scale" });
  const { git, folder } = checkout;
  await git("fetch", "--quiet", "origin");
  await git("checkout", "--quiet", "scale");
  await writeFile(path.join(folder, "web.yaml"), "replicas: 3\n");
  await git(...IDENTITY, "commit", "--quiet", "--all", "--message", "Three");
  await git("push", "--quiet", "origin", "scale");
  const pushed = await git("rev-parse", "HEAD");
  const { body } = await world.bot.get(`/repos/acme/shop/pulls/${number}`);
  expect(body).toMatchObject({ commits: 2, head: { sha: pushed } });
  await world.bot.put("/repos/acme/shop/contents/new.txt", { message: "New", content: "aGkK", branch: "scale" });
  await git("pull", "--quiet", "origin", "scale");
  expect(await readFile(path.join(folder, "new.txt"), "utf8")).toBe("hi\n");
  const services = world.github.requests.map(({ operation }) => operation);
  expect(services).toEqual(expect.arrayContaining(["git-upload-pack", "git-receive-pack"]));
  expect(world.github.requests.findLast(({ operation }) => operation === "git-receive-pack")?.login).toBe(
    "github-actions[bot]",
  );
});

test("any commit is fetched by its SHA, without history", async () => {
  await using world = await shop();
  const old = await world.repository.head("main");
  await world.repository.commit("main", { "web.yaml": "replicas: 2\n" });
  await world.repository.commit("main", { "web.yaml": "replicas: 3\n" });
  await using checkout = await cloned(world, { contents: "read" }, "--depth", "1");
  const { git, folder } = checkout;
  expect(await readFile(path.join(folder, "web.yaml"), "utf8")).toBe("replicas: 3\n");
  expect(await git("rev-list", "--count", "HEAD")).toBe("1");
  await git("fetch", "--quiet", "--depth", "1", "origin", old);
  expect(await git("show", "FETCH_HEAD:web.yaml")).toBe("replicas: 1");
});

test("the test merge of a pull request is fetched by its ref, and nobody pushes there", async () => {
  await using world = await shop();
  await world.repository.commit("scale", { "web.yaml": "replicas: 2\n" });
  const number = await world.repository.pullRequest({ branch: "scale" });
  await using checkout = await cloned(world, { contents: "write" });
  await checkout.git("fetch", "--quiet", "origin", `refs/pull/${number}/merge`);
  expect(await checkout.git("show", "FETCH_HEAD:web.yaml")).toBe("replicas: 2");
  await expect(checkout.git("push", "--quiet", "origin", `HEAD:refs/pull/${number}/head`)).rejects.toThrow(
    "hidden ref",
  );
});

test("a token comes as basic or as bearer; without one a private repository is closed", async () => {
  await using world = await shop({ private: true });
  const token = world.github.token({ login: "github-actions[bot]", permissions: { contents: "read" } });
  const refs = `${world.github.url}/acme/shop.git/info/refs?service=git-upload-pack`;
  const status = async (authorization?: string) =>
    (await fetch(refs, authorization === undefined ? {} : { headers: { authorization } })).status;
  const basic = (password: string) => `basic ${Buffer.from(`x-access-token:${password}`).toString("base64")}`;
  expect(await status()).toBe(401);
  expect(await status(basic("wrong"))).toBe(401);
  expect(await status(basic(token))).toBe(200);
  expect(await status(`bearer ${token}`)).toBe(200);
  expect(await status(basic(world.github.token({ login: "eve" })))).toBe(404);
});

test("who may only read does not push", async () => {
  await using world = await shop();
  await using checkout = await cloned(world, { contents: "read" });
  const { git } = checkout;
  await git(...IDENTITY, "commit", "--quiet", "--allow-empty", "--message", "Mine");
  await expect(git("push", "--quiet", "origin", "HEAD:main")).rejects.toThrow("403");
});

test("a connection that breaks after a push leaves the push done", async () => {
  await using world = await shop();
  await using checkout = await cloned(world, { contents: "write" });
  const { git } = checkout;
  await git(...IDENTITY, "commit", "--quiet", "--allow-empty", "--message", "Mine");
  world.github.faults.add({ operation: "git-receive-pack", method: "POST", when: "after", effect: { kind: "drop" } });
  await expect(git("push", "--quiet", "origin", "HEAD:main")).rejects.toThrow(/hung up|disconnect|empty reply/i);
  expect(await world.repository.head("main")).toBe(await git("rev-parse", "HEAD"));
});

interface Checkout extends AsyncDisposable {
  readonly folder: string;
  readonly git: (...args: readonly string[]) => Promise<string>;
}

async function cloned(world: Shop, permissions: Permissions, ...options: readonly string[]): Promise<Checkout> {
  const parent = await temporaryFolder("smart-http-");
  const token = world.github.token({ login: "github-actions[bot]", permissions });
  const url = world.repository.cloneUrl.replace("http://", `http://x-access-token:${token}@`);
  await gitIn(parent.path).run(["clone", "--quiet", ...options, url, "checkout"]);
  const folder = path.join(parent.path, "checkout");
  const git = gitIn(folder);
  return {
    folder,
    git: (...args) => git.run(args),
    [Symbol.asyncDispose]: () => parent[Symbol.asyncDispose](),
  };
}
