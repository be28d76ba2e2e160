import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { privateTree, type PrivateTree, TREE_LIMITS, type TreeLimits } from "../../src/render/private-tree.ts";
import { type Content, type Folder, folderOf } from "./repository.ts";

interface Opened extends AsyncDisposable {
  readonly tree: PrivateTree;
  readonly repository: Folder;
}

async function open(files: Readonly<Record<string, Content>>, limits: Partial<TreeLimits> = {}): Promise<Opened> {
  const stack = new AsyncDisposableStack();
  const repository = stack.use(await folderOf(files));
  const copy = stack.use(await folderOf({}));
  const tree = await privateTree({ root: repository.root, copy: copy.root, limits: { ...TREE_LIMITS, ...limits } });
  return { tree, repository, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

function problemsOf(tree: PrivateTree): readonly string[] {
  return tree.problems().map(({ code, message }) => `${code}: ${message}`);
}

test("a folder is copied with everything below it, except what Git keeps for itself", async () => {
  await using opened = await open({
    "app/a.yaml": "a",
    "app/sub/b.yaml": "b",
    "app/.git/config": "secret",
    "other/c.yaml": "c",
  });
  expect(await opened.tree.bring("app")).toBe("folder");
  expect(opened.tree.files(".")).toEqual(["app/a.yaml", "app/sub/b.yaml"]);
  expect(await readFile(opened.tree.locate("app/sub/b.yaml"), "utf8")).toBe("b");
});

test("what was brought with a folder is not copied twice", async () => {
  await using opened = await open({ "app/a.yaml": "a" });
  await opened.tree.bring("app");
  await opened.tree.replace("app/a.yaml", "changed");
  expect(await opened.tree.bring("app/a.yaml")).toBe("file");
  expect(await opened.tree.bring("app")).toBe("folder");
  expect(String(await opened.tree.read("app/a.yaml"))).toBe("changed");
});

test("a copy in memory is what the repository was, whatever becomes of it", async () => {
  await using repository = await folderOf({ "app/a.yaml": "a", "app/link.yaml": { linkTo: "a.yaml" } });
  const tree = await privateTree({ root: repository.root });
  expect(await tree.bring("app")).toBe("folder");
  await writeFile(path.join(repository.root, "app/a.yaml"), "changed");
  expect(tree.files("app")).toEqual(["app/a.yaml", "app/link.yaml"]);
  expect(String(await tree.read("app/a.yaml"))).toBe("a");
  expect(String(await tree.read("app/link.yaml"))).toBe("a");
});

test("a path that does not exist is absent, and no problem of the tree", async () => {
  await using opened = await open({ "app/a.yaml": "a" });
  expect(await opened.tree.bring("nowhere")).toBe("absent");
  expect(opened.tree.problems()).toEqual([]);
});

test("links inside the repository become copies of what they lead to", async () => {
  await using opened = await open({
    "shared/base/a.yaml": "a",
    "app/one.yaml": { linkTo: "../shared/base/a.yaml" },
    "app/base": { linkTo: "../shared/base" },
    "app/chain.yaml": { linkTo: "one.yaml" },
  });
  await opened.tree.bring("app");
  expect(opened.tree.problems()).toEqual([]);
  expect(opened.tree.files("app")).toEqual(["app/base/a.yaml", "app/chain.yaml", "app/one.yaml"]);
});

test.each([
  ["an absolute target", "/etc/hostname", "outside-repository: app/x.yaml is a symbolic link with an absolute target"],
  [
    "a way out",
    "../../../../../../../../../../etc/hostname",
    "outside-repository: app/x.yaml is a symbolic link out of the repository",
  ],
  ["this process", "/proc/self/environ", "outside-repository: app/x.yaml is a symbolic link with an absolute target"],
  ["Git's own files", "../.git/config", "outside-repository: app/x.yaml is a symbolic link out of the repository"],
  ["itself", "x.yaml", "outside-repository: app/x.yaml is a symbolic link that leads to itself"],
  ["its folder", "../app", "outside-repository: app/x.yaml is a symbolic link to a folder that holds it"],
  ["nothing", "missing.yaml", "file-unreadable: app/x.yaml is a symbolic link to nothing"],
])("a link to %s is refused", async (_, linkTo, expected) => {
  await using opened = await open({ "app/a.yaml": "a", ".git/config": "token", "app/x.yaml": { linkTo } });
  await opened.tree.bring("app");
  expect(problemsOf(opened.tree)).toEqual([expected]);
  expect(opened.tree.files(".")).not.toContain("app/x.yaml");
});

test("a chain of links that leaves the repository through an inner one is refused", async () => {
  await using opened = await open({ "app/x.yaml": { linkTo: "../links/y" }, "links/y": { linkTo: "/etc/hostname" } });
  await opened.tree.bring("app");
  expect(problemsOf(opened.tree)).toEqual(["outside-repository: app/x.yaml is a symbolic link out of the repository"]);
});

test("an app folder that is itself a link out of the repository is refused", async () => {
  await using opened = await open({ app: { linkTo: "/etc" } });
  expect(await opened.tree.bring("app")).toBe("refused");
  expect(problemsOf(opened.tree)).toEqual(["outside-repository: app is a symbolic link out of the repository"]);
});

test.each([
  ["files", { files: 2 }, "too-large: app/c.yaml is one file more than the limit of 2"],
  ["bytes in total", { bytes: 3 * 1024 * 1024 }, "too-large: app/b.yaml exceeds the limit of 3 MiB in total"],
  ["bytes of one file", { fileBytes: 1024 * 1024 }, "too-large: app/a.yaml is larger than 1 MiB"],
])("the number of %s is limited, and the offender named", async (_, limits, expected) => {
  const big = "x".repeat(2 * 1024 * 1024);
  await using opened = await open({ "app/a.yaml": big, "app/b.yaml": big, "app/c.yaml": "c" }, limits);
  await opened.tree.bring("app");
  expect(problemsOf(opened.tree)).toEqual([expected]);
});

test("folders are not followed for ever", async () => {
  await using opened = await open({ "app/1/2/3/4/a.yaml": "a" }, { depth: 3 });
  await opened.tree.bring("app");
  expect(problemsOf(opened.tree)).toEqual(["too-large: app/1/2/3 is nested deeper than 3 folders"]);
});

test("a manifest that lies in Git LFS is named as what it is", async () => {
  const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n";
  await using opened = await open({ "app/a.yaml": pointer, "app/logo.png": pointer });
  await opened.tree.bring("app");
  expect(problemsOf(opened.tree)).toEqual(["file-unreadable: app/a.yaml: manifest is an LFS pointer"]);
});

test("a submodule in the app makes the render incomplete, one elsewhere does not", async () => {
  const modules = '[submodule "base"]\n\tpath = app/base\n\turl = https://example.com/base\n';
  await using opened = await open({ ".gitmodules": modules, "app/a.yaml": "a", "other/b.yaml": "b" });
  await opened.tree.bring("other");
  expect(opened.tree.problems()).toEqual([]);
  await opened.tree.bring("app");
  expect(problemsOf(opened.tree)).toEqual([
    "file-unreadable: app/base is a Git submodule, and its files are not part of this repository",
  ]);
});

test("the copy holds regular files only", async () => {
  await using opened = await open({ "app/a.yaml": "a", "app/l.yaml": { linkTo: "a.yaml" } });
  await opened.tree.bring("app");
  expect(path.isAbsolute(opened.tree.locate("app"))).toBe(true);
  expect(await readFile(opened.tree.locate("app/l.yaml"), "utf8")).toBe("a");
});
