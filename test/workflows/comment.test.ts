import { expect, test } from "vitest";
import { startProject } from "../support/project/project.ts";
import { expectJobs } from "./act-log.ts";
import { withWorkflow } from "./workflow-project.ts";

const FILES = { "deploy/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n" };

test(
  "the sample for comments answers help, says which commands there are, and leaves talk alone",
  { timeout: 600_000 },
  async (context) => {
    await using project = await startProject({
      files: FILES,
      tools: { kustomize: "/usr/bin/false", helm: "/usr/bin/false" },
    });
    const workflow = await withWorkflow(project, { file: "docs/workflows/comment.yaml" }, context);
    const pull = await project.open("More", {
      "deploy/more.yaml": FILES["deploy/settings.yaml"].replace("settings", "more"),
    });
    const answers = (): readonly string[] =>
      project.repository
        .comments(pull)
        .filter(({ author }) => author.login === "github-actions[bot]")
        .map(({ body }) => body);

    const help = await workflow.onComment(pull, "/plumb help");
    expectJobs(help, { Answer: "success" });
    expect(answers()).toEqual([expect.stringContaining("`/plumb help`")]);

    await workflow.onComment(pull, "/plumb apply");
    expect(answers()).toHaveLength(2);

    const talk = await workflow.onComment(pull, "I would say `/plumb help`");
    expect(talk.jobs).toEqual({});
    expect(answers()).toHaveLength(2);
    // The permissions that the sample asks for are enough.
    expect(project.github.requests.filter(({ status }) => status === 403)).toEqual([]);
    expect(project.github.violations).toEqual([]);
  },
);
