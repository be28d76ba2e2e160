import { expect, test } from "vitest";
import { scanChart } from "../../src/render/chart.ts";
import { privateTree } from "../../src/render/private-tree.ts";
import { templatePlaces } from "../../src/render/template-places.ts";
import { withoutHooks } from "../../src/render/hooks.ts";
import { problemLines } from "./render-app.ts";
import { folderOf } from "./repository.ts";

async function scan(files: Readonly<Record<string, string>>): ReturnType<typeof scanChart> {
  await using repository = await folderOf(files);
  await using copy = await folderOf({});
  const tree = await privateTree({ root: repository.root, copy: copy.root });
  await tree.bring("app");
  return await scanChart("app", tree);
}

test.each([
  ['{"properties": {"a": {"$ref": "file:///dev/zero"}}}', "file:///dev/zero"],
  ['{"$ref": "https://127.0.0.1/schema.json"}', "https://127.0.0.1/schema.json"],
  ['{"$id": "https://127.0.0.1/", "$ref": "schema.json"}', "schema.json"],
  ['{"$schema": "https://127.0.0.1/meta"}', "https://127.0.0.1/meta"],
  ['{"anyOf": [{"$dynamicRef": "../x"}]}', "../x"],
])("a schema may not load another one: %s", async (schema, reference) => {
  const { problems } = await scan({ "app/values.schema.json": schema });
  expect(problemLines({ problems })).toEqual([
    `error remote-reference app/values.schema.json:1 app/values.schema.json: ${JSON.stringify(reference)} is not part of this schema`,
  ]);
});

test("a schema may refer to itself and to the published drafts", async () => {
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: "https://example.com/a",
    definitions: { a: {} },
    properties: { id: { $ref: "#/definitions/a" } },
  };
  expect((await scan({ "app/values.schema.json": JSON.stringify(schema) })).problems).toEqual([]);
});

test("a template that looks something up in the cluster is named, also in a subchart", async () => {
  const { problems } = await scan({
    "app/charts/redis/templates/secret.yaml": 'a: 1\npassword: {{ (lookup "v1" "Secret" "a" "b").data }}\n',
    "app/templates/a.yaml": "# lookup is a word here\n",
  });
  expect(problemLines({ problems })).toEqual([
    "caution not-supported-yet app/charts/redis/templates/secret.yaml:2 app/charts/redis/templates/secret.yaml calls lookup, which finds nothing here: the cluster is not asked while rendering",
  ]);
});

test("packed subcharts are noticed", async () => {
  expect((await scan({ "app/charts/redis-1.0.0.tgz": "x" })).hasArchives).toBe(true);
  expect((await scan({ "app/charts/redis/Chart.yaml": "x" })).hasArchives).toBe(false);
});

test("the place of an object is its template, or the chart when the template is no file", () => {
  const output =
    "---\n# Source: web/templates/a.yaml\napiVersion: v1\nkind: A\n---\n# Source: web/charts/redis/templates/b.yaml\n# a comment\napiVersion: v1\n---\n# Source: ../../x\napiVersion: v1\n";
  const toPlace = templatePlaces(output, {
    chart: "charts/web",
    files: ["charts/web/Chart.yaml", "charts/web/templates/a.yaml"],
  });
  const fileAt = (line: number): string => toPlace({ file: "", line, column: 1 }).file;
  expect([fileAt(1), fileAt(3), fileAt(4)]).toEqual(Array(3).fill("charts/web/templates/a.yaml"));
  expect([fileAt(5), fileAt(8), fileAt(11)]).toEqual(Array(3).fill("charts/web/Chart.yaml"));
});

test("hooks are left out and named, tests of a release are only left out", () => {
  const source = (name: string, hook?: string) => ({
    object: {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: hook === undefined ? { name } : { name, annotations: { "helm.sh/hook": hook } },
    },
    at: { file: "app/templates/a.yaml", line: 1, column: 1 },
  });
  const { objects, problems } = withoutHooks([
    source("web"),
    source("test", "test"),
    source("old-test", "test-success"),
    source("migrate", "pre-install, pre-upgrade"),
    source("both", "test,post-install"),
    source("none", ""),
  ]);
  expect(objects.map(({ object }) => object.metadata.name)).toEqual(["web", "none"]);
  expect(problemLines({ problems })).toEqual([
    "caution not-supported-yet app/templates/a.yaml:1 batch/Job migrate: helm hook pre-install, pre-upgrade is not run yet, and the object is left out",
    "caution not-supported-yet app/templates/a.yaml:1 batch/Job both: helm hook test, post-install is not run yet, and the object is left out",
  ]);
});
