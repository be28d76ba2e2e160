import { describe, expect, test } from "vitest";
import { scanKustomization } from "../../src/render/kustomization.ts";
import { privateTree } from "../../src/render/private-tree.ts";
import { HOSTILE_REFERENCES } from "./hostile-references.ts";
import { problemLines } from "./render-app.ts";
import { configMap, type Content, folderOf } from "./repository.ts";

interface Scanned {
  readonly problems: readonly string[];
  readonly resources: readonly string[];
  /** What kustomize would read. */
  readonly kustomization: string;
}

async function scan(files: Readonly<Record<string, Content>>): Promise<Scanned> {
  await using repository = await folderOf(files);
  await using copy = await folderOf({});
  const tree = await privateTree({ root: repository.root, copy: copy.root });
  const { problems, resources } = await scanKustomization("app", tree);
  const copied = tree.files("app").includes("app/kustomization.yaml");
  return {
    problems: problemLines({ problems: [...tree.problems(), ...problems] }),
    resources,
    kustomization: copied ? String(await tree.read("app/kustomization.yaml")) : "",
  };
}

function scanText(kustomization: string, files: Readonly<Record<string, Content>> = {}): Promise<Scanned> {
  return scan({ ...files, "app/kustomization.yaml": kustomization });
}

/** Every field through which a file can be named, with `REF` for the name. */
const FIELDS: readonly string[] = [
  "resources: [REF]",
  "bases: [REF]",
  "components: [REF]",
  "generators: [REF]",
  "transformers: [REF]",
  "validators: [REF]",
  "configurations: [REF]",
  "crds: [REF]",
  "openapi: {path: REF}",
  "patches: [{path: REF}]",
  "patches: [{Path: REF}]",
  "patchesJson6902: [{path: REF, target: {kind: A, name: a}}]",
  "patchesStrategicMerge: [REF]",
  "replacements: [{path: REF}]",
  "configMapGenerator: [{name: a, files: [REF]}]",
  "configMapGenerator: [{name: a, files: [key=REF]}]",
  "configMapGenerator: [{name: a, FILES: [REF]}]",
  "secretGenerator: [{name: a, envs: [REF]}]",
  "secretGenerator: [{name: a, env: REF}]",
];

describe("a kustomization", () => {
  test("brings its bases, components and files, wherever they are in the repository", async () => {
    const scanned = await scan({
      "app/kustomization.yaml":
        "resources: [../base, web.yaml]\ncomponents: [../parts/a]\nconfigMapGenerator: [{name: a, files: [x=data.txt]}]\npatches: [{path: patch.yaml}]\n",
      "app/web.yaml": configMap("web"),
      "app/data.txt": "\u0000 any content: [",
      "app/patch.yaml": "- op: remove\n  path: /data\n",
      "base/kustomization.yml": "resources: [db.yaml]\n",
      "base/db.yaml": configMap("db"),
      "parts/a/Kustomization": "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\nresources: [c.yaml]\n",
      "parts/a/c.yaml": configMap("c"),
    });
    expect(scanned.problems).toEqual([]);
    expect(scanned.resources).toEqual(["base/db.yaml", "app/web.yaml", "parts/a/c.yaml"]);
  });

  test("is given to kustomize as it was read, with references that cannot be anything but paths", async () => {
    const { kustomization } = await scanText("# comment\nresources: &r [base, ./web.yaml, ../x]\nnamePrefix: on\n", {
      "app/base/kustomization.yaml": "resources: []\nnamespace: a\n",
      "app/web.yaml": configMap("web"),
      "x/kustomization.yaml": "namespace: a\n",
    });
    expect(JSON.parse(kustomization)).toEqual({ resources: ["./base", "./web.yaml", "../x"], namePrefix: true });
  });

  test("that leads to itself is read once", async () => {
    const { problems } = await scanText("resources: [../other]\n", {
      "other/kustomization.yaml": "resources: [../app]\n",
    });
    expect(problems).toEqual([]);
  });

  test.each(FIELDS)("may not fetch: %s", async (field) => {
    const { problems } = await scanText(`namespace: shop\n${field.replace("REF", "https://127.0.0.1/x")}\n`);
    expect(problems).toEqual([
      expect.stringMatching(
        /^error remote-reference app\/kustomization.yaml:2 app\/kustomization.yaml: "https:.*" is not a file of this repository: it is a URL$/,
      ),
    ]);
  });

  test.each(FIELDS)("may not leave the repository: %s", async (field) => {
    const { problems } = await scanText(field.replace("REF", "../../x.yaml"));
    expect(problems).toEqual([
      'error outside-repository app/kustomization.yaml:1 app/kustomization.yaml: "../../x.yaml" lies outside the repository',
    ]);
  });

  test.each(FIELDS)("may not name what is missing: %s", async (field) => {
    const { problems } = await scanText(field.replace("REF", "missing.yaml"));
    expect(problems).toEqual([
      'error file-unreadable app/kustomization.yaml:1 app/kustomization.yaml: "missing.yaml" does not exist',
    ]);
  });

  test.each(HOSTILE_REFERENCES)("may not have the resource %j", async (reference) => {
    const { problems } = await scanText(JSON.stringify({ resources: [reference] }));
    expect(problems).toEqual([expect.stringMatching(/^error remote-reference /)]);
  });

  test.each(HOSTILE_REFERENCES)("may not have the generator %j", async (reference) => {
    const { problems } = await scanText(JSON.stringify({ generators: [reference] }));
    expect(problems).toEqual([expect.stringMatching(/^error remote-reference /)]);
  });

  test("may not hide a reference behind the spelling of a field, which kustomize reads in any case", async () => {
    const { problems } = await scanText("Resources: [https://127.0.0.1/x]\nre\u017Fources: [https://127.0.0.1/y]\n");
    expect(problems).toEqual([
      "error render-failed app/kustomization.yaml:1 app/kustomization.yaml: kustomize has no field Resources",
      "error render-failed app/kustomization.yaml:2 app/kustomization.yaml: kustomize has no field re\u017Fources",
    ]);
  });

  test("is refused inside a base as well, with the place there", async () => {
    const { problems } = await scanText("resources: [../base]\n", {
      "base/kustomization.yaml": "\n\nresources:\n- git@127.0.0.1:a/b\n",
    });
    expect(problems).toEqual([expect.stringMatching(/^error remote-reference base\/kustomization.yaml:4 /)]);
  });

  test.each([
    "helmCharts: [{name: a, repo: x}]",
    "helmGlobals: {configHome: x}",
    "helmChartInflationGenerator: [{chartName: a}]",
  ])("may not run Helm: %s", async (field) => {
    const { problems } = await scanText(`${field}\n`);
    expect(problems).toEqual([
      expect.stringMatching(
        /^error render-failed app\/kustomization.yaml:1 .* runs Helm inside kustomize, which is not allowed$/,
      ),
    ]);
  });

  test.each([
    [
      "a base that leaves the repository by a link",
      { "app/kustomization.yaml": "resources: [base]\n", "app/base": { linkTo: "/etc" } },
      "outside-repository",
    ],
    [
      "two kustomization files",
      { "app/kustomization.yaml": "namespace: a\n", "app/Kustomization": "namespace: a\n" },
      "render-failed",
    ],
    [
      "a base without a kustomization",
      { "app/kustomization.yaml": "resources: [base]\n", "app/base/a.yaml": "a: b\n" },
      "render-failed",
    ],
    [
      "two documents",
      { "app/kustomization.yaml": "namespace: a\n---\nresources: [https://127.0.0.1/x]\n" },
      "render-failed",
    ],
    ["a list", { "app/kustomization.yaml": "- a\n" }, "render-failed"],
    ["invalid YAML", { "app/kustomization.yaml": "resources: [" }, "yaml-invalid"],
  ])("with %s is refused", async (_, files, code) => {
    const { problems } = await scan(files);
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem).toMatch(new RegExp(`^error ${code} `));
  });
});

describe("the configuration of a generator or transformer", () => {
  test.each([
    ["runs Helm", "apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: a}\nname: x\n"],
    [
      "runs a program or a container",
      'apiVersion: a/v1\nkind: A\nmetadata:\n  name: a\n  annotations: {config.kubernetes.io/function: "exec: {path: ./x}"}\n',
    ],
    [
      "runs a program or a container",
      'apiVersion: a/v1\nkind: A\nmetadata:\n  name: a\n  annotations: {config.k8s.io/function: "container: {image: x}"}\n',
    ],
    [
      "fetches https://127.0.0.1/patch",
      "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: a}\nPath: https://127.0.0.1/patch\n",
    ],
    [
      "fetches http://127.0.0.1/x",
      "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: a}\nfiles: [http://127.0.0.1/x]\n",
    ],
  ])("is refused when it %s, inline or in a file", async (what, configuration) => {
    const inline = await scanText(JSON.stringify({ transformers: [configuration] }));
    expect(inline.problems).toEqual([
      expect.stringContaining(`a generator, transformer or validator that ${what} is not allowed`),
    ]);
    const file = await scanText("generators: [g.yaml]\n", { "app/g.yaml": configuration });
    expect(file.problems).toEqual([
      expect.stringContaining(`app/g.yaml: a generator, transformer or validator that ${what} is not allowed`),
    ]);
  });

  test("is read when it stays inside", async () => {
    const configuration =
      "apiVersion: builtin\nkind: AnnotationsTransformer\nmetadata: {name: a}\nannotations: {docs: https://example.com}\nfieldSpecs: [{path: metadata/annotations}]\n";
    expect((await scanText(JSON.stringify({ transformers: [configuration] }))).problems).toEqual([]);
  });

  test("is a file, not a folder whose kustomization could change it", async () => {
    const { problems } = await scanText("transformers: [t]\n", { "app/t/kustomization.yaml": "namespace: a\n" });
    expect(problems).toEqual([
      "error render-failed app/kustomization.yaml:1 app/kustomization.yaml: t is a folder, and a file is needed here",
    ]);
  });

  test("that is no configuration is not taken for one because it has several lines", async () => {
    const { problems } = await scanText(
      JSON.stringify({ generators: ["https://127.0.0.1/x?ref=--upload-pack=a: b\nkind: A\n"] }),
    );
    expect(problems).toEqual([expect.stringMatching(/^error remote-reference /)]);
  });
});

test("a file that kustomize would expand without end never reaches it", async () => {
  const bomb = [
    "a: &a [x, x, x, x, x, x, x, x, x]",
    ..."bcdefghij"
      .split("")
      .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefghij"[index]}`).join(", ")}]`),
  ].join("\n");
  const { problems } = await scanText("resources: [bomb.yaml]\npatches: [{path: deep.yaml}]\n", {
    "app/bomb.yaml": bomb,
    "app/deep.yaml": "[".repeat(3000),
  });
  expect(problems).toEqual([
    expect.stringMatching(/^error yaml-invalid app\/bomb.yaml:/),
    expect.stringMatching(/^error yaml-invalid app\/deep.yaml:/),
  ]);
});

test("a resource that lies in Git LFS is named as what it is", async () => {
  const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n";
  const { problems } = await scanText("resources: [a.yaml]\n", { "app/a.yaml": pointer });
  expect(problems).toEqual(["error file-unreadable app/a.yaml:1 app/a.yaml: manifest is an LFS pointer"]);
});
