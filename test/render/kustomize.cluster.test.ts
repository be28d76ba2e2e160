import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { createTools } from "../../src/render/tools.ts";
import { createExec } from "../../src/system/process.ts";
import { cluster } from "../cluster/cluster.ts";
import { HOSTILE_REFERENCES } from "./hostile-references.ts";
import { objectLines, problemLines, renderApp } from "./render-app.ts";
import { configMap, type Content, type Folder, folderOf } from "./repository.ts";

const run = promisify(execFile);

/** Renders the app with the real kustomize. */
function render(files: Readonly<Record<string, Content>>): ReturnType<typeof renderApp> {
  return renderApp({ files, tools: cluster().tools });
}

test("an overlay gives the objects of its base, each with the place where it is declared", async () => {
  const rendered = await render({
    "app/kustomization.yaml":
      "resources: [base, extra.yaml]\nnamespace: shop\nimages: [{name: web, newTag: v2}]\nconfigMapGenerator: [{name: settings, envs: [settings.env]}]\npatches: [{path: scale.yaml}]\n",
    "app/extra.yaml": configMap("extra"),
    "app/settings.env": "COLOR=blue\n",
    "app/scale.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 3}\n",
    "app/base/kustomization.yaml": "resources:\n- web.yaml\n",
    "app/base/web.yaml":
      "# the shop\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template: {spec: {containers: [{name: web, image: web:v1}]}}\n",
  });
  expect(rendered.problems).toEqual([]);
  expect(objectLines(rendered)).toEqual([
    "ConfigMap extra app/extra.yaml:1",
    expect.stringMatching(/^ConfigMap settings-\w{10} app\/kustomization.yaml:1$/),
    "Deployment web app/base/web.yaml:3",
  ]);
  const web = rendered.objects.find(({ object }) => object.kind === "Deployment")?.object;
  expect(web).toMatchObject({
    metadata: { namespace: "shop" },
    spec: { replicas: 3, template: { spec: { containers: [{ image: "web:v2" }] } } },
  });
});

test("an object whose name kustomize changes, or that two files declare, has the place of the kustomization", async () => {
  const rendered = await render({
    "app/kustomization.yaml": "resources: [a.yaml, one, two]\n",
    "app/a.yaml": configMap("a"),
    "app/one/kustomization.yaml": "resources: [b.yaml]\nnamespace: one\n",
    "app/one/b.yaml": configMap("b"),
    "app/two/kustomization.yaml": "resources: [b.yaml, c.yaml]\nnamespace: two\nnamePrefix: x-\n",
    "app/two/b.yaml": configMap("b"),
    "app/two/c.yaml": configMap("c"),
  });
  expect(objectLines(rendered).toSorted()).toEqual([
    "ConfigMap a app/a.yaml:1",
    "ConfigMap b app/kustomization.yaml:1",
    "ConfigMap x-b app/kustomization.yaml:1",
    "ConfigMap x-c app/kustomization.yaml:1",
  ]);
});

test("a base outside the app's folder, a component and inline patches work as in kustomize itself", async () => {
  const rendered = await render({
    "app/kustomization.yaml":
      'resources: [../shared/base]\ncomponents: [../shared/part]\npatches:\n- target: {kind: ConfigMap, name: base}\n  patch: |-\n    - {op: replace, path: /data/a, value: "https://example.com/?x=1"}\n',
    "shared/base/kustomization.yaml": "resources: [base.yaml]\n",
    "shared/base/base.yaml": configMap("base"),
    "shared/part/kustomization.yaml":
      "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {part: 'yes'}\n",
  });
  expect(rendered.problems).toEqual([]);
  expect(rendered.objects[0]?.object).toMatchObject({
    data: { a: "https://example.com/?x=1" },
    metadata: { annotations: { part: "yes" } },
  });
});

test("what kustomize says in failing is told with the repository's paths, and no content", async () => {
  const rendered = await render({
    "app/kustomization.yaml": "resources: [a.yaml, b.yaml]\n",
    "app/a.yaml": configMap("a"),
    "app/b.yaml": configMap("a"),
  });
  expect(rendered.objects).toEqual([]);
  expect(problemLines(rendered)).toEqual([
    expect.stringMatching(
      /^error render-failed app\/kustomization.yaml:1 app: kustomize failed: .*may not add resource with an already registered id/s,
    ),
  ]);
  expect(JSON.stringify(rendered.problems)).not.toContain("/tree/");
});

test("a file outside its kustomization's folder stays refused by kustomize", async () => {
  const rendered = await render({
    "app/kustomization.yaml": "configMapGenerator: [{name: a, files: [../other/secret.txt]}]\n",
    "other/secret.txt": "SECRET",
  });
  expect(problemLines(rendered)).toEqual([expect.stringContaining("is not in or below")]);
  expect(JSON.stringify(rendered.problems)).not.toContain("SECRET");
});

describe("a hostile kustomization", () => {
  async function repositoryWithCanary(): Promise<Folder> {
    const folder = await folderOf({ "repository/a": "a" });
    const git = (...args: string[]) =>
      run("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
        cwd: path.join(folder.root, "repository"),
      });
    await git("init", "-q");
    await git("commit", "-q", "--allow-empty", "-m", "a");
    return folder;
  }

  function hostile(reference: string, folder: Folder): string {
    return reference
      .replaceAll("REPOSITORY", path.join(folder.root, "repository"))
      .replaceAll("CANARY", `touch%20${folder.root}/canary`);
  }

  async function wasExecuted({ root }: Folder): Promise<boolean> {
    return access(path.join(root, "canary")).then(
      () => true,
      () => false,
    );
  }

  test("runs a command in kustomize itself, as long as it finds git: the corpus is live", async () => {
    await using folder = await repositoryWithCanary();
    await using app = await folderOf({
      "kustomization.yaml": JSON.stringify({ resources: [hostile(HOSTILE_REFERENCES[1] ?? "", folder)] }),
    });
    const build = run(cluster().tools.kustomize, ["build", app.root], {
      env: { PATH: process.env["PATH"], HOME: app.root },
    });
    await expect(build).rejects.toThrow("fetch");
    expect(await wasExecuted(folder)).toBe(true);
  });

  test("runs none without git, even if our own check had missed it", async () => {
    await using folder = await repositoryWithCanary();
    await using app = await folderOf({
      "kustomization.yaml": JSON.stringify({ resources: [hostile(HOSTILE_REFERENCES[1] ?? "", folder)] }),
    });
    const build = run(cluster().tools.kustomize, ["build", app.root], {
      env: { PATH: path.join(app.root, "empty"), HOME: app.root },
    });
    await expect(build).rejects.toThrow("no 'git' program on path");
    expect(await wasExecuted(folder)).toBe(false);
  });

  test.each(["resources", "bases", "components", "generators", "transformers", "validators"])(
    "with the whole corpus as %s is refused entry by entry, and nothing runs",
    async (field) => {
      await using folder = await repositoryWithCanary();
      const references = HOSTILE_REFERENCES.map((reference) => hostile(reference, folder));
      const rendered = await render({
        "app/kustomization.yaml": "resources: [../base]\n",
        "base/kustomization.yaml": JSON.stringify({ [field]: references }),
      });
      expect(rendered.objects).toEqual([]);
      expect(rendered.problems.filter(({ code }) => code === "remote-reference")).toHaveLength(references.length);
      expect(await wasExecuted(folder)).toBe(false);
    },
  );

  test("asks no server on this machine", async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      response.end(configMap("fetched"));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.yaml`;
    const plugin = `apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: a}\npath: ${url}\n`;
    const rendered = await render({
      "app/kustomization.yaml": JSON.stringify({
        resources: [url],
        crds: [url],
        patches: [{ path: url }],
        openapi: { path: url },
        configMapGenerator: [{ name: "a", files: [url] }],
        transformers: [plugin],
      }),
    });
    await new Promise((resolve) => server.close(resolve));
    expect(rendered.objects).toEqual([]);
    expect(rendered.problems).toHaveLength(6);
    expect(requests).toBe(0);
  });

  test("with aliases that grow into gigabytes ends before kustomize sees them", async () => {
    const bomb = [
      "a: &a [x, x, x, x, x, x, x, x, x]",
      ..."bcdefghij"
        .split("")
        .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefghij"[index]}`).join(", ")}]`),
    ].join("\n");
    const rendered = await render({
      "app/kustomization.yaml": "resources: [a.yaml]\n",
      "app/a.yaml": `${configMap("a")}${bomb}\n`,
    });
    expect(problemLines(rendered)).toEqual([expect.stringMatching(/^error yaml-invalid app\/a.yaml:/)]);
  });
});

test("brackets without end are a problem of the file, and this process lives", async () => {
  const files = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`app/${index}.yaml`, "[".repeat(3000)]));
  const rendered = await renderApp({ files });
  expect(rendered.problems).toHaveLength(50);
  expect(new Set(rendered.problems.map(({ code }) => code))).toEqual(new Set(["yaml-invalid"]));
});

test("the real programs are found on a search path, and are recent enough", async () => {
  const { kustomize, helm } = cluster().tools;
  const searchPath = [path.dirname(kustomize), path.dirname(helm)].join(":");
  const tools = createTools({
    exec: createExec(),
    path: searchPath,
    untrusted: [],
    cache: "/no/cache",
    downloads: {},
    platform: "none",
  });
  const signal = new AbortController().signal;
  expect(await tools.find("kustomize", signal)).toMatchObject({
    name: "kustomize",
    version: expect.stringMatching(/^v5\.\d+/) as string,
  });
  expect(await tools.find("helm", signal)).toMatchObject({
    name: "helm",
    version: expect.stringMatching(/^v[34]\.\d+/) as string,
  });
});
