import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, chmod, mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { Failure } from "../model/failure.ts";
import type { Exec } from "../ports.ts";
import type { Download } from "./downloads.ts";
import { MINIMUM } from "./version.ts";

export interface ToolCache {
  /** Kept between runs; absolute. */
  readonly folder: string;
  readonly exec: Exec;
  /** An archiver that reads gzipped tar files; absolute. */
  readonly tar: string;
}

/**
 * The path of the program, downloaded when it is not in the cache. An archive is opened only after its SHA-256 proved right,
 * and a program appears in the cache complete or not at all. Throws Failure `tool-missing`.
 */
export async function fetchTool(download: Download, cache: ToolCache, signal: AbortSignal): Promise<string> {
  // The checksum is part of the place: another archive of the same version is another program.
  const home = path.join(cache.folder, `${download.tool}-${download.version}-${download.sha256.slice(0, 12)}`);
  const program = path.join(home, download.member);
  if (await exists(program)) return program;
  const staging = path.join(cache.folder, `.staging-${randomUUID()}`);
  try {
    await mkdir(staging, { recursive: true });
    await unpack(await fetchArchive(download, { staging, signal }), { download, staging, cache, signal });
    await settle(path.join(staging, "tree"), home);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return program;
}

const DOWNLOAD_MILLISECONDS = 180_000;

interface Fetching {
  readonly staging: string;
  readonly signal: AbortSignal;
}

async function fetchArchive(download: Download, { staging, signal }: Fetching): Promise<string> {
  const archive = path.join(staging, "archive.tar.gz");
  // Loaded only here: it costs 40 ms at start, and most runs find their tools installed.
  const { downloadTool } = await import("@actions/tool-cache");
  try {
    // The library takes no signal and knows no deadline.
    await Promise.race([
      downloadTool(download.url, archive),
      aborted(AbortSignal.any([signal, AbortSignal.timeout(DOWNLOAD_MILLISECONDS)])),
    ]);
  } catch (cause) {
    if (signal.aborted)
      throw new Failure("interrupted", `${download.tool}: interrupted`, { remedy: "run it again", cause });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw missing(download, `could not be downloaded from ${download.url} (${reason})`, cause);
  }
  const sha256 = await hashOf(archive);
  if (sha256 === download.sha256) return archive;
  throw missing(download, `the archive at ${download.url} has the SHA-256 ${sha256}, expected ${download.sha256}`);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(new Error("it took too long", { cause: signal.reason }));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
  });
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

interface Unpacking {
  readonly download: Download;
  readonly staging: string;
  readonly cache: ToolCache;
  readonly signal: AbortSignal;
}

async function unpack(archive: string, { download, staging, cache, signal }: Unpacking): Promise<void> {
  const tree = path.join(staging, "tree");
  await mkdir(tree);
  const answer = await cache.exec.run(
    {
      file: cache.tar,
      args: ["-x", "-z", "-f", archive, "-C", tree, "--", download.member],
      cwd: staging,
      env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
      timeoutMilliseconds: 60_000,
      maxOutputBytes: 64 * 1024,
    },
    signal,
  );
  if (answer.code !== 0) throw missing(download, "the archive could not be unpacked");
  await chmod(path.join(tree, download.member), 0o755);
}

async function settle(tree: string, home: string): Promise<void> {
  try {
    await rename(tree, home);
  } catch (error) {
    // Another run of this machine was faster, with the same verified archive.
    if (!(await exists(home))) throw error;
  }
}

function missing(download: Download, what: string, cause?: unknown): Failure {
  return new Failure("tool-missing", `${download.tool} ${download.version}: ${what}`, {
    remedy: `install ${download.tool} ${MINIMUM[download.tool]} or newer in an earlier step, outside the workspace`,
    cause,
  });
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
