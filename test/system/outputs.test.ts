import { readFile } from "node:fs/promises";
import path from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { SafeText } from "../../src/model/safe-text.ts";
import { createOutputs } from "../../src/system/outputs.ts";
import { temporaryFolder } from "../../src/system/temporary-folder.ts";

const MEBIBYTE = 1024 * 1024;

test("whatever a value holds, the runner reads exactly the outputs that were set", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(fc.string(), fc.constant("a\nresult<<EOF\nfailed\nEOF\n"))), async (values) => {
      await using folder = await temporaryFolder("outputs-");
      const outputFile = path.join(folder.path, "output");
      const outputs = createOutputs({ outputFile, folder: folder.path });
      const clean = values.map((value) => value.replaceAll("\r", ""));
      for (const [index, value] of clean.entries()) await outputs.setOutput(`name-${index}`, safe(value));
      const text = await readFile(outputFile, "utf8").catch(() => "");
      expect(readFileCommands(text)).toEqual(clean.map((value, index) => [`name-${index}`, value]));
    }),
    { numRuns: 30 },
  );
});

test("without the runner's files outputs and summary go nowhere", async () => {
  const outputs = createOutputs({ folder: "/nowhere/at/all" });
  await expect(outputs.setOutput("result", safe("changes"))).resolves.toBeUndefined();
  await expect(outputs.appendSummary(safe("# Plan"))).resolves.toBeUndefined();
});

test("summaries of one step stand one after the other", async () => {
  await using folder = await temporaryFolder("outputs-");
  const summaryFile = path.join(folder.path, "summary");
  const outputs = createOutputs({ summaryFile, folder: folder.path });
  await outputs.appendSummary(safe("# Plan"));
  await outputs.appendSummary(safe("# Apply"));
  expect(await readFile(summaryFile, "utf8")).toBe("# Plan\n# Apply\n");
});

test("a summary beyond 1 MiB is cut at the end of a line and says first how much is missing", async () => {
  await using folder = await temporaryFolder("outputs-");
  const summaryFile = path.join(folder.path, "summary");
  const outputs = createOutputs({ summaryFile, folder: folder.path });
  const line = `${"ü".repeat(50)}\n`;
  const text = line.repeat(12_000);
  await outputs.appendSummary(safe(text));
  const written = await readFile(summaryFile);
  const [note = "", blank, ...lines] = written.toString("utf8").split("\n");
  const kept = lines.length - 1;
  expect(written.length).toBeLessThanOrEqual(MEBIBYTE);
  expect(blank).toBe("");
  expect(lines.slice(0, -1)).toEqual(Array.from({ length: kept }, () => "ü".repeat(50)));
  const missing = Buffer.byteLength(text) + 1 - kept * Buffer.byteLength(line);
  expect(note).toBe(
    `**Cut: ${missing} of ${Buffer.byteLength(text) + 1} bytes are missing here, a job summary holds 1 MiB.**`,
  );
});

test("after a full summary the next ones say that they are missing, and the limit holds whatever comes", async () => {
  await using folder = await temporaryFolder("outputs-");
  const summaryFile = path.join(folder.path, "summary");
  const outputs = createOutputs({ summaryFile, folder: folder.path });
  await outputs.appendSummary(safe("x\n".repeat(MEBIBYTE)));
  for (let count = 0; count < 50; count += 1) await outputs.appendSummary(safe("# Apply"));
  const written = await readFile(summaryFile, "utf8");
  expect(written.endsWith("**Cut: 8 of 8 bytes are missing here, a job summary holds 1 MiB.**\n\n")).toBe(true);
  expect(Buffer.byteLength(written)).toBeLessThanOrEqual(MEBIBYTE);
});

test("result files lie under their folder, which is made", async () => {
  await using folder = await temporaryFolder("outputs-");
  const outputs = createOutputs({ folder: path.join(folder.path, "plumbline") });
  const file = await outputs.writeFile("plan.json", safe("{}"));
  expect(file).toBe(path.join(folder.path, "plumbline", "plan.json"));
  expect(await readFile(file, "utf8")).toBe("{}");
  await expect(outputs.writeFile("../plan.json", safe("{}"))).rejects.toThrow("not a file name: ../plan.json");
});

test("a disk that refuses is the failure `file-system`", async () => {
  const outputs = createOutputs({ outputFile: "/nowhere/at/all", folder: "/dev/null/plumbline" });
  await expect(outputs.setOutput("result", safe("x"))).rejects.toMatchObject({ code: "file-system" });
  await expect(outputs.writeFile("plan.json", safe("x"))).rejects.toMatchObject({ code: "file-system" });
});

function safe(text: string): SafeText {
  return text as SafeText;
}

/** Reads a file of commands as the runner does: `name=value` or `name<<delimiter` up to the line that is the delimiter. */
function readFileCommands(text: string): (readonly [string, string])[] {
  const found: (readonly [string, string])[] = [];
  const lines = text.split("\n");
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    if (line === "") continue;
    const heredoc = /^([^=<]+)<<(.+)$/.exec(line);
    if (heredoc === null) {
      found.push([line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]);
      continue;
    }
    const end = lines.indexOf(heredoc[2] ?? "", index + 1);
    found.push([heredoc[1] ?? "", lines.slice(index + 1, end).join("\n")]);
    index = end;
  }
  return found;
}
