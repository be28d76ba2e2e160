import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { cpuSeconds, cpuSecondsOfChildren, watchMemory } from "./process-tree.ts";

const WORK = `
  const spent = () => process.cpuUsage().user + process.cpuUsage().system;
  while (spent() < 300_000);`;

test.runIf(process.platform === "linux")(
  "the processor time of a grandchild is its grandparent's once both are gone",
  async () => {
    const before = cpuSecondsOfChildren();
    const parent = `require("node:child_process").spawnSync(process.execPath, ["-e", ${JSON.stringify(WORK)}])`;
    await once(spawn(process.execPath, ["-e", parent]), "exit");
    expect(cpuSecondsOfChildren() - before).toBeGreaterThanOrEqual(0.29);
    expect(cpuSeconds(process.pid)).toBeGreaterThan(0);
  },
);

test.runIf(process.platform === "linux")(
  "the memory of a tree is that of all its processes, the shared code counted once",
  async () => {
    const hold = (body: string): string =>
      `const held = Buffer.alloc(64 << 20, 1); ${body}; process.stdin.on("end", () => held)`;
    const inner = hold('process.stdout.write("here"); process.stdin.resume()');
    const outer = hold(
      `const child = require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(inner)}], { stdio: ["inherit", "pipe", "inherit"] }); child.stdout.once("data", () => process.stdout.write("both")); process.stdin.resume()`,
    );
    const child = spawn(process.execPath, ["-e", outer], { stdio: ["pipe", "pipe", "inherit"] });
    await once(child.stdout, "data");
    using memory = watchMemory(child.pid!);
    // Twice what is held, one program, and what two Nodes need beside it.
    expect(memory.peak()).toBeGreaterThan(128);
    expect(memory.peak()).toBeLessThan(400);
    child.stdin.end();
    child.kill();
    await once(child, "exit");
  },
);
