import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import type { SafeText } from "../../src/model/safe-text.ts";
import { createLog } from "../../src/system/log.ts";
import { createExec } from "../../src/system/process.ts";

test("every line on a terminal has been through the guard", async () => {
  const lines: string[] = [];
  const log = await createLog(
    (line) => lines.push(line),
    (text) => text.replaceAll("hunter2", "***") as SafeText,
  );
  log.info("password hunter2");
  log.warning("password hunter2");
  log.error("password hunter2");
  expect(lines).toEqual(["password ***", "warning: password ***", "error: password ***"]);
});

test("on a runner warnings and errors are annotations, and every text has been through the guard", async () => {
  const printed = await onRunner(`
    import { createLog } from "./src/system/log.ts";
    const log = await createLog("github", (text) => text.replaceAll("hunter2", "***"));
    log.info("password hunter2");
    log.warning("two\\nlines of hunter2");
    log.error("100% hunter2");
  `);
  expect(printed).toBe("password ***\n::warning::two%0Alines of ***\n::error::100%25 ***\n");
});

test("values that are hidden on a runner are hidden line by line and in base64, but never short ones", async () => {
  const printed = await onRunner(`
    import { hideOnRunner } from "./src/system/log.ts";
    await hideOnRunner(["true", "first line\\n{\\nsecond line", "first line"]);
  `);
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  expect(printed.trimEnd().split("\n")).toEqual([
    `::add-mask::${base64("true")}`,
    "::add-mask::first line",
    "::add-mask::second line",
    `::add-mask::${base64("first line\n{\nsecond line")}`,
    `::add-mask::${base64("first line")}`,
  ]);
});

async function onRunner(script: string): Promise<string> {
  const command = {
    file: process.execPath,
    args: ["--input-type=module", "--eval", script],
    cwd: process.cwd(),
    env: { PATH: "/usr/bin:/bin", HOME: tmpdir(), GITHUB_ACTIONS: "true" },
    timeoutMilliseconds: 20_000,
    maxOutputBytes: 100_000,
  };
  const answer = await createExec().run(command, new AbortController().signal);
  expect(answer).toMatchObject({ code: 0, stderr: "" });
  return answer.stdout;
}
