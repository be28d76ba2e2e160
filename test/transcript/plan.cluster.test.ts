import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FORK_PERMISSIONS } from "../support/github/token.ts";
import { RUNNER, startAuditedPlane, type AuditedPlane } from "./audited-plane.ts";
import { isGithubWrite } from "./github-text.ts";
import { config, configMap, deployment, namespace, secret } from "./manifests.ts";
import { onMergeGroup } from "./merge-group.ts";
import { startStory, type Told } from "./story.ts";

let plane: AuditedPlane;
beforeAll(async () => {
  plane = await startAuditedPlane();
});
afterAll(async () => plane[Symbol.asyncDispose]());

test("a pull request creates, updates and deletes, and undoes what was changed by hand", async () => {
  const name = "plan-everything";
  await using story = await startStory(plane, { name, files: { ".github/plumbline.yaml": config(name) } });
  const { project } = story;
  await story.begin({
    "deploy/namespace.yaml": namespace(name),
    "deploy/web.yaml": deployment(`${name}/web`, { replicas: 2 }),
    "deploy/settings.yaml": configMap(`${name}/settings`, "{COLOUR: blue, SIZE: small}"),
    "deploy/old.yaml": configMap(`${name}/old`, "{A: b}"),
    "deploy/secret.yaml": secret(`${name}/keys`, "one"),
  });
  await story.kubectl("-n", name, "patch", "configmap/settings", "--patch", '{"data":{"SIZE":"large"}}');

  const pull = await project.open("A new image", {
    "deploy/web.yaml": deployment(`${name}/web`, { replicas: 2, image: "web:2" }),
    "deploy/old.yaml": undefined,
    "deploy/new.yaml": configMap(`${name}/new`, "{C: d}"),
    "deploy/secret.yaml": secret(`${name}/keys`, "two"),
  });
  await story.look("the pull request is planned", () => project.onPull(pull, { action: "opened" }));
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

test("a plan without a change posts no comment, and takes back an earlier one", async () => {
  const name = "plan-nothing";
  await using story = await startStory(plane, { name, files: { ".github/plumbline.yaml": config(name) } });
  const { project } = story;
  const settings = configMap(`${name}/settings`, "{SIZE: small}");
  await story.begin({ "deploy/namespace.yaml": namespace(name), "deploy/settings.yaml": settings });

  const words = await project.open("Only words", { "README.md": "# A shop\n" }, { branch: "words" });
  await story.look("a pull request that no target sees", () => project.onPull(words, { action: "opened" }));
  expect(project.repository.comments(words)).toEqual([]);

  const files = { "deploy/settings.yaml": configMap(`${name}/settings`, "{SIZE: large}") };
  const size = await project.open("Another size", files, { branch: "size" });
  await story.look("a pull request with a change", () => project.onPull(size, { action: "opened" }));
  await project.repository.commit("size", { "deploy/settings.yaml": settings }, { message: "The old size" });
  await story.look("its next commit takes the change back", () => project.onPull(size));
  expect(project.repository.comments(size)).toHaveLength(1);
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

test("a change that the server will refuse is a blocker", async () => {
  const name = "plan-blocked";
  await using story = await startStory(plane, { name, files: { ".github/plumbline.yaml": config(name) } });
  const { project } = story;
  await story.begin({ "deploy/namespace.yaml": namespace(name), "deploy/web.yaml": deployment(`${name}/web`) });

  const files = { "deploy/web.yaml": deployment(`${name}/web`, { selector: "shop" }) };
  const pull = await project.open("Another selector", files);
  const { step } = await story.look("a selector is changed", () => project.onPull(pull, { action: "opened" }));
  expect(step).toMatchObject({ code: 3, outputs: { result: "blocked" } });
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

test("a pull request that is closed unmerged says so in its comment", async () => {
  const name = "plan-closed";
  await using story = await startStory(plane, { name, files: { ".github/plumbline.yaml": config(name) } });
  const { project } = story;
  const files = { "deploy/all.yaml": `${namespace(name)}---\n${configMap(`${name}/settings`, "{A: b}")}` };
  const pull = await project.open("Not to be", files);
  await project.onPull(pull, { action: "opened" });

  await project.repository.close(pull);
  const { kube } = await story.look("the pull request is closed", () => project.onPull(pull, { action: "closed" }));
  expect(kube).toEqual([]);
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

test("a merge group is told in a check alone", async () => {
  const name = "plan-queue";
  await using story = await startStory(plane, { name, files: { ".github/plumbline.yaml": config(name) } });
  const { project } = story;
  const branch = "gh-readonly-queue/main/pr-1";
  const files = { "deploy/all.yaml": `${namespace(name)}---\n${configMap(`${name}/settings`, "{A: b}")}` };
  await project.repository.commit(branch, files, { from: "main", message: "Queued" });

  const kubeconfig = await plane.plane.kubeconfigFor(RUNNER);
  const { github } = await story.look("the queue asks", () => onMergeGroup(project, { branch, kubeconfig }));
  expect(github.filter(isGithubWrite).map(({ operation }) => operation)).toEqual(["checks/create"]);
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

test("without a configuration the folder deploy is planned against the current context", async () => {
  const name = "plan-zero";
  await using story = await startStory(plane, { name, files: { "README.md": "# A shop\n" } });
  const { project } = story;
  const files = { "deploy/all.yaml": `${namespace(name)}---\n${configMap(`${name}/settings`, "{A: b}")}` };
  const pull = await project.open("First", files);
  await story.look("the first pull request", () => project.onPull(pull, { action: "opened" }));
  await project.repository.merge(pull);
  await story.act("its merge", () => project.onPush());
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

describe("a run without a credential plans offline, and touches neither GitHub nor the cluster", () => {
  const before = (name: string): Record<string, string> => ({
    ".github/plumbline.yaml": config(name),
    "deploy/settings.yaml": configMap(`${name}/settings`, "{SIZE: small}"),
    "deploy/secret.yaml": secret(`${name}/keys`, "one"),
  });
  const after = (name: string): Record<string, string> => ({
    "deploy/settings.yaml": configMap(`${name}/settings`, "{SIZE: large}"),
    "deploy/secret.yaml": secret(`${name}/keys`, "two"),
  });

  test("from a fork, whatever the job holds", async () => {
    const name = "offline-fork";
    await using story = await startStory(plane, { name, files: before(name) });
    const { project } = story;
    const fork = await project.repository.fork("mallory");
    await fork.commit("better", after(name), { message: "Better", from: "main" });
    const pull = await project.repository.pullRequest({ fork, branch: "better", title: "Better" });
    expectOffline(await story.look("a fork's pull request", () => project.onPull(pull, { action: "opened" })));
    await expect(story.text()).toMatchFileSnapshot(story.golden);
  });

  test("of Dependabot", async () => {
    const name = "offline-dependabot";
    await using story = await startStory(plane, { name, files: before(name) });
    const { project } = story;
    await project.repository.commit("dependabot/docker", after(name), { message: "Bump", from: "main" });
    const pull = await project.repository.pullRequest({
      branch: "dependabot/docker",
      title: "Bump",
      by: "dependabot[bot]",
    });
    const run = { action: "opened", env: { KUBECONFIG: "" }, permissions: FORK_PERMISSIONS };
    expectOffline(await story.look("Dependabot's pull request", () => project.onPull(pull, run)));
    await expect(story.text()).toMatchFileSnapshot(story.golden);
  });

  test("for want of a kubeconfig", async () => {
    const name = "offline-bare";
    await using story = await startStory(plane, { name, files: before(name) });
    const { project } = story;
    const pull = await project.open("Larger", after(name));
    const run = { action: "opened", env: { KUBECONFIG: "" } };
    expectOffline(await story.look("a job without a kubeconfig", () => project.onPull(pull, run)));
    await expect(story.text()).toMatchFileSnapshot(story.golden);
  });
});

function expectOffline({ step, github, kube }: Told): void {
  expect(step).toMatchObject({ code: 0, outputs: { result: "changes" } });
  expect(github.filter(isGithubWrite)).toEqual([]);
  expect(kube).toEqual([]);
}
