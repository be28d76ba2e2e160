import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { measureRun } from "./measured-run.ts";

test.runIf(process.platform === "linux")("a run says what it printed, how it ended and what it took", async () => {
  const script = "process.stdout.write('done'); process.stderr.write('well'); process.exitCode = 3";
  const run = await measureRun(command(script), await place());
  expect(run).toMatchObject({ code: 3, stdout: "done", stderr: "well" });
  expect(run.seconds).toBeGreaterThan(0);
  expect(run.megabytes).toBeGreaterThan(10);
});

test.runIf(process.platform === "linux")("a run that is interrupted ends with everything it started", async () => {
  const inner = `process.stdout.write(String(process.pid)); setInterval(() => {}, 1000)`;
  const outer = `require("node:child_process").spawnSync(process.execPath, ["-e", ${JSON.stringify(inner)}], { stdio: "inherit" })`;
  const where = await place();
  const interrupted = new AbortController();
  const ended = measureRun(command(outer), { ...where, signal: interrupted.signal }).then(
    () => "as if nothing were",
    (error: unknown) => String(error),
  );
  const pid = await vi.waitFor(
    async () => {
      const text = await readFile(join(where.folder, "stdout"), "utf8");
      return text === "" ? Promise.reject(new Error("not yet there")) : Number(text);
    },
    { timeout: 15_000 },
  );

  interrupted.abort(new Error("enough"));

  expect(await ended).toBe("Error: enough");
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"), { timeout: 15_000 });
});

function command(script: string): Parameters<typeof measureRun>[0] {
  return { file: process.execPath, args: ["-e", script], cwd: tmpdir(), env: {} };
}

async function place(): Promise<Parameters<typeof measureRun>[1]> {
  const folder = await mkdtemp(join(tmpdir(), "measured-run-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { folder, limit: 60_000, signal: new AbortController().signal };
}
