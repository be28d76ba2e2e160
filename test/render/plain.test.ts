import { expect, test } from "vitest";
import { configMap } from "./repository.ts";
import { objectLines, problemLines, renderApp } from "./render-app.ts";

test("a folder gives the objects of its YAML and JSON files, in the order of their paths, each with its place", async () => {
  const rendered = await renderApp({
    files: {
      "app/b.yaml": `# two objects\n---\n${configMap("b1")}---\n${configMap("b2")}`,
      "app/a.yml": configMap("a"),
      "app/sub/c.json":
        '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"id": "9007199254740993"}, "x": 9007199254740993}',
      "app/README.md": "no manifest",
      "app/.hidden/d.yaml": configMap("hidden"),
      "app/.e.yaml": configMap("hidden"),
      "other/f.yaml": configMap("other"),
    },
  });
  expect(objectLines(rendered)).toEqual([
    "ConfigMap a app/a.yml:1",
    "ConfigMap b1 app/b.yaml:3",
    "ConfigMap b2 app/b.yaml:10",
    "ConfigMap c app/sub/c.json:1",
  ]);
  expect(rendered.objects.at(-1)?.object["x"]).toBe(9007199254740993n);
  expect(rendered.problems).toEqual([]);
  expect(rendered.renderer).toBe("plain");
});

test("a mistake in one file is named with its place, and the other files are read", async () => {
  const rendered = await renderApp({
    files: { "app/a.yaml": "apiVersion: v1\nkind: [", "app/b.yaml": configMap("b") },
  });
  expect(objectLines(rendered)).toEqual(["ConfigMap b app/b.yaml:1"]);
  expect(problemLines(rendered)).toEqual([expect.stringMatching(/^error yaml-invalid app\/a.yaml:2 /)]);
});

test("bytes that are no text are named", async () => {
  const rendered = await renderApp({ files: { "app/a.yaml": new Uint8Array([0x61, 0xff, 0xfe]) } });
  expect(problemLines(rendered)).toEqual([expect.stringMatching(/^error yaml-invalid app\/a.yaml:1 /)]);
});

test("the app may be the whole repository, or one file", async () => {
  const files = { "a.yaml": configMap("a"), "app/b.yaml": configMap("b") };
  expect(objectLines(await renderApp({ files, request: { path: "." } }))).toEqual([
    "ConfigMap a a.yaml:1",
    "ConfigMap b app/b.yaml:1",
  ]);
  expect(objectLines(await renderApp({ files, request: { path: "app/b.yaml" } }))).toEqual([
    "ConfigMap b app/b.yaml:1",
  ]);
});

test("an app path that does not exist is named", async () => {
  const rendered = await renderApp({ files: { "other/a.yaml": configMap("a") } });
  expect(problemLines(rendered)).toEqual(["error nothing-to-deploy app does not exist in this commit"]);
});

test.each(["..", "../x", "/etc", "app/../../x", ".git"])(
  "an app path %j that leaves the repository is refused",
  async (path) => {
    const rendered = await renderApp({ files: { "app/a.yaml": configMap("a") }, request: { path } });
    expect(problemLines(rendered)).toEqual([
      `error outside-repository app path ${JSON.stringify(path)} leaves the repository`,
    ]);
  },
);

test("an empty folder is no problem of the renderer", async () => {
  const rendered = await renderApp({ files: { "app/README.md": "nothing yet" } });
  expect(rendered).toEqual({ objects: [], problems: [], renderer: "plain" });
});

test("a link out of the repository stops the render, and nothing of its target is shown", async () => {
  const rendered = await renderApp({
    files: { "app/a.yaml": configMap("a"), "app/b.yaml": { linkTo: "/etc/passwd" } },
  });
  expect(rendered.objects).toEqual([]);
  expect(problemLines(rendered)).toEqual([
    "error outside-repository app/b.yaml:1 app/b.yaml is a symbolic link with an absolute target",
  ]);
  expect(JSON.stringify(rendered.problems)).not.toContain("root:");
});
