import { expect, test } from "vitest";
import { startProject } from "../support/project/project.ts";
import { expectJobs } from "./act-log.ts";
import { withWorkflow } from "./workflow-project.ts";

const settings = (colour: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {colour: ${colour}}\n`;
const NO_TOOLS = { kustomize: "/usr/bin/false", helm: "/usr/bin/false" };

test.for([
  { file: "docs/workflows/single.yaml", jobs: ["Plumbline"] },
  { file: "docs/workflows/environments.yaml", jobs: ["Targets", "Plan default", "Report"] },
])(
  "$file shows what a fork's pull request changes, and writes nothing",
  { timeout: 600_000 },
  async ({ file, jobs }, context) => {
    await using project = await startProject({ files: { "deploy/web.yaml": settings("red") }, tools: NO_TOOLS });
    const { github, repository } = project;
    const secrets = { KUBECONFIG: "not for a fork" };
    const workflow = await withWorkflow(project, { file, secrets }, context);
    const fork = await repository.fork("eve");
    await fork.commit("blue", { "deploy/web.yaml": settings("blue") }, { from: "main" });
    const pull = await repository.pullRequest({ branch: "blue", fork, by: "eve", title: "Blue" });

    const run = await workflow.onPull(pull);
    expectJobs(run, Object.fromEntries(jobs.map((job) => [job, "success"])));
    expect(run.summaries[jobs.at(-1) ?? ""]).toMatch(/- data\.colour: red\n\+ data\.colour: blue/);
    const writes = github.requests.filter(
      ({ method, operation }) => method !== "GET" && operation !== "graphql" && operation !== "git-upload-pack",
    );
    expect(writes).toEqual([]);
    expect(run.log).not.toContain(secrets.KUBECONFIG);
    expect(github.violations).toEqual([]);
  },
);
