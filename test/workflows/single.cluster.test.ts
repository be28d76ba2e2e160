import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cluster, freshNamespace, kubectl } from "../cluster/cluster.ts";
import { startProject } from "../support/project/project.ts";
import { expectJobs } from "./act-log.ts";
import { withWorkflow } from "./workflow-project.ts";

test(
  "the sample for one kubeconfig plans a pull request, applies its merge, and finds the cluster in sync",
  { timeout: 600_000 },
  async (context) => {
    const { kubeconfig, tools } = cluster();
    const [shop, system] = [await freshNamespace(), await freshNamespace()];
    const settings = (colour: string): string =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {colour: ${colour}}\n`;
    await using project = await startProject({
      files: {
        ".github/plumbline.yaml": `version: 1\nsystem: {namespace: ${system}}\ndefaults: {namespace: ${shop}}\nenvironments: {test: {}}\napps: {shop: {path: deploy}}\ndrift: {after: 0s, sightings: 1}\n`,
        "deploy/settings.yaml": settings("red"),
      },
      tools,
    });
    const workflow = await withWorkflow(
      project,
      { file: "docs/workflows/single.yaml", secrets: { KUBECONFIG: readFileSync(kubeconfig, "utf8") } },
      context,
    );
    const colour = (): Promise<string> =>
      kubectl(["-n", shop, "get", "configmap/settings", "-o", "jsonpath={.data.colour}"]);

    const first = await workflow.onPush();
    expectJobs(first, { Plumbline: "success" });
    expect(first.outputs["Plumbline"]).toMatchObject({ result: "applied", created: "1" });
    expect(await colour()).toBe("red");

    const pull = await project.open("Blue", { "deploy/settings.yaml": settings("blue") });
    const planned = await workflow.onPull(pull);
    expectJobs(planned, { Plumbline: "success" });
    expect(planned.outputs["Plumbline"]).toMatchObject({ result: "changes", updated: "1" });
    expect(project.repository.comments(pull).map(({ body }) => body)).toEqual([
      expect.stringMatching(/- data.colour: red\n\+ data.colour: blue/),
    ]);
    expect(planned.summaries["Plumbline"]).toContain("+ data.colour: blue");
    expect(await colour()).toBe("red");

    await project.repository.merge(pull);
    const applied = await workflow.onPush();
    expectJobs(applied, { Plumbline: "success" });
    expect(applied.outputs["Plumbline"]).toMatchObject({ result: "applied", updated: "1" });
    expect(await colour()).toBe("blue");
    expect(project.repository.comments(pull)).toHaveLength(2);

    const drift = await workflow.onSchedule();
    expectJobs(drift, { Plumbline: "success" });
    expect(drift.outputs["Plumbline"]).toMatchObject({ result: "in-sync" });

    await kubectl(["-n", shop, "patch", "configmap/settings", "-p", '{"data":{"colour":"green"}}']);
    const drifted = await workflow.onSchedule();
    expect(drifted.outputs["Plumbline"]).toMatchObject({ result: "drifted" });
    expect(project.repository.issues().filter(({ labels }) => labels.includes("drift"))).toHaveLength(1);
    // The permissions that the sample asks for are enough.
    expect(project.github.requests.filter(({ status }) => status === 403)).toEqual([]);
    expect(project.github.violations).toEqual([]);
  },
);
