import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";

// Everything that is checked without running the product; the same locally and in CI. The first failure ends it.
const root = join(import.meta.dirname, "..");
const bin = join(root, "node_modules", ".bin");

const MOST_MEGABYTES = 5;

const steps: readonly (readonly [name: string, file: string, ...args: string[]])[] = [
  ["format", join(bin, "oxfmt"), "--check"],
  ["lint", join(bin, "oxlint"), "--type-aware", "--deny-warnings"],
  ["types", join(bin, "tsc"), "-p", "."],
  ["dead code", join(bin, "knip")],
  ["generated docs", process.execPath, "scripts/generate-docs.ts", "--check"],
  ["dist", process.execPath, "scripts/build.ts"],
];

for (const [name, file, ...args] of steps) run(name, file, args);

// `git diff` would not see a new chunk.
const changed = capture("git", ["status", "--porcelain", "--", "dist"]);
if (changed !== "") fail("dist", `dist is not what the sources build; commit it:\n${changed}`);

const download = downloadSize();
console.log(`download: ${download.toFixed(2)} MB (at most ${MOST_MEGABYTES})`);
if (download > MOST_MEGABYTES) fail("download", "what a user downloads is too large");
console.log("check: clean");

function run(name: string, file: string, args: readonly string[]): void {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(file, args, { cwd: root, encoding: "utf8" });
  if (status !== 0) fail(name, `${stdout}${stderr}`);
  console.log(`${name}: clean (${((performance.now() - start) / 1000).toFixed(1)} s)`);
}

function fail(name: string, text: string): never {
  console.error(`${name}: failed\n${text}`);
  process.exit(1);
}

function capture(file: string, args: readonly string[]): string {
  return spawnSync(file, args, { cwd: root, encoding: "utf8" }).stdout.trim();
}

/** What `uses:` brings to a runner: the tracked files without those that are export-ignored. */
function downloadSize(): number {
  const tracked = capture("git", ["ls-files", "-z"])
    .split("\0")
    .filter((file) => file !== "");
  const attributes = spawnSync("git", ["check-attr", "-z", "--stdin", "export-ignore"], {
    cwd: root,
    encoding: "utf8",
    input: withFolders(tracked).join("\0"),
    maxBuffer: 64 << 20,
  }).stdout.split("\0");
  const ignored = new Set(attributes.flatMap((value, index) => (value === "set" ? [attributes[index - 2] ?? ""] : [])));
  const kept = tracked.filter((file) => !foldersOf(file).some((folder) => ignored.has(folder)) && !ignored.has(file));
  return kept.reduce((sum, file) => sum + statSync(join(root, file)).size, 0) / 1e6;
}

function withFolders(files: readonly string[]): readonly string[] {
  return [...new Set(files.flatMap((file) => [...foldersOf(file), file]))];
}

function foldersOf(file: string): readonly string[] {
  const parts = file.split("/");
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join("/"));
}
