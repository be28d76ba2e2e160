import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import type { JobAnswer } from "../../src/render/job.ts";
import { unstablePaths } from "../../src/diff/unstable.ts";
import { cluster } from "../cluster/cluster.ts";
import { objectLines, problemLines, renderApp, type Rendering } from "./render-app.ts";
import { configMap, type Content } from "./repository.ts";

const CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n";

const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
spec:
  ports: [{port: {{ .Values.port }}}]
`;

/** Renders the app with the real helm. */
function render(
  files: Readonly<Record<string, Content>>,
  request: Rendering["request"] = {},
): ReturnType<typeof renderApp> {
  return renderApp({ files: { "app/Chart.yaml": CHART, ...files }, request, tools: cluster().tools });
}

test("a chart gives its objects and its CRDs, with release, namespace and the values files in order", async () => {
  const rendered = await render(
    {
      "app/values.yaml": "port: 1\n",
      "values/all.yaml": "port: 2\n",
      "values/production.yaml": "port: 3\n",
      "app/templates/service.yaml": SERVICE,
      "app/templates/_names.tpl": '{{ define "x" }}x{{ end }}',
      "app/templates/NOTES.txt": "thank you",
      "app/crds/queue.yaml":
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: queues.acme.io}\n",
    },
    { release: "web", namespace: "shop", values: ["values/all.yaml", "values/production.yaml"] },
  );
  expect(rendered.problems).toEqual([]);
  expect(objectLines(rendered)).toEqual([
    "CustomResourceDefinition queues.acme.io app/crds/queue.yaml:1",
    "Service web app/templates/service.yaml:1",
  ]);
  expect(rendered.objects[1]?.object).toMatchObject({
    metadata: { namespace: "shop" },
    spec: { ports: [{ port: 3 }] },
  });
});

test("a template sees the cluster's version and its API versions", async () => {
  const template = `${configMap("a", "version: {{ .Capabilities.KubeVersion.Version | quote }}")}  has: {{ .Capabilities.APIVersions.Has "acme.io/v1/Queue" | quote }}\n`;
  const rendered = await render(
    { "app/templates/a.yaml": template },
    { kubeVersion: "v1.36.3", apiVersions: ["v1", "acme.io/v1/Queue"] },
  );
  expect(rendered.problems).toEqual([]);
  expect(rendered.objects[0]?.object["data"]).toEqual({ version: "v1.36.3", has: "true" });
});

test("a vendored subchart is rendered, with the place of its template", async () => {
  const rendered = await render({
    "app/Chart.yaml": `${CHART}dependencies: [{name: redis, version: 1.0.0, repository: "https://charts.example.com"}]\n`,
    "app/charts/redis/Chart.yaml": "apiVersion: v2\nname: redis\nversion: 1.0.0\n",
    "app/charts/redis/templates/a.yaml": configMap("redis"),
  });
  expect(objectLines(rendered)).toEqual(["ConfigMap redis app/charts/redis/templates/a.yaml:1"]);
});

test("a subchart that is not vendored is named, with what to do", async () => {
  const rendered = await render({
    "app/Chart.yaml": `${CHART}dependencies: [{name: redis, version: 1.0.0, repository: "https://charts.example.com"}]\n`,
  });
  expect(problemLines(rendered)).toEqual([
    "error render-failed app/Chart.yaml:1 app: charts that Chart.yaml depends on are not in charts/: redis",
  ]);
  expect(rendered.problems[0]?.remedy).toBe("run helm dependency build app and commit app/charts");
});

test("hooks are left out and named, tests are left out", async () => {
  const hooked = (name: string, hook: string) =>
    configMap(name).replace("metadata:\n", `metadata:\n  annotations: {helm.sh/hook: "${hook}"}\n`);
  const rendered = await render({
    "app/templates/a.yaml": configMap("a"),
    "app/templates/b.yaml": hooked("b", "pre-install"),
    "app/templates/tests/c.yaml": hooked("c", "test"),
  });
  expect(objectLines(rendered)).toEqual(["ConfigMap a app/templates/a.yaml:1"]);
  expect(problemLines(rendered)).toEqual([
    "caution not-supported-yet app/templates/b.yaml:1 ConfigMap b: helm hook pre-install is not run yet, and the object is left out",
  ]);
});

test.each([
  [
    "a template that fails",
    { "app/templates/a.yaml": '\n{{ fail "no port given" }}' },
    "app/templates/a.yaml:2",
    "no port given",
  ],
  [
    "a template that is not closed",
    { "app/templates/a.yaml": "{{ if }}" },
    "app/templates/a.yaml:1",
    "missing value for if",
  ],
  [
    "values that the schema refuses",
    {
      "app/values.yaml": "port: x\n",
      "app/values.schema.json": '{"properties": {"port": {"type": "integer"}}}',
      "app/templates/service.yaml": SERVICE,
    },
    "app/Chart.yaml:1",
    "port",
  ],
  [
    "a template that calls itself",
    {
      "app/templates/_a.tpl": '{{ define "a" }}{{ include "a" . }}{{ end }}',
      "app/templates/a.yaml": '{{ include "a" . }}',
    },
    "app/templates/_a.tpl:1",
    "nested reference",
  ],
])("%s is told as helm tells it, with the place it names", async (_, files, place, expected) => {
  const rendered = await render(files);
  expect(rendered.objects).toEqual([]);
  expect(problemLines(rendered)).toEqual([
    expect.stringMatching(new RegExp(`^error render-failed ${place} app: helm failed: `)),
  ]);
  expect(rendered.problems[0]?.message).toContain(expected);
  expect(rendered.problems[0]?.message).not.toContain("/tree/");
});

test("an object that a template left incomplete has the place of the template", async () => {
  const rendered = await render({
    "app/templates/a.yaml": configMap("a"),
    "app/templates/b.yaml": "kind: ConfigMap\n",
    "app/templates/c.yaml": "apiVersion: v1\nkind: Secret\n",
  });
  expect(problemLines(rendered)).toEqual([
    "error document-invalid app/templates/b.yaml:1 app/templates/b.yaml: a document has no apiVersion",
  ]);
  expect(objectLines(rendered).toSorted()).toEqual([
    "ConfigMap a app/templates/a.yaml:1",
    "Secret undefined app/templates/c.yaml:1",
  ]);
});

describe("a hostile chart", () => {
  test("reaches no cluster, no host name and no file outside of itself", async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      response.end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    process.env["KUBERNETES_SERVICE_HOST"] = "127.0.0.1";
    process.env["KUBERNETES_SERVICE_PORT"] = String(port);
    try {
      const data = [
        '  secret: {{ (lookup "v1" "Secret" "kube-system" "a") | toJson | quote }}',
        '  address: {{ getHostByName "localhost" | quote }}',
        '  file: {{ .Files.Get "../../../../../../etc/hostname" | quote }}',
        '  home: {{ (env "HOME") | default "none" | quote }}',
      ];
      const rendered = await render({ "app/templates/a.yaml": configMap("a", data.slice(0, 3).join("\n").trim()) });
      expect(rendered.objects[0]?.object["data"]).toEqual({ secret: "{}", address: "", file: "" });
      expect(problemLines(rendered)).toEqual([
        expect.stringMatching(/^caution not-supported-yet app\/templates\/a.yaml:6 .* calls lookup/),
      ]);
      const environment = await render({ "app/templates/a.yaml": configMap("a", data[3]?.trim()) });
      expect(problemLines(environment)).toEqual([expect.stringContaining('function "env" not defined')]);
      const schema = await render({
        "app/templates/a.yaml": configMap("a"),
        "app/values.schema.json": JSON.stringify({ $ref: `http://127.0.0.1:${port}/schema` }),
      });
      expect(problemLines(schema)).toEqual([
        expect.stringMatching(/^error remote-reference app\/values.schema.json:1 /),
      ]);
      expect(requests).toBe(0);
    } finally {
      delete process.env["KUBERNETES_SERVICE_HOST"];
      delete process.env["KUBERNETES_SERVICE_PORT"];
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test("may not reach out by a link in its templates or values", async () => {
    const rendered = await render({
      "app/templates/a.yaml": { linkTo: "/etc/passwd" },
      "app/values.yaml": { linkTo: "../../../../etc/hostname" },
    });
    expect(problemLines(rendered)).toEqual([
      "error outside-repository app/templates/a.yaml:1 app/templates/a.yaml is a symbolic link with an absolute target",
      "error outside-repository app/values.yaml:1 app/values.yaml is a symbolic link out of the repository",
    ]);
  });

  test("whose name is a path writes nothing and renders nothing elsewhere", async () => {
    const rendered = await render({
      "app/Chart.yaml": "apiVersion: v2\nname: ../../x\nversion: 1.0.0\n",
      "app/templates/a.yaml": configMap("a"),
    });
    for (const { at } of rendered.objects) expect(at.file.startsWith("app/")).toBe(true);
    for (const { at } of rendered.problems) expect(at?.file.startsWith("app/")).toBe(true);
  });
});

test("a chart that is not the same twice is rendered twice, and one that is comes once", async () => {
  const stable = configMap("a", "x: y");
  const random = configMap("b", "token: {{ randAlphaNum 20 | quote }}");
  const twice: JobAnswer = await render({ "app/templates/a.yaml": stable, "app/templates/b.yaml": random });
  const once: JobAnswer = await render({ "app/templates/a.yaml": stable });
  const [first, again] = [twice.objects, twice.again ?? []].map((objects) => objects.map(({ object }) => object));
  expect(unstablePaths(first ?? [], again ?? []).map(({ path }) => path)).toEqual([["data", "token"]]);
  expect(once.again).toBeUndefined();
});
