import { chmod, lstat, readFile, readdir, readlink, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import type { Exec, ExecCommand } from "../../src/ports.ts";
import { createExec } from "../../src/system/process.ts";
import { createRepository, type RepositoryOptions } from "../../src/system/repository.ts";
import { gitFixture } from "./git-fixture.ts";

const never = new AbortController().signal;

function repositoryAt(cwd: string, overrides: Partial<RepositoryOptions> = {}) {
  const env = { PATH: process.env["PATH"], KUBECONFIG: "/secret" };
  return createRepository({ exec: createExec(), cwd, env, serverUrl: "https://github.com", ...overrides });
}

test("names, short SHAs and full SHAs lead to the same commit", async () => {
  await using fixture = await gitFixture();
  const sha = await fixture.commit({ "a.yaml": "a: 1\n" });
  await using repository = repositoryAt(await fixture.clone("checkout"));
  await fixture.git(fixture.at("checkout"), "tag", "--annotate", "--message", "first", "v1");
  const tag = await fixture.git(fixture.at("checkout"), "rev-parse", "v1");
  for (const revision of ["HEAD", "main", "origin/main", "v1", tag, sha.slice(0, 10), sha]) {
    expect(await repository.resolve(revision, never)).toBe(sha);
  }
});

test("a branch that the checkout does not know is asked of the origin", async () => {
  await using fixture = await gitFixture();
  await fixture.commit({ "a.yaml": "a: 1\n" });
  await using repository = repositoryAt(await fixture.clone("checkout", "--depth=1"));
  const later = await fixture.commit({ "a.yaml": "a: 2\n" });
  await fixture.git(fixture.at("origin"), "branch", "feature/x");
  expect(await repository.resolve("feature/x", never)).toBe(later);
});

test.each(["--upload-pack=touch /tmp/x", "-x", "", "a b", "refs/heads/*", "+main:main", "a\0b"])(
  "%j is no revision and never reaches Git as an option",
  async (revision) => {
    await using fixture = await gitFixture();
    await fixture.commit({ "a.yaml": "a: 1\n" });
    await using repository = repositoryAt(await fixture.clone("checkout"));
    await expect(repository.resolve(revision, never)).rejects.toMatchObject({ code: "git-failed" });
    await expect(repository.checkout(revision, never)).rejects.toMatchObject({ code: "git-failed" });
  },
);

test("parents are known in a checkout of depth 1, first parent first", async () => {
  await using fixture = await gitFixture();
  const { main, topic, merge } = await mergedHistory(fixture);
  await using repository = repositoryAt(await fixture.clone("checkout", "--depth=1"));
  expect(await repository.parents(merge, never)).toEqual([main, topic]);
});

test("the trees of commits that a checkout of depth 1 lacks are fetched, and the checkout stays as it was", async () => {
  await using fixture = await gitFixture();
  const { base, topic } = await mergedHistory(fixture);
  const cwd = await fixture.clone("checkout", "--depth=1");
  const before = await readFile(path.join(cwd, ".git", "shallow"), "utf8");
  await using repository = repositoryAt(cwd);
  {
    await using tree = await repository.checkout(topic, never);
    expect(await readFile(path.join(tree.root, "topic.yaml"), "utf8")).toBe("topic: true\n");
    expect((await readdir(tree.root)).toSorted()).toEqual(["base.yaml", "topic.yaml"]);
  }
  expect(await repository.changedFiles(base, topic, never)).toEqual(["topic.yaml"]);
  expect(await readFile(path.join(cwd, ".git", "shallow"), "utf8")).toBe(before);
  expect(await fixture.git(cwd, "status", "--porcelain")).toBe("");
});

test("a commit is checked out once for all who use it, and gone when the last of them is done", async () => {
  await using fixture = await gitFixture();
  const sha = await fixture.commit({ "a.txt": "a" });
  await using repository = repositoryAt(await fixture.clone("checkout"));
  const [first, second] = await Promise.all([repository.checkout(sha, never), repository.checkout(sha, never)]);
  expect(first.root).toBe(second.root);
  await first[Symbol.asyncDispose]();
  expect(await second.read("a.txt")).toBe("a");
  await second[Symbol.asyncDispose]();
  expect(await second.read("a.txt")).toBeUndefined();
  await using again = await repository.checkout(sha, never);
  expect(await again.read("a.txt")).toBe("a");
});

test("the merge base is found in a checkout of depth 1, however far away it is", async () => {
  await using fixture = await gitFixture();
  const base = await fixture.commit({ "base.yaml": "a: 1\n" });
  const origin = fixture.at("origin");
  await fixture.git(origin, "switch", "--quiet", "--create", "topic");
  await manyCommits(fixture, 80, "topic");
  const topic = await fixture.git(origin, "rev-parse", "HEAD");
  await fixture.git(origin, "switch", "--quiet", "main");
  const main = await fixture.commit({ "main.yaml": "a: 1\n" });
  await using repository = repositoryAt(await fixture.clone("checkout", "--depth=1"));
  expect(await repository.mergeBase(main, topic, never)).toBe(base);
});

test("a common ancestor in sight is not believed while a nearer one may hide behind the cut", async () => {
  await using fixture = await gitFixture();
  // old --- near -- 70 commits -- a, and near -- 70 commits -- b; both tips also merge `old` directly.
  const old = await fixture.commit({ "old.yaml": "a: 1\n" });
  const near = await fixture.commit({ "near.yaml": "a: 1\n" });
  const origin = fixture.at("origin");
  const tips: string[] = [];
  for (const name of ["a", "b"]) {
    await fixture.git(origin, "switch", "--quiet", "--create", name, near);
    await manyCommits(fixture, 70, name);
    const tree = await fixture.git(origin, "rev-parse", "HEAD^{tree}");
    const tip = await fixture.git(origin, "commit-tree", tree, "-p", "HEAD", "-p", old, "-m", name);
    await fixture.git(origin, "update-ref", `refs/heads/${name}`, tip);
    tips.push(tip);
  }
  const [a = "", b = ""] = tips;
  await fixture.git(origin, "switch", "--quiet", "--detach", a);
  await using repository = repositoryAt(await fixture.clone("checkout", "--depth=1", "--branch=a"));
  expect(await repository.mergeBase(a, b, never)).toBe(near);
});

test("histories without a common commit have no merge base", async () => {
  await using fixture = await gitFixture();
  const main = await fixture.commit({ "a.yaml": "a: 1\n" });
  await fixture.git(fixture.at("origin"), "switch", "--quiet", "--orphan", "other");
  const other = await fixture.commit({ "b.yaml": "b: 1\n" });
  await using repository = repositoryAt(await fixture.clone("checkout", "--depth=1", "--branch=main"));
  expect(await repository.mergeBase(main, other, never)).toBeUndefined();
});

test("in a complete checkout a newer commit is fetched with its history", async () => {
  await using fixture = await gitFixture();
  const base = await fixture.commit({ "a.yaml": "a: 1\n" });
  await using repository = repositoryAt(await fixture.clone("checkout"));
  await fixture.commit({ "a.yaml": "a: 2\n" });
  const newest = await fixture.commit({ "a.yaml": "a: 3\n" });
  expect(await repository.mergeBase(base, newest, never)).toBe(base);
  expect(await repository.changedFiles(base, newest, never)).toEqual(["a.yaml"]);
});

test("a partial clone brings the files it lacks", async () => {
  await using fixture = await gitFixture();
  const first = await fixture.commit({ "a.yaml": "a: 1\n" });
  await fixture.commit({ "a.yaml": "a: 2\n" });
  await using repository = repositoryAt(await fixture.clone("checkout", "--filter=blob:none"));
  await using tree = await repository.checkout(first, never);
  expect(await readFile(path.join(tree.root, "a.yaml"), "utf8")).toBe("a: 1\n");
});

test("files come out as they are stored: no filter, no line ends, no keyword, no hook of the checkout", async () => {
  await using fixture = await gitFixture();
  const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
  const attributes = ["*.bin filter=lfs", "*.txt text eol=crlf", "*.utf16 working-tree-encoding=UTF-16", "*.id ident"];
  await writeFile(path.join(fixture.at("origin"), "wide.utf16"), Buffer.from("\uFEFFa: 1\n", "utf16le"));
  const sha = await fixture.commit({
    ".gitattributes": [...attributes, "hidden export-ignore", ""].join("\n"),
    "chart.bin": pointer,
    hidden: "shown\n",
    "key.id": "$Id$\n",
    "notes.txt": "a\nb\n",
  });
  const cwd = await fixture.clone("checkout");
  const canary = fixture.at("canary");
  await fixture.git(cwd, "config", "filter.lfs.smudge", `touch ${canary}; cat`);
  await fixture.git(cwd, "config", "core.fsmonitor", `touch ${canary}`);
  for (const hook of ["post-checkout", "reference-transaction", "post-index-change"]) {
    await writeFile(path.join(cwd, ".git", "hooks", hook), `#!/bin/sh\ntouch ${canary}\n`, { mode: 0o755 });
  }
  await using repository = repositoryAt(cwd);
  await using tree = await repository.checkout(sha, never);
  const read = (name: string): Promise<string> => readFile(path.join(tree.root, name), "utf8");
  expect(await read("chart.bin")).toBe(pointer);
  expect(await read("hidden")).toBe("shown\n");
  expect(await read("notes.txt")).toBe("a\nb\n");
  expect(await read("wide.utf16")).toBe("a: 1\n");
  expect(await read("key.id")).toBe("$Id$\n");
  await expect(readFile(canary)).rejects.toMatchObject({ code: "ENOENT" });
});

test("links are written as links, programs as programs, and reads never follow a link out of the tree", async () => {
  await using fixture = await gitFixture();
  const origin = fixture.at("origin");
  await fixture.commit({ "deploy/a.yaml": "a: 1\n", "run.sh": "#!/bin/sh\n" });
  await chmod(path.join(origin, "run.sh"), 0o755);
  await symlink("/etc/passwd", path.join(origin, "passwd"));
  await symlink("deploy", path.join(origin, "k8s"));
  const sha = await fixture.commit({});
  await using repository = repositoryAt(await fixture.clone("checkout"));
  await using tree = await repository.checkout(sha, never);
  expect(await readlink(path.join(tree.root, "passwd"))).toBe("/etc/passwd");
  expect((await lstat(path.join(tree.root, "run.sh"))).mode & 0o111).not.toBe(0);
  expect(await tree.read("k8s/a.yaml")).toBe("a: 1\n");
  expect(await tree.read("deploy/b.yaml")).toBeUndefined();
  expect(await tree.read("deploy/a.yaml/b")).toBeUndefined();
  expect(await tree.read("deploy")).toBeUndefined();
  expect(await tree.hasFolder("k8s")).toBe(true);
  expect(await tree.hasFolder("run.sh")).toBe(false);
  for (const outside of ["passwd", "../../etc/passwd", "/etc/passwd"]) {
    await expect(tree.read(outside)).rejects.toMatchObject({ code: "file-system" });
  }
});

test("a tree and everything that was fetched are gone after use", async () => {
  await using fixture = await gitFixture();
  const sha = await fixture.commit({ "a.yaml": "a: 1\n" });
  const cwd = await fixture.clone("checkout");
  {
    await using repository = repositoryAt(cwd, { temporaryParent: fixture.path });
    await using tree = await repository.checkout(sha, never);
    expect(tree.root.startsWith(fixture.path)).toBe(true);
  }
  expect((await readdir(fixture.path)).filter((name) => name.startsWith("plumbline"))).toEqual([]);
});

test("the token is in no argument and no URL, and only its own server is told", async () => {
  await using fixture = await gitFixture();
  await fixture.commit({ "a.yaml": "a: 1\n" });
  const cwd = await fixture.clone("checkout");
  await fixture.git(cwd, "remote", "set-url", "origin", "https://someone:old-token@127.0.0.1:1/acme/shop");
  const commands: ExecCommand[] = [];
  const exec: Exec = {
    run: (command, signal) => {
      commands.push(command);
      return createExec().run(command, signal);
    },
  };
  await using repository = repositoryAt(cwd, { exec, token: "ghs_token" });
  const failure = await repository.parents("1".repeat(40), never).catch((error: unknown) => error as Error);
  expect(failure).toMatchObject({ code: "git-failed", remedy: "check the network and run again" });
  expect((failure as Error).message).not.toMatch(/old-token|ghs_token/);
  const secret = Buffer.from("x-access-token:ghs_token").toString("base64");
  for (const { args, env } of commands) {
    expect(args.join(" ")).not.toMatch(/old-token|ghs_token/);
    const index = Object.keys(env)
      .find((key) => env[key] === `AUTHORIZATION: basic ${secret}`)
      ?.slice(-2);
    expect(env[`GIT_CONFIG_KEY_${index?.replace("_", "")}`]).toBe("http.https://github.com/.extraheader");
    expect(env).not.toHaveProperty("KUBECONFIG");
  }
  expect(commands.some(({ args }) => args.includes("fetch"))).toBe(true);
});

test("a commit that a rewritten history lost is a failure that says so", async () => {
  await using fixture = await gitFixture();
  await fixture.commit({ "a.yaml": "a: 1\n" });
  await using repository = repositoryAt(await fixture.clone("checkout"));
  await expect(repository.checkout("1".repeat(40), never)).rejects.toMatchObject({
    code: "git-failed",
    message: expect.stringContaining("not our ref 1111111111111111111111111111111111111111") as string,
    remedy: expect.stringContaining("rewritten history") as string,
  });
});

test.each([
  "ext::sh -c 'touch canary'",
  "git@github.com:acme/shop.git",
  "ssh://git@github.com/acme/shop",
  "--upload-pack=x",
])("nothing is fetched from an origin like %s", async (url) => {
  await using fixture = await gitFixture();
  const sha = await fixture.commit({ "a.yaml": "a: 1\n" });
  const cwd = await fixture.clone("checkout");
  await fixture.git(cwd, "config", "remote.origin.url", url);
  await fixture.git(cwd, "config", "protocol.ext.allow", "always");
  await using repository = repositoryAt(cwd);
  expect(await repository.parents(sha, never)).toEqual([]);
  await expect(repository.parents("1".repeat(40), never)).rejects.toMatchObject({
    message: "git: the remote origin is not reached by https",
  });
});

test("a folder of the commit in the form of a bare repository is no repository, and its configuration runs nothing", async () => {
  await using fixture = await gitFixture();
  const canary = path.join(fixture.path, "canary");
  const origin = `\turl = ext::touch ${canary}\n\tpromisor = true\n`;
  await fixture.commit({
    "app/HEAD": `${"1".repeat(40)}\n`,
    "app/objects/keep": "",
    "app/refs/keep": "",
    "app/config": [
      "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tpartialClone = origin",
      `[remote "origin"]\n${origin}[protocol "ext"]\n\tallow = always\n`,
    ].join("\n"),
  });
  await using repository = repositoryAt(path.join(await fixture.clone("checkout"), "app"));
  await expect(repository.resolve("HEAD", never)).rejects.toMatchObject({ code: "git-failed" });
  await expect(lstat(canary)).rejects.toThrow("ENOENT");
});

test("a folder that is no checkout is a failure with a remedy", async () => {
  await using fixture = await gitFixture();
  await using repository = repositoryAt(fixture.path);
  await expect(repository.resolve("HEAD", never)).rejects.toMatchObject({
    code: "git-failed",
    remedy: "check the repository out first (actions/checkout)",
  });
});

test("a checkout that belongs to another user can be read", async ({ skip }) => {
  if (process.getuid?.() !== 0) skip("only root can give files away");
  await using fixture = await gitFixture();
  const sha = await fixture.commit({ "a.yaml": "a: 1\n" });
  const cwd = await fixture.clone("checkout");
  const chown = { file: "chown", args: ["-R", "65534:65534", cwd], cwd: "/", env: { PATH: "/usr/bin:/bin" } };
  await createExec().run({ ...chown, timeoutMilliseconds: 10_000, maxOutputBytes: 1000 }, never);
  await using repository = repositoryAt(cwd);
  expect(await repository.resolve("HEAD", never)).toBe(sha);
  await using tree = await repository.checkout(sha, never);
  expect(await tree.read("a.yaml")).toBe("a: 1\n");
});

type Fixture = Awaited<ReturnType<typeof gitFixture>>;

/** base -- main ---- merge, with topic between base and merge. */
async function mergedHistory(fixture: Fixture) {
  const origin = fixture.at("origin");
  const base = await fixture.commit({ "base.yaml": "a: 1\n" });
  await fixture.git(origin, "switch", "--quiet", "--create", "topic");
  const topic = await fixture.commit({ "topic.yaml": "topic: true\n" });
  await fixture.git(origin, "switch", "--quiet", "main");
  const main = await fixture.commit({ "main.yaml": "a: 1\n" });
  await fixture.git(origin, "merge", "--quiet", "--no-ff", "--message", "merge", "topic");
  return { base, topic, main, merge: await fixture.git(origin, "rev-parse", "HEAD") };
}

async function manyCommits(fixture: Fixture, count: number, name: string): Promise<void> {
  const origin = fixture.at("origin");
  for (let index = 0; index < count; index += 1) {
    await fixture.git(origin, "commit", "--quiet", "--allow-empty", "--message", `${name} ${index}`);
  }
}
