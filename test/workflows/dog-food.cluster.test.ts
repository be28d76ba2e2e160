import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cluster } from "../cluster/cluster.ts";
import { startProject } from "../support/project/project.ts";
import { expectJobs } from "./act-log.ts";
import { ROOT } from "./workflow-file.ts";
import { withWorkflow } from "./workflow-project.ts";

const VALUES = "test/demo/shop/charts/reports/values-production.yaml";

test(
  "our own pull requests show what they do to the demo's shop, and write nothing",
  { timeout: 600_000 },
  async (context) => {
    const { kustomize, helm } = cluster().tools;
    await using project = await startProject({
      files: filesOf("action.yml", "dist/**", ".github/plumbline.yaml", "test/demo/shop/**"),
      tools: { kustomize, helm },
    });
    const workflow = await withWorkflow(
      project,
      { file: ".github/workflows/plumbline.yaml", tools: [kustomize, helm] },
      context,
    );
    const pull = await project.open("One more", {
      [VALUES]: readFileSync(join(ROOT, VALUES), "utf8").replace("replicas: 3", "replicas: 4"),
    });

    const run = await workflow.onPull(pull);
    expectJobs(run, { "Plan the demo's shop": "success" });
    expect(run.summaries["Plan the demo's shop"]).toMatch(/- spec\.replicas: 3\n\+ spec\.replicas: 4/);
    expect(project.repository.comments(pull)).toEqual([]);
    expect(project.github.violations).toEqual([]);
  },
);

function filesOf(...patterns: readonly string[]): Readonly<Record<string, Buffer>> {
  const entries = globSync(patterns, { cwd: ROOT, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [path.slice(ROOT.length + 1), readFileSync(path)]));
}
