import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import { cacheFolder, MODULE, pinnedVersions } from "./cache-folder.ts";
import { download } from "./download.ts";
import { lockFolder } from "./folder-lock.ts";
import { goBuild, whyNoGo } from "./go-build.ts";
import { PUBLISHERS, releaseOf } from "./release.ts";
import type { Platform, Publishers } from "./release.ts";
import { TOOLS } from "./tool.ts";
import type { Tool, ToolPaths } from "./tool.ts";

export interface BinariesOptions {
  /** Decides by KUBEBUILDER_ASSETS, XDG_CACHE_HOME, HOME and PATH. */
  readonly env: NodeJS.ProcessEnv;
  /** Hears which way is taken, what it costs and how it goes, line by line. */
  readonly say: (line: string) => void;
  /** Default: the official ones. */
  readonly publishers?: Publishers;
  /** Default: this machine's. */
  readonly platform?: Platform;
}

const HOUR = 3_600_000;

/** What it takes to put one tool at `output`; throws, and leaves nothing there, where it cannot be had. */
type Obtain = (tool: Tool, output: string) => Promise<void>;

/**
 * The tools: from the folder KUBEBUILDER_ASSETS, else from the user's cache, else built by Go into the cache, else, where
 * there is no Go, the official binaries downloaded into the cache.
 */
export async function provideBinaries(options: BinariesOptions): Promise<ToolPaths> {
  const given = await givenTools(options);
  const folder = cacheFolder(options.env);
  const fromCache = TOOLS.filter((tool) => given[tool] === undefined);
  await fill(folder, fromCache, options);
  return Object.fromEntries(TOOLS.map((tool) => [tool, given[tool] ?? join(folder, tool)])) as ToolPaths;
}

async function givenTools({ env, say }: BinariesOptions): Promise<Partial<ToolPaths>> {
  const assets = env["KUBEBUILDER_ASSETS"];
  if (assets === undefined || assets === "") return {};
  const folder = resolve(assets);
  const found = TOOLS.filter((tool) => existsSync(join(folder, tool)));
  if (found.length === 0) {
    throw new Error(`KUBEBUILDER_ASSETS: ${folder} has none of ${TOOLS.join(", ")}; correct it, or unset it`);
  }
  const rest = TOOLS.filter((tool) => !found.includes(tool));
  say(`control plane: ${found.join(", ")} from KUBEBUILDER_ASSETS (${folder})`);
  if (rest.length > 0) say(`control plane: ${rest.join(", ")} not there, so from the cache`);
  if (found.includes("kube-apiserver")) await sayOtherVersion(join(folder, "kube-apiserver"), say);
  return Object.fromEntries(found.map((tool) => [tool, join(folder, tool)]));
}

/** A server of another version is taken all the same, but a test that fails should not be a riddle. */
async function sayOtherVersion(server: string, say: (line: string) => void): Promise<void> {
  const { stdout } = await promisify(execFile)(server, ["--version"]).catch((cause: unknown) => {
    throw new Error(`KUBEBUILDER_ASSETS: ${server} does not run here; correct it, or unset it`, { cause });
  });
  const version = stdout.trim().split(" ").at(-1);
  const { kubernetes } = pinnedVersions();
  if (version !== kubernetes)
    say(`control plane: kube-apiserver is ${version}, the tests were written for ${kubernetes}`);
}

async function fill(folder: string, tools: readonly Tool[], options: BinariesOptions): Promise<void> {
  const { say } = options;
  const missing = (): readonly Tool[] => tools.filter((tool) => !existsSync(join(folder, tool)));
  if (missing().length === 0) return sayCached(tools, folder, say);

  await mkdir(folder, { recursive: true });
  await using lock = await lockFolder(folder, {
    onWait: () => say(`control plane: waiting for another process that fills ${folder}`),
  });
  void lock;
  const wanted = missing();
  if (wanted.length === 0) return sayCached(tools, folder, say);

  await removePartials(folder);
  const { verb, obtain } = await chooseWay(folder, wanted, options);
  for (const [index, tool] of wanted.entries()) {
    await timed(`${verb} ${tool}, ${index + 1} of ${wanted.length}`, say, async () => {
      const partial = join(folder, `${tool}.${randomUUID()}.partial`);
      await obtain(tool, partial);
      await rename(partial, join(folder, tool));
    });
  }
}

function sayCached(tools: readonly Tool[], folder: string, say: (line: string) => void): void {
  if (tools.length > 0) say(`control plane: ${tools.length} tools from ${folder}`);
}

/** Removes what killed processes left half done; what is young may belong to one that lives. */
async function removePartials(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(".partial")) continue;
    const file = join(folder, name);
    const age = Date.now() - (await stat(file)).mtimeMs;
    if (age > HOUR) await rm(file, { force: true });
  }
}

async function chooseWay(
  folder: string,
  wanted: readonly Tool[],
  { env, say, publishers = PUBLISHERS, platform = { os: process.platform, arch: process.arch } }: BinariesOptions,
): Promise<{ readonly verb: string; readonly obtain: Obtain }> {
  const versions = pinnedVersions();
  const whyNot = await whyNoGo(MODULE, env);
  if (whyNot === undefined) {
    say(
      `control plane: building ${wanted.length} tools with Go into ${folder}; all 8 take about 6 minutes on 2 cores the first time, 500 MB there and 2 GB in Go's caches`,
    );
    return { verb: "building", obtain: (tool, output) => goBuild({ tool, versions, module: MODULE, output, env }) };
  }
  say(
    `control plane: ${whyNot}, so downloading ${wanted.length} official binaries into ${folder}; all 8 are about 450 MB`,
  );
  return {
    verb: "downloading",
    obtain: (tool, output) => download(tool, releaseOf(tool, versions, platform, publishers), output),
  };
}

/** Does some work; says what begins, every half minute that it goes on, and how long it took. */
async function timed(what: string, say: (line: string) => void, work: () => Promise<void>): Promise<void> {
  const started = performance.now();
  const elapsed = (): string => `${Math.round((performance.now() - started) / 1000)} s`;
  say(`${what} ...`);
  const beat = setInterval(() => say(`${what}: ${elapsed()} so far`), 30_000);
  try {
    await work();
    say(`${what}: done after ${elapsed()}`);
  } finally {
    clearInterval(beat);
  }
}
