import { afterAll, beforeAll, expect, test } from "vitest";
import { wait } from "../cluster/wait.ts";
import type { RunningStep, StepResult } from "../support/runner/runner.ts";
import { dedent } from "../support/yml.ts";
import { DEPUTY, startAuditedPlane, type AuditedPlane } from "./audited-plane.ts";
import { kubeText } from "./kube-text.ts";
import { config, configMap, deployment, namespace, secret, service } from "./manifests.ts";
import { startStory, withKubeconfig, type Story, type Told } from "./story.ts";

let plane: AuditedPlane;
beforeAll(async () => {
  plane = await startAuditedPlane();
});
afterAll(async () => plane[Symbol.asyncDispose]());

test("the first apply brings a namespace, a kind and an object of it, settings, a secret and a workload, in waves", async () => {
  const name = "apply-first";
  await using story = await startStory(plane, { name, files: { ".github/plumbline.yaml": config(name) } });
  const { project } = story;
  const pull = await project.open("Everything", {
    "deploy/namespace.yaml": namespace(name),
    "deploy/kind.yaml": customKind("queues.apply-first.example.com", "Queue"),
    "deploy/object.yaml": dedent(`
      apiVersion: apply-first.example.com/v1
      kind: Queue
      metadata: {name: orders, namespace: ${name}}
      spec: {length: 10}
    `),
    "deploy/settings.yaml": configMap(`${name}/settings`, "{COLOUR: blue}"),
    "deploy/secret.yaml": secret(`${name}/keys`, "first"),
    "deploy/web.yaml": deployment(`${name}/web`, { replicas: 2 }),
  });
  await project.repository.merge(pull);
  const { step } = await story.act("the merge", () => project.onPush());
  expect(step).toMatchObject({ code: 0, outputs: { result: "applied", created: "6" } });

  const members = `--selector=applyset.kubernetes.io/part-of=${await setOf(story, name)}`;
  const kinds = "namespaces,crds,queues.apply-first.example.com,configmaps,secrets,deployments.apps";
  await story.note(
    "the set, as kubectl finds it",
    await story.kubectl("get", kinds, "-n", name, members, "-o", "name"),
  );
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

test("what left Git is removed last and by uid, unless it asks to be kept", async () => {
  const name = "apply-prune";
  await using story = await startStory(plane, { name, files: { ".github/plumbline.yaml": config(name) } });
  const { project } = story;
  await story.begin({
    "deploy/namespace.yaml": namespace(name),
    "deploy/web.yaml": deployment(`${name}/web`),
    "deploy/service.yaml": service(`${name}/web`),
    "deploy/old.yaml": deployment(`${name}/old`),
    "deploy/kept.yaml": configMap(`${name}/kept`, "{A: b}", '{plumbline.dev/prune: "false"}'),
  });
  const pull = await project.open("Less", {
    "deploy/web.yaml": deployment(`${name}/web`, { image: "web:2" }),
    "deploy/service.yaml": undefined,
    "deploy/old.yaml": undefined,
    "deploy/kept.yaml": undefined,
  });
  await project.repository.merge(pull);
  const { step, kube } = await story.act("the merge", () => project.onPush());
  expect(step).toMatchObject({ code: 0, outputs: { result: "applied", updated: "1", deleted: "2" } });

  const writes = kube.filter(({ effect }) => effect === "write").map(({ verb, uri }) => `${verb} ${pathOf(uri)}`);
  const update = "patch /apis/apps/v1/namespaces/apply-prune/deployments/web";
  const workload = "delete /apis/apps/v1/namespaces/apply-prune/deployments/old";
  const backend = "delete /api/v1/namespaces/apply-prune/services/web";
  expect(writes.filter((write) => [update, workload, backend].includes(write))).toEqual([update, workload, backend]);
  await story.note(
    "what is left",
    await story.kubectl("get", "deployments,services,configmaps", "-n", name, "-o", "name"),
  );
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

test("a push that changes nothing in a target moves its applied revision alone", async () => {
  const name = "apply-nothing";
  await using story = await startStory(plane, { name, files: { ".github/plumbline.yaml": config(name) } });
  const { project } = story;
  await story.begin(small(name));
  await project.repository.merge(await project.open("Only words", { "README.md": "# A shop\n" }));
  const { step, kube } = await story.act("the merge", () => project.onPush());
  expect(step).toMatchObject({ code: 0, outputs: { result: "no-changes" } });
  expect(writtenObjects(kube, name)).toEqual([]);
  expect(await appliedRevision(story, name)).toBe(await project.repository.head("main"));
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

test("apply started by hand undoes what was done by hand", async () => {
  const name = "apply-heal";
  await using story = await startStory(plane, { name, files: { ".github/plumbline.yaml": config(name) } });
  const { project } = story;
  await story.begin(small(name));
  await story.kubectl("-n", name, "patch", "configmap/settings", "--patch", '{"data":{"SIZE":"large"}}');
  const { step } = await story.act("somebody starts apply", () => project.onDispatch("apply"));
  expect(step).toMatchObject({ code: 0, outputs: { result: "applied", updated: "1" } });
  expect(await settingOf(story, name)).toBe("small");
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

test("an older run applies the branch's head, and the newer one finds nothing to do", async () => {
  const name = "apply-older";
  await using story = await startStory(plane, { name, files: { ".github/plumbline.yaml": config(name) } });
  const { project } = story;
  await story.begin(small(name));
  const older = await project.open(
    "Medium",
    { "deploy/settings.yaml": settings(name, "medium") },
    { branch: "medium" },
  );
  await project.repository.merge(older);
  const newer = await project.open("Large", { "deploy/settings.yaml": settings(name, "large") }, { branch: "large" });
  const merge = { kind: "run", run: () => project.repository.merge(newer) } as const;
  project.github.faults.add({ operation: "git/get-ref", nth: 1, when: "before", effect: merge });

  const { step } = await story.act("the older run, overtaken by a merge", () => project.onPush());
  expect(step).toMatchObject({ code: 0, outputs: { result: "applied" } });
  expect(await settingOf(story, name)).toBe("large");
  expect(await appliedRevision(story, name)).toBe(await project.repository.head("main"));
  const again = await story.act("the newer run", () => project.onPush());
  expect(again.step).toMatchObject({ code: 0, outputs: { result: "no-changes" } });
  expect(writtenObjects(again.kube, name)).toEqual([]);
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

test("of two applies at once the second waits for the lock, and then finds nothing to do", async () => {
  const name = "apply-twice";
  await using story = await startStory(plane, { name, files: { ".github/plumbline.yaml": config(name) } });
  const { project } = story;
  await project.repository.merge(await project.open("Held", held(name)));
  const mark = await plane.mark();
  const first = await startHolding(story, name);
  const [one, two] = await bothEnds(story, name, first);

  expect([one.outputs["result"], two.outputs["result"]]).toEqual(["applied", "no-changes"]);
  const kube = await plane.since(mark, [DEPUTY]);
  expect(writtenObjects(kube, name)).toEqual([]);
  expect(project.github.violations).toEqual([]);
  await story.note("what the first run says", one.stdout);
  await story.note("what the second run says", two.stdout);
  await story.note("what the second run asks of the cluster", kubeText(kube));
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

test("a newer run waits for the older one, and then applies what is newer", async () => {
  const name = "apply-behind";
  await using story = await startStory(plane, { name, files: { ".github/plumbline.yaml": config(name) } });
  const { project } = story;
  await project.repository.merge(await project.open("Held", { ...held(name), ...small(name) }));
  const first = await startHolding(story, name);
  const files = { "deploy/settings.yaml": settings(name, "large") };
  await project.repository.merge(await project.open("Large", files, { branch: "large" }));
  const [one, two] = await bothEnds(story, name, first);

  expect([one.outputs["result"], two.outputs["result"]]).toEqual(["applied", "applied"]);
  expect(await settingOf(story, name)).toBe("large");
  expect(await appliedRevision(story, name)).toBe(await project.repository.head("main"));
});

test("a rollout that fails ends the apply: nothing is removed, and the applied revision stays", async () => {
  const name = "apply-failed";
  await using story = await startStory(plane, { name, files: { ".github/plumbline.yaml": config(name) } });
  const { project } = story;
  await story.begin({ ...small(name), "deploy/web.yaml": deployment(`${name}/web`) });
  const before = await appliedRevision(story, name);
  const broken = { podLabels: ", kwok.test/outcome: crash-loop", spec: "progressDeadlineSeconds: 2" };
  const pull = await project.open("Broken", {
    "deploy/web.yaml": deployment(`${name}/web`, { image: "web:2", ...broken }),
    "deploy/settings.yaml": undefined,
  });
  await project.repository.merge(pull);
  const { step, kube } = await story.act("the merge", () => project.onPush());
  expect(step).toMatchObject({ code: 7, outputs: { result: "failed", failed: "1" } });
  expect(kube.filter(({ verb, effect }) => verb === "delete" && effect === "write")).toEqual([]);
  expect(await settingOf(story, name)).toBe("small");
  expect(await appliedRevision(story, name)).toBe(before);
  await expect(story.text()).toMatchFileSnapshot(story.golden);
});

/** A workload whose pod is not started before `letGo`. */
function held(name: string): Record<string, string> {
  const web = deployment(`${name}/web`, { pod: ", schedulingGates: [{name: plumbline.test/held}]" });
  return { "deploy/namespace.yaml": namespace(name), "deploy/web.yaml": web };
}

/** Starts the run of a push and resolves once it holds the lock and waits for the held pod. */
async function startHolding({ project, kubectl }: Story, name: string): Promise<RunningStep> {
  const running = await project.startPush({ inputs: { comment: "never" } });
  const pods = ["get", "pods", "-n", name, "-o", "name"];
  const isThere = async (): Promise<boolean> => (await answerOf(kubectl, ...pods)) !== "";
  await wait({ what: "the held pod", within: 30_000, of: [], until: isThere });
  return running;
}

/** Starts a second run, lets the first one go on once the second has seen its lock, and waits for both. */
async function bothEnds(
  { project, kubectl }: Story,
  name: string,
  first: RunningStep,
): Promise<readonly [StepResult, StepResult]> {
  const mark = await plane.mark();
  const kubeconfig = await plane.plane.kubeconfigFor(DEPUTY);
  const second = await project.startPush(withKubeconfig(kubeconfig, { comment: "never" }));
  const isWaiting = async (): Promise<boolean> =>
    (await plane.since(mark, [DEPUTY])).some(({ verb, uri }) => verb === "get" && uri.includes("/leases/"));
  await wait({ what: "the second run's look at the lock", within: 30_000, of: [], until: isWaiting });
  const gates = '[{"op": "remove", "path": "/spec/schedulingGates"}]';
  const pod = await answerOf(kubectl, "get", "pods", "-n", name, "-o", "name");
  await kubectl("patch", pod, "-n", name, "--type=json", "--patch", gates);
  return Promise.all([first.result, second.result]);
}

function settings(name: string, size: string): string {
  return configMap(`${name}/settings`, `{SIZE: ${size}}`);
}

function small(name: string): Record<string, string> {
  return { "deploy/namespace.yaml": namespace(name), "deploy/settings.yaml": settings(name, "small") };
}

function customKind(crd: string, kind: string): string {
  const [plural, ...group] = crd.split(".");
  return dedent(`
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: ${crd}}
    spec:
      group: ${group.join(".")}
      names: {plural: ${plural}, singular: ${kind.toLowerCase()}, kind: ${kind}, listKind: ${kind}List}
      scope: Namespaced
      versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
              properties: {spec: {type: object, properties: {length: {type: integer}}}}
  `);
}

/** Writes to anything but what we keep in the cluster about the target. */
function writtenObjects(kube: Told["kube"], name: string): readonly string[] {
  const writes = kube.filter(({ effect }) => effect === "write").map(({ verb, uri }) => `${verb} ${pathOf(uri)}`);
  return writes.filter((write) => !write.includes(`/namespaces/${name}-system/`));
}

function pathOf(uri: string): string {
  return new URL(uri, "https://cluster").pathname;
}

async function answerOf(kubectl: Story["kubectl"], ...args: readonly string[]): Promise<string> {
  return (await kubectl(...args)).split("\n").slice(1).join("\n");
}

function inventoryOf({ kubectl }: Story, name: string, path: string): Promise<string> {
  return answerOf(kubectl, "get", `configmap/plumbline.test.${name}`, "-n", `${name}-system`, "-o", `jsonpath=${path}`);
}

function setOf(story: Story, name: string): Promise<string> {
  return inventoryOf(story, name, "{.metadata.labels.applyset\\.kubernetes\\.io/id}");
}

async function appliedRevision(story: Story, name: string): Promise<string | undefined> {
  return /\b[0-9a-f]{40}\b/.exec(await inventoryOf(story, name, "{.data}"))?.[0];
}

function settingOf({ kubectl }: Story, name: string): Promise<string> {
  return answerOf(kubectl, "get", "configmap/settings", "-n", name, "-o", "jsonpath={.data.SIZE}");
}
