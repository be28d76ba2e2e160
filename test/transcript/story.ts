import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { startProject, type Project, type RunOptions } from "../support/project/project.ts";
import type { Files, RepositoryHandle } from "../support/github/repository.ts";
import type { StepResult } from "../support/runner/runner.ts";
import { kubectlWith } from "../demo/kubectl.ts";
import { RUNNER, type AuditedPlane } from "./audited-plane.ts";
import { canariesIn } from "./canary.ts";
import type { KubeRequest } from "./kube-request.ts";
import { createNormalizer } from "./normalizer.ts";
import { transcript, type Telling } from "./transcript.ts";

/** What happens in one repository, run after run, as one text. */
export interface Story extends AsyncDisposable {
  readonly project: Project;
  /** Absolute path of the file that the text is compared with. */
  readonly golden: string;
  /** Brings files to main by a pull request and applies them; the text does not tell it. */
  begin(files: Files): Promise<void>;
  /** Tells a run that may write to the cluster. */
  act(title: string, run: () => Promise<StepResult>): Promise<Told>;
  /** Tells a run that must not: throws when any of its requests was more than a question or a dry run. */
  look(title: string, run: () => Promise<StepResult>): Promise<Told>;
  /** Tells something that people see. */
  note(title: string, text: string): Promise<void>;
  /** As the admin; the command itself is the first line of what it returns. */
  readonly kubectl: (...args: readonly string[]) => Promise<string>;
  /** Everything told so far. */
  text(): string;
}

export type Told = Omit<Telling, "title">;

export interface StoryOptions {
  /** Unique in its file: names the golden file, and serves as the name of namespaces. */
  readonly name: string;
  /** What main holds before anything is told. */
  readonly files: Files;
  /** Whom the audit log is read for; the runner unless given. */
  readonly users?: readonly string[];
  /** The runner's unless given. */
  readonly kubeconfig?: string;
}

export async function startStory(audited: AuditedPlane, options: StoryOptions): Promise<Story> {
  await using stack = new AsyncDisposableStack();
  const { plane } = audited;
  const kubeconfig = options.kubeconfig ?? (await plane.kubeconfigFor(RUNNER));
  const project = stack.use(await startProject({ files: options.files, kubeconfig, tools: plane.tools }));
  const normalizer = createNormalizer();
  const texts: string[] = [];
  const owned = stack.move();

  const run = async (action: () => Promise<StepResult>): Promise<Told> => {
    const marks = { github: project.github.requests.length, kube: await audited.mark() };
    normalizer.name(await commitNames(project.repository));
    const step = await action();
    owned.defer(() => rm(step.temporary, { recursive: true, force: true }));
    normalizer.name(await commitNames(project.repository));
    const github = project.github.requests.slice(marks.github);
    const telling = { step, github, kube: await audited.since(marks.kube, options.users ?? [RUNNER]) };
    refuseCrash(step);
    await refuseLeaks(telling);
    await refuseMiscount(telling);
    refuseViolations(project);
    return telling;
  };
  const act: Story["act"] = async (title, action) => {
    const telling = await run(action);
    texts.push(normalizer.normalize(transcript({ title, ...telling })));
    return telling;
  };

  return {
    project,
    golden: join(import.meta.dirname, "golden", `${options.name}.txt`),
    async begin(files) {
      await project.repository.merge(await project.open("First", files, { branch: "first" }));
      const { step } = await run(() => project.onPush({ inputs: { comment: "never" } }));
      if (step.outputs["result"] !== "applied") throw new Error(`the first apply: ${step.stdout}${step.stderr}`);
    },
    act,
    async look(title, action) {
      const told = await act(title, action);
      refuseWrites(title, told.kube);
      return told;
    },
    async note(title, text) {
      normalizer.name(await commitNames(project.repository));
      texts.push(normalizer.normalize(`=== ${title}\n${text.trimEnd()}\n`));
    },
    kubectl: kubectlWith(plane.tools.kubectl, plane.kubeconfig),
    text: () => texts.join("\n"),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Inputs and environment of a run that is somebody else on the cluster. */
export function withKubeconfig(kubeconfig: string, inputs: RunOptions["inputs"] = {}): RunOptions {
  return { inputs, env: { KUBECONFIG: kubeconfig } };
}

/** A bug in the program, or no program at all, is never what a text should hold. */
function refuseCrash({ code, stdout, stderr }: StepResult): void {
  if (code === undefined || code === 70 || stderr.trim() !== "") throw new Error(`the run crashed: ${stdout}${stderr}`);
}

async function refuseLeaks({ step, github }: Pick<Telling, "step" | "github">): Promise<void> {
  const places = await canariesIn(step, github);
  if (places.length > 0) throw new Error(`a secret value was told in ${places.join(", ")}`);
}

/** The number of requests that people are told is the one that the server has seen. A run that asks nothing tells of other jobs. */
async function refuseMiscount({ step, kube }: Pick<Telling, "step" | "kube">): Promise<void> {
  const file = step.outputs["json-path"];
  if (file === undefined || kube.length === 0) return;
  const { requests } = JSON.parse(await readFile(file, "utf8")) as { readonly requests: number };
  if (requests !== kube.length) throw new Error(`plan.json says ${requests} requests, the server saw ${kube.length}`);
}

function refuseViolations({ github: { violations } }: Project): void {
  if (violations.length > 0) throw new Error(`GitHub's description was violated: ${JSON.stringify(violations)}`);
}

function refuseWrites(title: string, requests: readonly KubeRequest[]): void {
  const writes = requests.filter(({ effect }) => effect === "write");
  if (writes.length > 0) throw new Error(`${title}: wrote to the cluster: ${JSON.stringify(writes, undefined, 2)}`);
}

/** Every commit there is or was, by the first line of its message. */
async function commitNames(repository: RepositoryHandle): Promise<ReadonlyMap<string, string>> {
  const objects = await repository.git("cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectname)");
  const commits = objects.split("\n").flatMap((line) => /^commit (.*)$/.exec(line)?.[1] ?? []);
  const lines = (await repository.git("log", "--no-walk", "--format=%H %s", ...commits)).split("\n");
  const subjects = new Map(lines.map((line) => [line.slice(0, 40), line.slice(41)]));
  return new Map([...subjects].map(([sha, subject]) => [sha, commitName(subject, subjects)]));
}

function commitName(subject: string, subjects: ReadonlyMap<string, string>): string {
  const tested = /^Merge ([0-9a-f]{40}) into /.exec(subject)?.[1];
  if (tested !== undefined) return `test merge of ${subjects.get(tested) ?? "an older commit"}`;
  return subject.replace(/^Merge pull request (#\d+) from .*$/, "merge of $1");
}
