import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

import { linkerFlags } from "./go-build.ts";
import { TOOLS, versionsOf } from "./tool.ts";
import type { Versions } from "./tool.ts";

/** The Go module that pins the versions of all tools. */
export const MODULE = join(import.meta.dirname, "tools");

/** The versions pinned in the Go module. */
export function pinnedVersions(): Versions {
  return versionsOf(readFileSync(join(MODULE, "go.mod"), "utf8"));
}

/**
 * The folder that holds the tools of exactly these pins: below `$XDG_CACHE_HOME`, or `~/.cache` where that is unset or
 * relative (the XDG specification wants a relative one ignored). Other versions or flags get another folder.
 */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const wanted = env["XDG_CACHE_HOME"];
  const base = wanted !== undefined && isAbsolute(wanted) ? wanted : join(env["HOME"] ?? homedir(), ".cache");
  return join(base, "plumbline", "control-plane", pinsHash());
}

function pinsHash(): string {
  const versions = pinnedVersions();
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(MODULE, file)));
  for (const tool of TOOLS) hash.update(linkerFlags(tool, versions));
  // A home folder may be shared by machines of several kinds.
  hash.update(`${process.platform}/${process.arch}`);
  return hash.digest("hex").slice(0, 16);
}
