import { constants } from "node:fs";
import { access, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Failure, isFailure } from "../model/failure.ts";
import type { Exec } from "../ports.ts";
import type { Downloads } from "./downloads.ts";
import { scrubbedEnvironment, workshopAt } from "./environment.ts";
import { fetchTool } from "./tool-cache.ts";
import type { Tool, ToolName, Tools } from "./tool.ts";
import { isAtLeast, MINIMUM, versionIn } from "./version.ts";

export interface ToolSources {
  readonly exec: Exec;
  /** The search path of the run (`PATH`). */
  readonly path: string;
  /** Absolute folders whose content others may write, such as the checkout: no program is taken from them. */
  readonly untrusted: readonly string[];
  /** Where fetched programs are kept; absolute. */
  readonly cache: string;
  readonly downloads: Downloads;
  /** `linux-x64`: `process.platform` and `process.arch`. */
  readonly platform: string;
}

/** Takes a program from the search path when it is recent enough, else fetches a pinned release. Each is looked for once. */
export function createTools(sources: ToolSources): Tools {
  const found = new Map<ToolName, Promise<Tool>>();
  return {
    find(name, signal) {
      const earlier = found.get(name);
      if (earlier !== undefined) return earlier;
      const search = findTool(name, sources, signal);
      found.set(name, search);
      // A failure may pass (a registry that did not answer): the next question looks again.
      search.catch(() => found.delete(name));
      return search;
    },
  };
}

async function findTool(name: ToolName, sources: ToolSources, signal: AbortSignal): Promise<Tool> {
  const installed = await findInstalled(name, sources, signal);
  if (installed !== undefined) return installed;
  const download = sources.downloads[sources.platform]?.[name];
  if (download === undefined) {
    throw new Failure(
      "tool-missing",
      `${name}: ${MINIMUM[name]} or newer is not on the search path, and none is known for ${sources.platform}`,
      {
        remedy: `install ${name} outside the workspace`,
      },
    );
  }
  const tar = (await onPath("tar", sources))[0] ?? "/usr/bin/tar";
  const file = await fetchTool(download, { folder: sources.cache, exec: sources.exec, tar }, signal);
  return { name, file, version: (await versionOf({ name, file }, sources.exec, signal)) ?? download.version };
}

async function findInstalled(name: ToolName, sources: ToolSources, signal: AbortSignal): Promise<Tool | undefined> {
  for (const file of await onPath(name, sources)) {
    const version = await versionOf({ name, file }, sources.exec, signal);
    if (version !== undefined && isAtLeast(version, MINIMUM[name])) return { name, file, version };
  }
  return undefined;
}

/** Programs of that name, in the order of the search path. A relative entry depends on who asks, so it is passed over. */
async function onPath(name: string, { path: searchPath, untrusted }: ToolSources): Promise<readonly string[]> {
  const forbidden = await Promise.all(untrusted.map((folder) => realpath(folder).catch(() => path.resolve(folder))));
  const files: string[] = [];
  for (const folder of searchPath.split(path.delimiter).filter((entry) => path.isAbsolute(entry))) {
    const file = await realpath(path.join(folder, name)).catch(() => undefined);
    if (file === undefined || !(await isProgram(file))) continue;
    // A link on the search path may lead into the checkout, and the checkout may hold a link to a program: both count.
    if (forbidden.every((place) => isOutside(file, place) && isOutside(path.join(folder, name), place)))
      files.push(file);
  }
  return files;
}

function isOutside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative.startsWith("..") || path.isAbsolute(relative);
}

async function isProgram(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

const ASK: Readonly<Record<ToolName, readonly string[]>> = { kustomize: ["version"], helm: ["version", "--short"] };

async function versionOf(
  { name, file }: Pick<Tool, "name" | "file">,
  exec: Exec,
  signal: AbortSignal,
): Promise<string | undefined> {
  const root = await mkdtemp(path.join(tmpdir(), "plumbline-tool-"));
  try {
    const answer = await exec.run(
      {
        file,
        args: ASK[name],
        cwd: root,
        env: scrubbedEnvironment(workshopAt(root)),
        timeoutMilliseconds: 20_000,
        maxOutputBytes: 64 * 1024,
      },
      signal,
    );
    return answer.code === 0 ? versionIn(answer.stdout) : undefined;
  } catch (error) {
    // A file of that name that this machine cannot run is not the program.
    if (isFailure(error) && error.code === "tool-missing") return undefined;
    throw error;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
