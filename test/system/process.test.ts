import { readFile, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import type { ExecCommand } from "../../src/ports.ts";
import { createExec } from "../../src/system/process.ts";
import { temporaryFolder } from "../../src/system/temporary-folder.ts";

const never = new AbortController().signal;
const exec = createExec();

function shell(script: string, overrides: Partial<ExecCommand> = {}): ExecCommand {
  return {
    file: "/bin/sh",
    args: ["-c", script],
    cwd: tmpdir(),
    env: { PATH: "/usr/bin:/bin" },
    timeoutMilliseconds: 20_000,
    maxOutputBytes: 1_000_000,
    ...overrides,
  };
}

test("a program's exit code is an answer, not an error", async () => {
  const answer = await exec.run(shell("echo out; echo err >&2; exit 3"), never);
  expect(answer).toEqual({ code: 3, ended: "exit", stdout: "out\n", stderr: "err\n" });
});

test("a child sees the environment it was given and nothing of ours", async () => {
  const answer = await exec.run({ ...shell(""), file: "/usr/bin/env", args: [], env: { ONLY: "this" } }, never);
  expect(answer.stdout).toBe("ONLY=this\n");
});

test("arguments arrive as they are: no shell reads them", async () => {
  const args = ["%s\n", "$(id)", "`id`", "; rm -rf /", "a b", "*"];
  const answer = await exec.run({ ...shell(""), file: "/usr/bin/printf", args }, never);
  expect(answer.stdout).toBe("$(id)\n`id`\n; rm -rf /\na b\n*\n");
});

test("input is fed, and without input standard input is at its end", async () => {
  expect((await exec.run(shell("cat", { input: "größer\n" }), never)).stdout).toBe("größer\n");
  expect((await exec.run(shell("cat; echo end"), never)).stdout).toBe("end\n");
});

test("a program may be started before its input is known, and its time counts from then on", async () => {
  const input = Promise.withResolvers<string>();
  const { signal } = new AbortController();
  const running = exec.run(shell("echo begun; cat", { input: input.promise, timeoutMilliseconds: 300 }), signal);
  await setTimeout(500);
  input.resolve("late\n");
  expect(await running).toMatchObject({ ended: "exit", stdout: "begun\nlate\n" });
});

test("a program that never gets its input ends when nobody wants it any more", async () => {
  const unwanted = new AbortController();
  const running = exec.run(shell("cat", { input: new Promise(() => undefined) }), unwanted.signal);
  unwanted.abort();
  await expect(running).rejects.toMatchObject({ code: "interrupted" });
});

test("a program that does not read its input is no error", async () => {
  const answer = await exec.run(shell("exit 0", { input: "x".repeat(5_000_000) }), never);
  expect(answer).toMatchObject({ code: 0, ended: "exit" });
});

test("a character cut in two by the pipe is one character again", async () => {
  const answer = await exec.run(shell("printf '\\303'; sleep 0.05; printf '\\244'"), never);
  expect(answer.stdout).toBe("ä");
});

test("a missing program is tool-missing", async () => {
  const command = shell("", { file: "plumbline-no-such-tool" });
  await expect(exec.run(command, never)).rejects.toMatchObject({
    code: "tool-missing",
    message: "plumbline-no-such-tool: not found",
  });
});

test("a file that cannot be run is tool-missing, and the reason is said", async () => {
  await using folder = await temporaryFolder("exec-");
  const file = path.join(folder.path, "helm");
  await writeFile(file, "#!/bin/sh\n", { mode: 0o644 });
  await expect(exec.run(shell("", { file }), never)).rejects.toMatchObject({
    code: "tool-missing",
    message: `${file}: could not be started (EACCES)`,
  });
});

test("a missing folder is not taken for a missing program", async () => {
  await expect(exec.run(shell("", { cwd: "/nowhere/at/all" }), never)).rejects.toMatchObject({ code: "file-system" });
});

test("at the time limit the whole process group ends, also what ignores SIGTERM", async () => {
  await using folder = await temporaryFolder("exec-");
  const script = `trap '' TERM; sleep 1000 & echo $! >"${folder.path}/grandchild"; echo begun; wait; sleep 1000`;
  const answer = await exec.run(shell(script, { timeoutMilliseconds: 300 }), never);
  expect(answer).toMatchObject({ code: undefined, ended: "timeout", stdout: "begun\n" });
  const grandchild = await readFile(path.join(folder.path, "grandchild"), "utf8");
  await expect.poll(() => isAlive(grandchild)).toBe(false);
});

test("what a child leaves running behind it ends with it", async () => {
  const answer = await exec.run(shell("sleep 1000 & echo $!"), never);
  expect(answer).toMatchObject({ code: 0, ended: "exit" });
  await expect.poll(() => isAlive(answer.stdout)).toBe(false);
});

test("a grandchild in a session of its own that keeps the pipe makes it a timeout, never a short answer", async () => {
  await using folder = await temporaryFolder("exec-");
  const script = `setsid sh -c 'touch begun; exec sleep 5' & until [ -e begun ]; do :; done`;
  const answer = await exec.run(shell(script, { cwd: folder.path, timeoutMilliseconds: 2000 }), never);
  expect(answer).toMatchObject({ code: undefined, ended: "timeout" });
});

test("output beyond the limit ends the child and keeps the beginning", async () => {
  const answer = await exec.run(shell("yes", { maxOutputBytes: 1000 }), never);
  expect(answer).toMatchObject({ code: undefined, ended: "output-limit", stdout: "y\n".repeat(500) });
});

test("output of exactly the limit is complete", async () => {
  const answer = await exec.run(shell("printf 12345", { maxOutputBytes: 5 }), never);
  expect(answer).toMatchObject({ ended: "exit", stdout: "12345" });
});

test("of a long standard error the last whole lines are kept", async () => {
  const line = "a".repeat(999);
  const answer = await exec.run(shell(`yes ${line} | head -n 200 >&2; echo why >&2; exit 1`), never);
  expect(answer.stderr).toBe(`${`${line}\n`.repeat(65)}why\n`);
});

test("a child that is killed by a signal has no exit code", async () => {
  const answer = await exec.run(shell("kill -9 $$"), never);
  expect(answer).toMatchObject({ code: undefined, ended: "signal" });
});

test("an abort ends the child and is the failure `interrupted`", async () => {
  const controller = new AbortController();
  await using folder = await temporaryFolder("exec-");
  const running = exec.run(shell(`echo $$ >"${folder.path}/pid"; sleep 1000`), controller.signal);
  const pid = await firstText(path.join(folder.path, "pid"));
  controller.abort();
  await expect(running).rejects.toMatchObject({ code: "interrupted" });
  expect(await isAlive(pid)).toBe(false);
});

test("nothing is started once the signal is aborted", async () => {
  await using folder = await temporaryFolder("exec-");
  const running = exec.run(shell(`touch "${folder.path}/started"`), AbortSignal.abort());
  await expect(running).rejects.toMatchObject({ code: "interrupted" });
  expect(await readdir(folder.path)).toEqual([]);
});

test("a temporary folder is gone with its contents after use", async () => {
  const folder = await temporaryFolder("exec-");
  await exec.run(shell(`mkdir -p "${folder.path}/a/b" && touch "${folder.path}/a/b/c"`), never);
  await folder[Symbol.asyncDispose]();
  await expect(readdir(folder.path)).rejects.toMatchObject({ code: "ENOENT" });
});

/** A zombie counts as dead: in a container without an init process nobody may collect it. */
async function isAlive(pid: string): Promise<boolean> {
  const status = await readFile(`/proc/${pid.trim()}/status`, "utf8").catch(() => "State:\tZ (gone)");
  return !/^State:\s+[ZX]/m.test(status);
}

async function firstText(file: string): Promise<string> {
  for (;;) {
    const text = await readFile(file, "utf8").catch(() => "");
    if (text.endsWith("\n")) return text;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
