import { readFileSync } from "node:fs";
import { lineDiff } from "../../src/diff/lines.ts";

// node --expose-gc lines-program.ts BEFORE AFTER: how long the line diff of two files takes, and what memory it needs.

const [before, after] = process.argv.slice(2).map((file) => readFileSync(file, "utf8")) as [string, string];
global.gc?.();
const used = process.memoryUsage.rss();
const [started, cpu] = [performance.now(), process.cpuUsage()];
const { coarse } = lineDiff(before, after);
const milliseconds = performance.now() - started;
const { user, system } = process.cpuUsage(cpu);
const cpuMilliseconds = (user + system) / 1000;
const megabytes = (process.resourceUsage().maxRSS * 1024 - used) / 2 ** 20;
process.stdout.write(JSON.stringify({ milliseconds, cpuMilliseconds, megabytes, coarse }));
