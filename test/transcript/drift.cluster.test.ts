import { afterAll, beforeAll, expect, test } from "vitest";
import { wait } from "../cluster/wait.ts";
import { GUEST, RUNNER, startAuditedPlane, type AuditedPlane } from "./audited-plane.ts";
import { AT_ONCE, config, configMap, deployment, namespace, secret, service } from "./manifests.ts";
import { startStory, withKubeconfig, type Story } from "./story.ts";

let plane: AuditedPlane;
beforeAll(async () => {
  plane = await startAuditedPlane();
});
afterAll(async () => plane[Symbol.asyncDispose]());

test("an issue is opened, edited in place, closed, and reopened when drift is back", async () => {
  const name = "drift-issue";
  await using story = await startStory(plane, { name, files: { ".github/plumbline.yaml": config(name, AT_ONCE) } });
  const { project } = story;
  await story.begin({
    ...small(name),
    "deploy/service.yaml": service(`${name}/web`),
    "deploy/secret.yaml": secret(`${name}/keys`, "git"),
  });

  await resize(story, name, "large");
  await story.kubectl("-n", name, "delete", "service/web");
  await story.kubectl("-n", name, "patch", "secret/keys", "--patch", '{"stringData":{"TOKEN":"canary-by-hand"}}');
  const first = await story.look("somebody changed three objects", () => project.onSchedule());
  expect(first.step).toMatchObject({ code: 0, outputs: { result: "drifted" } });
  expect(driftIssues(story)).toMatchObject([{ state: "open" }]);

  await resize(story, name, "huge");
  await story.look("one of them once more", () => project.onSchedule());
  expect(driftIssues(story)).toMatchObject([{ state: "open" }]);

  await project.onDispatch("apply");
  const healed = await story.look("after an apply by hand", () => project.onSchedule());
  expect(healed.step.outputs["result"]).toBe("in-sync");
  expect(driftIssues(story)).toMatchObject([{ state: "closed" }]);

  await resize(story, name, "large");
  await story.look("it is back", () => project.onSchedule());
  expect(driftIssues(story)).toMatchObject([{ state: "open" }]);
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

test("with the defaults a young difference opens nothing, and is remembered in the check", async () => {
  const name = "drift-patience";
  await using story = await startStory(plane, { name, files: { ".github/plumbline.yaml": config(name) } });
  const { project } = story;
  await story.begin(small(name));
  await resize(story, name, "large");
  const first = await story.look("the first run that sees it", () => project.onSchedule());
  expect(first.step).toMatchObject({ code: 0, outputs: { result: "in-sync" } });
  expect(driftIssues(story)).toEqual([]);

  const twice = config(name, "drift: {after: 0s, sightings: 2}\n");
  await project.commit({ ".github/plumbline.yaml": twice }, "No patience");
  const second = await story.look("the second run, with a shorter patience", () => project.onSchedule());
  expect(second.step.outputs["result"]).toBe("drifted");
  expect(driftIssues(story)).toMatchObject([{ state: "open" }]);
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

test("a container that Git does not know counts at first sight, a label is only listed", async () => {
  const name = "drift-extra";
  await using story = await startStory(plane, { name, files: { ".github/plumbline.yaml": config(name) } });
  const { project } = story;
  await story.begin({ ...small(name), "deploy/web.yaml": deployment(`${name}/web`) });

  await story.kubectl("-n", name, "label", "deployment/web", "team=checkout");
  const label = await story.look("a label alone", () => project.onSchedule());
  expect(label.step.outputs["result"]).toBe("in-sync");
  expect(driftIssues(story)).toEqual([]);

  const containers = [{ name: "debug", image: "debug:1" }];
  const patch = JSON.stringify({ spec: { template: { spec: { containers } } } });
  await story.kubectl("-n", name, "patch", "deployment/web", "--patch", patch);
  const container = await story.look("a container as well", () => project.onSchedule());
  expect(container.step.outputs["result"]).toBe("drifted");
  expect(driftIssues(story)).toMatchObject([{ state: "open" }]);
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

test("what cannot be known closes no issue", async () => {
  const name = "drift-unknown";
  const options = { name, files: { ".github/plumbline.yaml": config(name, AT_ONCE) }, users: [RUNNER, GUEST] };
  await using story = await startStory(plane, options);
  const { project } = story;
  await story.begin({ ...small(name), "deploy/service.yaml": service(`${name}/web`) });
  await resize(story, name, "large");
  await project.onSchedule();
  await resize(story, name, "small");
  await allowAllButServices(story, name);

  const guest = withKubeconfig(await plane.plane.kubeconfigFor(GUEST));
  const forbidden = await story.look("services may not be read", () => project.onSchedule(guest));
  expect(forbidden.step).toMatchObject({ code: 5, outputs: { result: "incomplete" } });
  expect(driftIssues(story)).toMatchObject([{ state: "open" }]);

  await plane.plane.stopServer();
  const silent = await story.look("the API server is down", () => project.onSchedule());
  await plane.plane.startServer();
  expect(silent.step).toMatchObject({ code: 4, outputs: { result: "failed" } });
  expect(driftIssues(story)).toMatchObject([{ state: "open" }]);

  await story.look("the API server is back", () => project.onSchedule());
  expect(driftIssues(story)).toMatchObject([{ state: "closed" }]);
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

test("main beyond the applied revision is pending, and never drift", async () => {
  const name = "drift-pending";
  await using story = await startStory(plane, { name, files: { ".github/plumbline.yaml": config(name, AT_ONCE) } });
  const { project } = story;
  await project.commit(small(name), "Small");
  const never = await story.look("nothing was ever applied", () => project.onSchedule());
  expect(never.step.outputs["result"]).toBe("pending");
  await project.repository.merge(await project.open("Words", { "README.md": "# A shop\n" }));
  await project.onPush({ inputs: { comment: "never" } });
  await project.commit({ "deploy/settings.yaml": settings(name, "large") }, "Large");
  const beyond = await story.look("main holds more than was applied", () => project.onSchedule());
  expect(beyond.step.outputs["result"]).toBe("pending");
  expect(driftIssues(story)).toEqual([]);
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

function settings(name: string, size: string): string {
  return configMap(`${name}/settings`, `{SIZE: ${size}}`);
}

function small(name: string): Record<string, string> {
  return { "deploy/namespace.yaml": namespace(name), "deploy/settings.yaml": settings(name, "small") };
}

async function resize({ kubectl }: Story, name: string, size: string): Promise<void> {
  await kubectl("-n", name, "patch", "configmap/settings", "--patch", JSON.stringify({ data: { SIZE: size } }));
}

function driftIssues({ project }: Story): ReturnType<Story["project"]["repository"]["issues"]> {
  return project.repository.issues().filter(({ labels }) => labels.includes("drift"));
}

async function allowAllButServices({ kubectl }: Story, name: string): Promise<void> {
  const verbs = "--verb=get,list,patch,create";
  await kubectl("create", "clusterrole", name, verbs, "--resource=configmaps,namespaces,secrets");
  await kubectl("create", "clusterrolebinding", name, `--clusterrole=${name}`, `--user=${GUEST}`);
  const isAllowed = async (): Promise<boolean> =>
    (await kubectl("auth", "can-i", "list", "configmaps", `--as=${GUEST}`)).endsWith("yes");
  await wait({ what: "what the guest may do", within: 30_000, of: [], until: isAllowed });
}
