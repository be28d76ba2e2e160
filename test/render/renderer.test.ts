import { readdir } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { formatJson } from "../../src/model/json.ts";
import type { Rendered } from "../../src/ports.ts";
import { createRenderer, RENDERER_LIMITS } from "../../src/render/renderer.ts";
import type { Tools } from "../../src/render/tool.ts";
import { createExec } from "../../src/system/process.ts";
import { problemLines, PROGRAM, renderApp, type Rendering } from "./render-app.ts";
import { configMap, folderOf } from "./repository.ts";

const FILES = { "app/a.yaml": configMap("a") };

const NO_TOOLS: Tools = { find: () => Promise.reject(new Error("no program is needed")) };

/** Renders with a program of ours in the place of the child. */
async function renderWith(script: string, rendering: Partial<Rendering> = {}): ReturnType<typeof renderApp> {
  await using programs = await folderOf({ "renderer.mjs": script });
  return await renderApp({ files: FILES, program: path.join(programs.root, "renderer.mjs"), ...rendering });
}

/** A child that answers with a text, whatever it was asked. */
function saying(text: string): string {
  return `process.stdin.resume(); process.stdin.on("end", () => process.stdout.write(${JSON.stringify(text)}));`;
}

const OBJECT = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } };
const PLACE = { file: "app/a.yaml", line: 1, column: 1 };

describe("the child process", () => {
  test("inherits nothing of this process", async () => {
    const poison = {
      GITHUB_TOKEN: "t0ken",
      ACTIONS_RUNTIME_TOKEN: "t0ken",
      KUBECONFIG: "/k",
      NODE_OPTIONS: "--no-warnings",
      GIT_DIR: "/g",
      HELM_PLUGINS: "/p",
    };
    const before = { ...process.env };
    Object.assign(process.env, poison);
    try {
      const report = saying("REPORT").replace(
        '"REPORT"',
        answerWith("JSON.stringify({env: process.env, cwd: process.cwd(), args: process.execArgv})"),
      );
      const rendered = await renderWith(report);
      const { env, cwd, args } = JSON.parse(rendered.problems[0]?.message ?? "") as {
        env: Record<string, string>;
        cwd: string;
        args: string[];
      };
      expect(Object.keys(env).toSorted()).toEqual([
        "ALL_PROXY",
        "HELM_CACHE_HOME",
        "HELM_CONFIG_HOME",
        "HELM_DATA_HOME",
        "HELM_PLUGINS",
        "HOME",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "LC_ALL",
        "PATH",
        "TMPDIR",
        "XDG_CACHE_HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
      ]);
      const workshop = path.dirname(cwd);
      for (const key of ["HOME", "PATH", "TMPDIR", "HELM_PLUGINS", "XDG_CONFIG_HOME"])
        expect(env[key]?.startsWith(`${workshop}/`)).toBe(true);
      expect(args).toEqual(expect.arrayContaining(["--max-old-space-size=1024", "--permission"]));
      expect(args).not.toContain("--allow-child-process");
    } finally {
      for (const key of Object.keys(poison)) if (before[key] === undefined) delete process.env[key];
      Object.assign(process.env, before);
    }
  });

  test("cannot start a program for a plain render, nor write outside its folder", async () => {
    const attempt = (code: string) =>
      `(() => { try { ${code}; return "done"; } catch (error) { return error.code; } })()`;
    const spawned = attempt('process.getBuiltinModule("child_process").execFileSync("/bin/true")');
    const written = attempt(
      `process.getBuiltinModule("fs").writeFileSync(${JSON.stringify(path.join(import.meta.dirname, "canary"))}, "x")`,
    );
    const rendered = await renderWith(
      saying("REPORT").replace('"REPORT"', answerWith(`${spawned} + " " + ${written}`)),
    );
    expect(rendered.problems[0]?.message).toBe("ERR_ACCESS_DENIED ERR_ACCESS_DENIED");
  });

  test("leaves nothing behind", async () => {
    await using repository = await folderOf(FILES);
    await using temporary = await folderOf({});
    const renderer = createRenderer({
      exec: createExec(),
      node: process.execPath,
      program: path.resolve(import.meta.dirname, "../../src/renderer.ts"),
      tools: NO_TOOLS,
      temporary: temporary.root,
    });
    const request = {
      root: repository.root,
      path: "app",
      how: "plain",
      values: [],
      release: "web",
      namespace: "shop",
      apiVersions: [],
    } as const;
    const rendered = await renderer.render(request, new AbortController().signal);
    expect(rendered.objects).toHaveLength(1);
    expect(await readdir(temporary.root)).toEqual([]);
  });

  test("is ended with the run", async () => {
    const controller = new AbortController();
    const render = renderWith("setInterval(() => undefined, 1000);", { signal: controller.signal });
    controller.abort();
    await expect(render).rejects.toMatchObject({ code: "interrupted" });
  });

  test("that is missing is a broken release, and no mistake of the user", async () => {
    await expect(renderApp({ files: FILES, program: "/no/renderer.js" })).rejects.toMatchObject({
      code: "render-failed",
      message: expect.stringContaining("/no/renderer.js") as string,
    });
  });
});

describe("an app of two commits", () => {
  const a = (value: string): string => `{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: "${value}"}}`;
  const b = "{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}";

  test("is rendered as each alone, and what both have are the same objects", async () => {
    const [head, base] = await renderTwo([
      { "app/a.yaml": a("2"), "app/b.yaml": b },
      { "app/a.yaml": a("1"), "app/b.yaml": b },
    ]);
    expect(
      [head, base].map(({ objects }) => objects.map(({ object }) => [object.metadata.name, object["data"]])),
    ).toEqual([
      [
        ["a", { k: "2" }],
        ["b", undefined],
      ],
      [
        ["a", { k: "1" }],
        ["b", undefined],
      ],
    ]);
    expect(head.objects[1]).toBe(base.objects[1]);
  });

  test("keeps its mistakes apart", async () => {
    const [head, base] = await renderTwo([{ "app/a.yaml": "a: b: c" }, { "app/a.yaml": b }]);
    expect(head.problems.map(({ code }) => code)).toEqual(["yaml-invalid"]);
    expect([base.problems, base.objects.length]).toEqual([[], 1]);
  });

  test.each([
    ["nothing", ""],
    ["one answer", '{"objects":[],"answers":[{"objects":[],"problems":[]}]}'],
    [
      "an object that is not there",
      '{"objects":[],"answers":[{"objects":[0],"problems":[]},{"objects":[],"problems":[]}]}',
    ],
    [
      "a position that is none",
      '{"objects":[],"answers":[{"objects":[-1],"problems":[]},{"objects":[],"problems":[]}]}',
    ],
  ])("whose child says %s is rendered by a child for each", async (_, said) => {
    await using program = await folderOf({ "child.mjs": saying(said) });
    const both = await renderTwo([{ "app/b.yaml": b }, { "app/b.yaml": b }], path.join(program.root, "child.mjs"));
    const unusable = "app: the renderer gave no usable answer (exit code 0)";
    expect(both.map(({ problems }) => problems[0]?.message)).toEqual([unusable, unusable]);
  });
});

async function renderTwo(
  files: readonly [Readonly<Record<string, string>>, Readonly<Record<string, string>>],
  program = PROGRAM,
): Promise<readonly [Rendered, Rendered]> {
  await using head = await folderOf(files[0]);
  await using base = await folderOf(files[1]);
  await using temporary = await folderOf({});
  const renderer = createRenderer({
    exec: createExec(),
    node: process.execPath,
    program,
    tools: NO_TOOLS,
    temporary: temporary.root,
  });
  const rest = { path: "app", how: "auto", values: [], release: "web", namespace: "shop", apiVersions: [] } as const;
  const requests = [
    { root: head.root, ...rest },
    { root: base.root, ...rest },
  ] as const;
  const both = await renderer.renderBoth(requests, new AbortController().signal);
  expect(await readdir(temporary.root)).toEqual([]);
  return both;
}

test("a child that was prepared does the next render, and one that nobody needed leaves nothing behind", async () => {
  await using tree = await folderOf({ "app/a.yaml": configMap("a") });
  await using temporary = await folderOf({});
  const options = { exec: createExec(), node: process.execPath, program: PROGRAM, temporary: temporary.root };
  const request = {
    root: tree.root,
    path: "app",
    how: "auto",
    values: [],
    release: "web",
    namespace: "shop",
    apiVersions: [],
  } as const;
  {
    await using renderer = createRenderer({ ...options, tools: NO_TOOLS });
    renderer.prepare();
    await expect.poll(() => readdir(temporary.root)).toHaveLength(1);
    const [workshop] = await readdir(temporary.root);
    const rendering = renderer.render(request, new AbortController().signal);
    renderer.prepare();
    expect((await rendering).objects.map(({ object }) => object.metadata.name)).toEqual(["a"]);
    expect(await readdir(temporary.root)).not.toContain(workshop);
  }
  expect(await readdir(temporary.root)).toEqual([]);
});

/** An expression for the answer whose one problem has the value of another expression as its message. */
function answerWith(expression: string): string {
  return `JSON.stringify({objects: [], problems: [{code: "render-failed", level: "error", message: ${expression}, remedy: "none"}]})`;
}

describe("a child that", () => {
  const limits = { ...RENDERER_LIMITS, timeoutMilliseconds: 1500, maxOutputBytes: 1024 * 1024, heapMebibytes: 64 };

  test.each([
    ["hangs", "setInterval(() => undefined, 1000);", "error render-failed app: rendering took longer than 1.5 s"],
    [
      "prints without end",
      'const more = () => process.stdout.write("x".repeat(1 << 20), more); more();',
      "error too-large app: the rendered objects exceed 1 MiB",
    ],
    [
      "fills its memory",
      "const all = []; for (;;) all.push(new Array(100_000).fill({}));",
      "error render-failed app: the renderer ran out of memory or was ended from outside",
    ],
    [
      "crashes",
      'throw new Error("SECRET of a file")',
      "error render-failed app: the renderer gave no usable answer (exit code 1)",
    ],
    ["says nothing", "", "error render-failed app: the renderer gave no usable answer (exit code 0)"],
    ["says no JSON", saying("objects:"), "error render-failed app: the renderer gave no usable answer (exit code 0)"],
  ])("%s is a problem of that app", async (_, script, expected) => {
    const rendered = await renderWith(script, { limits });
    expect(problemLines(rendered)).toEqual([expected]);
    expect(rendered.objects).toEqual([]);
  });

  test.each([
    [
      "a place outside the repository",
      { objects: [{ object: OBJECT, at: { ...PLACE, file: "../../etc/passwd" } }], problems: [] },
    ],
    ["an absolute place", { objects: [{ object: OBJECT, at: { ...PLACE, file: "/etc/passwd" } }], problems: [] }],
    [
      "a place with a line break",
      { objects: [{ object: OBJECT, at: { ...PLACE, file: "a\n::add-mask::" } }], problems: [] },
    ],
    ["a line that is no number", { objects: [{ object: OBJECT, at: { ...PLACE, line: "1" } }], problems: [] }],
    ["an object without a kind", { objects: [{ object: { ...OBJECT, kind: "" }, at: PLACE }], problems: [] }],
    [
      "a name that is no text",
      { objects: [{ object: { ...OBJECT, metadata: { name: 1 } }, at: PLACE }], problems: [] },
    ],
    [
      "labels that are no texts",
      { objects: [{ object: { ...OBJECT, metadata: { name: "a", labels: { b: 1 } } }, at: PLACE }], problems: [] },
    ],
    [
      "a problem that rendering does not have",
      { objects: [], problems: [{ code: "forbidden", level: "error", message: "a", remedy: "b" }] },
    ],
    [
      "a level that does not exist",
      { objects: [], problems: [{ code: "yaml-invalid", level: "fine", message: "a", remedy: "b" }] },
    ],
    [
      "a problem at a place outside the repository",
      {
        objects: [],
        problems: [
          { code: "yaml-invalid", level: "error", message: "a", remedy: "b", at: { ...PLACE, file: "../a.yaml" } },
        ],
      },
    ],
    [
      "a problem that says more than it may",
      { objects: [], problems: [{ code: "yaml-invalid", level: "error", message: "a", remedy: "b", secret: "c" }] },
    ],
    [
      "a problem of endless words",
      { objects: [], problems: [{ code: "yaml-invalid", level: "error", message: "a".repeat(20_001), remedy: "b" }] },
    ],
    ["objects alone", { objects: [] }],
    [
      "a second render that is none",
      { objects: [], problems: [], again: [{ object: OBJECT, at: { ...PLACE, file: "/a" } }] },
    ],
    ["something that was not asked", { objects: [], problems: [], renderer: "helm v99" }],
    ["a list for an answer", []],
  ])("answers with %s is not believed", async (_, answer) => {
    const rendered = await renderWith(saying(formatJson(answer)));
    expect(problemLines(rendered)).toEqual([
      "error render-failed app: the renderer gave no usable answer (exit code 0)",
    ]);
    expect(rendered.objects).toEqual([]);
  });

  test("nests its answer without end is not believed", async () => {
    const deep = `{"objects":[{"object":{"apiVersion":"v1","kind":"A","metadata":{"name":"a"},"x":${"[".repeat(5000)}${"]".repeat(5000)}},"at":${JSON.stringify(PLACE)}}],"problems":[]}`;
    const rendered = await renderWith(saying(deep));
    expect(rendered.objects).toEqual([]);
  });
});
