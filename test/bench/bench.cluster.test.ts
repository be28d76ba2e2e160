import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

test(
  "the quick form of the bench runs to its end, and no contender's answer is wrong",
  { timeout: 300_000 },
  async () => {
    const program = join(import.meta.dirname, "bench.ts");
    const flags = ["--disable-warning=ExperimentalWarning", program, "--quick"];
    const { stdout } = await run(process.execPath, flags, { maxBuffer: 16 * 1024 * 1024 });
    expect(stdout).toContain("plumb plan");
    expect(stdout).not.toContain("WRONG");
  },
);
