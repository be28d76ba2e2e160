import path from "node:path";
import { expect, test } from "vitest";
import { problemLines, renderApp, type Rendering } from "./render-app.ts";
import { configMap, folderOf } from "./repository.ts";
import { type Call, callOf, script, stubTool } from "./stub-tool.ts";

const CHART = {
  "app/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
  "app/templates/a.yaml": configMap("a"),
};
const KUSTOMIZATION = { "app/kustomization.yaml": "resources: [a.yaml]\n", "app/a.yaml": configMap("a") };

const ALLOWED = [
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
];

// What the shell and Node's permission model add by themselves: names that carry nothing of ours.
const ADDED = new Set(["PWD", "OLDPWD", "SHLVL", "_", "NODE_OPTIONS"]);

async function callBy(rendering: Rendering): Promise<Call> {
  await using programs = await folderOf({});
  const tools = { helm: await stubTool(programs.root, "helm"), kustomize: await stubTool(programs.root, "kustomize") };
  const rendered = await renderApp({ ...rendering, tools });
  expect(problemLines(rendered)).toEqual([]);
  return callOf(rendered.objects[0]?.object["data"]);
}

test.each([
  ["kustomize", KUSTOMIZATION],
  ["helm", CHART],
])("%s gets none of our environment, and a folder outside the repository", async (_, files) => {
  process.env["SECRET_TOKEN"] = "t0ken-of-this-test";
  process.env["KUBERNETES_SERVICE_HOST"] = "10.0.0.1";
  try {
    const { env, cwd } = await callBy({ files });
    expect(
      Object.keys(env)
        .filter((key) => !ADDED.has(key))
        .toSorted(),
    ).toEqual(ALLOWED);
    expect(JSON.stringify(env)).not.toContain("t0ken-of-this-test");
    expect(path.basename(cwd)).toBe("empty");
  } finally {
    delete process.env["SECRET_TOKEN"];
    delete process.env["KUBERNETES_SERVICE_HOST"];
  }
});

test("kustomize is given a folder and no flag", async () => {
  const { args } = await callBy({ files: KUSTOMIZATION });
  expect(args).toEqual(["build", expect.stringMatching(/\/tree\/app$/)]);
});

test("helm renders without a cluster, with what the cluster would offer", async () => {
  const { args } = await callBy({
    files: { ...CHART, "values/web.yaml": "a: 1\n" },
    request: {
      values: ["app/values.yaml", "values/web.yaml"].slice(1),
      kubeVersion: "v1.36.3",
      apiVersions: ["v1", "apps/v1", "--post-renderer=x"],
    },
  });
  expect(args).toEqual([
    "template",
    "web",
    expect.stringMatching(/\/tree\/app$/),
    "--namespace=shop",
    "--include-crds",
    "--kube-version=v1.36.3",
    "--api-versions=v1,apps/v1",
    expect.stringMatching(/^--values=\/.*\/tree\/values\/web\.yaml$/),
  ]);
});

test.each([
  [{ release: "--post-renderer=x" }, 'release name "--post-renderer=x" is not valid'],
  [{ release: "Web" }, 'release name "Web" is not valid'],
  [{ release: "" }, 'release name "" is not valid'],
  [{ namespace: "-n" }, 'namespace "-n" is not valid'],
  [{ namespace: "a/b" }, 'namespace "a/b" is not valid'],
  [{ kubeVersion: "--x" }, 'Kubernetes version "--x" is not valid'],
])("helm is not started with %j", async (request, expected) => {
  const rendered = await renderApp({ files: CHART, request });
  expect(problemLines(rendered)).toEqual([`error input-invalid ${expected}`]);
});

test.each([
  "https://example.com/values.yaml",
  "oci://a/b",
  "../../etc/passwd",
  "/etc/passwd",
  "-f",
  "missing.yaml",
  "app",
])("the values file %j is refused", async (file) => {
  const rendered = await renderApp({ files: CHART, request: { values: [file] } });
  expect(problemLines(rendered)).toEqual([expect.stringMatching(/^error file-unreadable values file /)]);
});

test("what a program says in failing names the repository's paths", async () => {
  await using programs = await folderOf({});
  const kustomize = await script(programs.root, "kustomize", 'echo "Error: cannot read $2/a.yaml" >&2; exit 1');
  const rendered = await renderApp({ files: KUSTOMIZATION, tools: { kustomize } });
  expect(problemLines(rendered)).toEqual([
    "error render-failed app/kustomization.yaml:1 app: kustomize failed: cannot read app/a.yaml",
  ]);
});

test("a program that prints 2 GB ends at the limit", { timeout: 60_000 }, async () => {
  await using programs = await folderOf({});
  const kustomize = await script(programs.root, "kustomize", "exec /usr/bin/head -c 2000000000 /dev/zero");
  const rendered = await renderApp({ files: KUSTOMIZATION, tools: { kustomize } });
  expect(problemLines(rendered)).toEqual([
    "error too-large app/kustomization.yaml:1 app: kustomize printed more than 64 MiB",
  ]);
});
