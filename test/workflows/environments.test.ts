import { expect, test } from "vitest";
import { startProject } from "../support/project/project.ts";
import { expectJobs } from "./act-log.ts";
import { withWorkflow } from "./workflow-project.ts";

const CONFIG = `
version: 1
environments:
  staging: {context: staging}
  production: {context: production}
apps:
  web: {path: web}
`;
const settings = (colour: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {colour: ${colour}}\n`;
const NO_TOOLS = { kustomize: "/usr/bin/false", helm: "/usr/bin/false" };

test(
  "jobs that leave no plan make the report red, and its comment names what was not planned",
  { timeout: 600_000 },
  async (context) => {
    await using project = await startProject({
      files: { ".github/plumbline.yaml": CONFIG, "web/web.yaml": settings("red") },
      tools: NO_TOOLS,
    });
    // Refused as an input, before there is anything to plan.
    const secrets = { KUBECONFIG: Buffer.from("a kubeconfig".repeat(20)).toString("base64") };
    const workflow = await withWorkflow(project, { file: "docs/workflows/environments.yaml", secrets }, context);
    const pull = await project.open("Blue", { "web/web.yaml": settings("blue") });

    const run = await workflow.onPull(pull);
    expectJobs(run, {
      Targets: "success",
      "Plan staging": "failure",
      "Plan production": "failure",
      Report: "failure",
    });
    const [comment, ...others] = project.repository.comments(pull).map(({ body }) => body);
    expect(others).toEqual([]);
    expect(comment).toContain("`production/web` — no plan file");
    expect(comment).toContain("`staging/web` — no plan file");
    expect(run.log).not.toContain(secrets.KUBECONFIG);
    expect(project.github.violations).toEqual([]);
  },
);
