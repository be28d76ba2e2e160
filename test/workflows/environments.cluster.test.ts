import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { cluster, freshNamespace, kubectl } from "../cluster/cluster.ts";
import { startProject } from "../support/project/project.ts";
import { expectJobs } from "./act-log.ts";
import { withWorkflow } from "./workflow-project.ts";

const CONFIG = (places: { readonly system: string; readonly staging: string; readonly production: string }): string => `
version: 1
system: {namespace: ${places.system}}
environments:
  staging: {context: staging, namespace: ${places.staging}}
  production: {context: production, namespace: ${places.production}}
apps:
  web: {path: web/$env}
  jobs: {path: jobs}
drift: {after: 0s, sightings: 1}
`;

const settings = (name: string, colour: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {colour: ${colour}}\n`;

test(
  "the sample for environments runs a job for each, and one report tells what all of them did",
  { timeout: 600_000 },
  async (context) => {
    const { kubeconfig, tools } = cluster();
    const places = {
      system: await freshNamespace(),
      staging: await freshNamespace(),
      production: await freshNamespace(),
    };
    await using project = await startProject({
      files: {
        ".github/plumbline.yaml": CONFIG(places),
        "web/staging/web.yaml": settings("web", "red"),
        "web/production/web.yaml": settings("web", "red"),
        "jobs/jobs.yaml": settings("jobs", "red"),
      },
      tools,
    });
    const secrets = { KUBECONFIG: withContexts(readFileSync(kubeconfig, "utf8"), ["staging", "production"]) };
    const workflow = await withWorkflow(project, { file: "docs/workflows/environments.yaml", secrets }, context);
    const colours = async (name: string): Promise<readonly string[]> =>
      Promise.all(
        [places.staging, places.production].map((namespace) =>
          kubectl(["-n", namespace, "get", `configmap/${name}`, "-o", "jsonpath={.data.colour}"]),
        ),
      );

    const first = await workflow.onPush();
    expectJobs(first, jobs("Apply"));
    expect(await colours("jobs")).toEqual(["red", "red"]);

    const pull = await project.open("Blue", {
      "web/staging/web.yaml": settings("web", "blue"),
      "jobs/jobs.yaml": settings("jobs", "blue"),
    });
    const planned = await workflow.onPull(pull);
    expectJobs(planned, jobs("Plan"));
    expect(planned.outputs["Report"]).toMatchObject({ result: "changes", updated: "3" });
    const [comment, ...others] = project.repository.comments(pull).map(({ body }) => body);
    expect(others).toEqual([]);
    expect(
      comment?.match(/^\| `.*$/gm)?.map((row) =>
        row
          .split("|")
          .slice(1, 3)
          .map((cell) => cell.trim()),
      ),
    ).toEqual([
      ["`production/jobs`", "🟡 changes"],
      ["`production/web`", expect.stringContaining("skipped")],
      ["`staging/jobs`", "🟡 changes"],
      ["`staging/web`", "🟡 changes"],
    ]);

    await project.repository.merge(pull);
    const applied = await workflow.onPush();
    expectJobs(applied, jobs("Apply"));
    expect(await colours("jobs")).toEqual(["blue", "blue"]);
    expect(await colours("web")).toEqual(["blue", "red"]);
    const reports = project.repository
      .comments(pull)
      .slice(1)
      .map(({ body }) => body);
    expect(reports).toEqual([expect.stringContaining("`staging/web`")]);

    const drift = await workflow.onSchedule();
    expectJobs(drift, {
      Targets: "success",
      "Drift staging": "success",
      "Drift production": "success",
    });
    expect(drift.outputs["Drift staging"]).toMatchObject({ result: "in-sync" });
    // The permissions that the sample asks for are enough.
    expect(project.github.requests.filter(({ status }) => status === 403)).toEqual([]);
    expect(project.github.violations).toEqual([]);
  },
);

function jobs(verb: "Plan" | "Apply"): Readonly<Record<string, "success">> {
  return { Targets: "success", [`${verb} staging`]: "success", [`${verb} production`]: "success", Report: "success" };
}

/** The same cluster under several names, as if there were several. */
function withContexts(kubeconfig: string, names: readonly string[]): string {
  const one = parse(kubeconfig) as { readonly contexts: readonly [{ readonly context: unknown }] };
  const contexts = names.map((name) => ({ name, context: one.contexts[0].context }));
  return stringify({ ...one, contexts, "current-context": names[0] });
}
