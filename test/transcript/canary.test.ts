import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../src/system/temporary-folder.ts";
import type { StepResult } from "../support/runner/runner.ts";
import { canariesIn, canary, encodedCanary } from "./canary.ts";

const SILENT = { code: 0, stdout: "", stderr: "", commands: [], outputs: {}, summary: "" };

test("a canary is found in every place where a run says something", async () => {
  await using folder = await temporaryFolder("canary-");
  await mkdir(join(folder.path, "plumbline"));
  await writeFile(join(folder.path, "plumbline", "plan.json"), JSON.stringify({ value: encodedCanary("a") }));
  const step: StepResult = {
    ...SILENT,
    temporary: folder.path,
    stdout: canary("b"),
    stderr: canary("c"),
    outputs: { reason: canary("d") },
    summary: encodedCanary("e"),
  };
  const request = { method: "POST", path: "/comments", query: {}, operation: undefined, login: undefined, status: 201 };
  const github = [
    { ...request, body: { body: canary("f") } },
    { ...request, body: { body: "nothing" } },
  ];
  expect(await canariesIn(step, github)).toEqual([
    "standard output",
    "standard error",
    "outputs",
    "job summary",
    "plan.json",
    "0 POST /comments",
  ]);
});

test("a run that tells none is clean", async () => {
  await using folder = await temporaryFolder("canary-");
  expect(await canariesIn({ ...SILENT, temporary: folder.path, stdout: "«masked»" }, [])).toEqual([]);
});
