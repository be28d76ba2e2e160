import { expect, test } from "vitest";
import { workflowBlocks, workflowFiles } from "./workflow-file.ts";

test("a workflow in a text is found with its line, a piece of one is not", () => {
  const text = [
    "# Title",
    "```yaml",
    "on: push",
    "jobs: {}",
    "```",
    "1. in a list",
    "   ```yml title=x",
    "   on:",
    "     push:",
    "   jobs:",
    "     a: {}",
    "   ```",
    "```yaml",
    "jobs: {}",
    "```",
    "```json",
    "on: push",
    "jobs: {}",
    "```",
    "",
  ].join("\n");
  expect(workflowBlocks({ name: "README.md", text })).toEqual([
    { name: "README.md:2", text: "on: push\njobs: {}\n" },
    { name: "README.md:7", text: "on:\n  push:\njobs:\n  a: {}\n" },
  ]);
});

test("ours and the samples are all there", () => {
  const names = workflowFiles().map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      ".github/dependabot.yml",
      ".github/workflows/ci.yaml",
      ".github/workflows/plumbline.yaml",
      "action.yml",
      "docs/workflows/comment.yaml",
      "docs/workflows/environments.yaml",
      "docs/workflows/single.yaml",
    ]),
  );
});
