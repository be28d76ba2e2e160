import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { joinKubeconfigs } from "../demo/kubeconfigs.ts";
import { temporaryFolder } from "../../src/system/temporary-folder.ts";
import { dedent } from "../support/yml.ts";
import { DEPUTY, RUNNER, startAuditedPlane, type AuditedPlane } from "./audited-plane.ts";
import { isGithubWrite } from "./github-text.ts";
import { config, configMap, namespace } from "./manifests.ts";
import { startStory, type Story } from "./story.ts";

let plane: AuditedPlane;
let kubeconfig: string;
beforeAll(async () => {
  plane = await startAuditedPlane();
  const { plane: control } = plane;
  kubeconfig = await joinKubeconfigs({
    staging: { ...control, kubeconfig: await control.kubeconfigFor(RUNNER) },
    production: { ...control, kubeconfig: await control.kubeconfigFor(DEPUTY) },
  });
});
afterAll(async () => plane[Symbol.asyncDispose]());

test("each environment is planned and applied through its own context", async () => {
  const name = "jobs-contexts";
  await using story = await startStory(plane, { name, ...twoEnvironments(name) });
  const { project } = story;
  const pull = await project.open("First", bothSizes(name, "small"));
  await story.look("the pull request is planned", () => project.onPull(pull, { action: "opened" }));
  await project.repository.merge(pull);
  const { kube } = await story.act("its merge", () => project.onPush());
  expect(writersOf(kube, `${name}-staging`)).toEqual([RUNNER]);
  expect(writersOf(kube, `${name}-production`)).toEqual([DEPUTY]);
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

test("one job per environment: the matrix, plans without a comment, and one report that names what is missing", async () => {
  const name = "jobs-matrix";
  await using story = await startStory(plane, { name, ...twoEnvironments(name) });
  const { project } = story;
  const pull = await project.open("First", bothSizes(name, "small"));
  const matrix = await story.look("the targets", () => project.onPull(pull, { inputs: { command: "targets" } }));
  expect(JSON.parse(matrix.step.outputs["targets"] ?? "")).toEqual({
    include: [
      { environment: "staging", targets: `staging/${name}` },
      { environment: "production", targets: `production/${name}` },
    ],
  });

  await using folder = await temporaryFolder("plans-");
  const staging = await planAlone(story, pull, `staging/${name}`);
  await keep(staging, join(folder.path, "staging"));
  const report = { inputs: { command: "report", plans: folder.path } };
  const half = await story.look("the report, and one environment has no plan", () => project.onPull(pull, report));
  expect(half.step).toMatchObject({ code: 5, outputs: { result: "incomplete" } });

  const production = await planAlone(story, pull, `production/${name}`);
  await keep(production, join(folder.path, "production"));
  const whole = await story.look("the report, now with both", () => project.onPull(pull, report));
  expect(whole.step).toMatchObject({ code: 0, outputs: { result: "changes" } });
  expect(project.repository.comments(pull)).toHaveLength(1);
  expect(whole.kube).toEqual([]);
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

test("an apply in jobs is told once, on the merged pull request", async () => {
  const name = "jobs-apply";
  await using story = await startStory(plane, { name, ...twoEnvironments(name) });
  const { project } = story;
  const pull = await project.open("First", bothSizes(name, "small"));
  await project.repository.merge(pull);
  await using folder = await temporaryFolder("plans-");
  for (const environment of ["staging", "production"]) {
    const inputs = { targets: `${environment}/*`, comment: "never" };
    const told = await story.act(`${environment} is applied`, () => project.onPush({ inputs }));
    await keep(told.step.outputs["json-path"] ?? "", join(folder.path, environment));
  }
  expect(project.repository.comments(pull)).toEqual([]);
  const inputs = { command: "report", plans: folder.path };
  await story.look("the report", () => project.onPush({ inputs }));
  expect(project.repository.comments(pull)).toHaveLength(1);
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

test("/plumb help is answered, talk is not", async () => {
  const name = "jobs-help";
  await using story = await startStory(plane, { name, files: { ".github/plumbline.yaml": config(name) } });
  const { project } = story;
  const pull = await project.open("First", { "deploy/namespace.yaml": namespace(name) });
  const talk = await story.look("talk", () => project.onComment(pull, "I love /plumb help"));
  expect([...talk.github.filter(isGithubWrite), ...talk.kube]).toEqual([]);
  const help = await story.look("a call for help", () => project.onComment(pull, "/plumb help"));
  expect(help.kube).toEqual([]);
  await story.look("a word that is no command", () => project.onComment(pull, "/plumb aply"));
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

function twoEnvironments(name: string): Pick<Parameters<typeof startStory>[1], "files" | "kubeconfig" | "users"> {
  const text = dedent(`
    version: 1
    system: {namespace: ${name}-system}
    environments: {staging: {context: staging}, production: {context: production}}
    apps:
      ${name}: {path: deploy/$env}
  `);
  return { files: { ".github/plumbline.yaml": text }, kubeconfig, users: [RUNNER, DEPUTY] };
}

function bothSizes(name: string, size: string): Record<string, string> {
  const objects = (place: string): string =>
    `${namespace(place)}---\n${configMap(`${place}/settings`, `{SIZE: ${size}}`)}`;
  return {
    "deploy/staging/all.yaml": objects(`${name}-staging`),
    "deploy/production/all.yaml": objects(`${name}-production`),
  };
}

/** Plans one environment as a job of its own does, and returns the path of its plan file. */
async function planAlone(story: Story, pull: number, target: string): Promise<string> {
  const inputs = { command: "plan", targets: target, comment: "never" };
  const { step, github } = await story.look(`the job of ${target}`, () => story.project.onPull(pull, { inputs }));
  expect(github.filter(isGithubWrite).map(({ operation }) => operation)).toEqual(["checks/create"]);
  return step.outputs["json-path"] ?? "";
}

/** As upload- and download-artifact move it. */
async function keep(file: string, folder: string): Promise<void> {
  await mkdir(folder);
  await copyFile(file, join(folder, "plan.json"));
}

function writersOf(kube: Awaited<ReturnType<Story["act"]>>["kube"], place: string): readonly string[] {
  const writes = kube.filter(({ effect, uri }) => effect === "write" && uri.includes(`/namespaces/${place}`));
  return [...new Set(writes.map(({ user }) => user))];
}
