import path from "node:path";
import { Failure } from "../model/failure.ts";
import type { Git } from "./git.ts";

/** Where missing commits come from: the remote `origin` of a checkout. */
export interface Origin {
  /** Throws Failure `git-failed` where there is no origin, or one that is not reached by http, https or a path. */
  url(): string;
  /** The one protocol that Git may speak; `undefined` where there is nothing to fetch from. */
  readonly protocol: "https" | "http" | "file" | undefined;
  /** Git configuration that a store needs to borrow from a partial clone (`filter: blob:none`), or nothing. */
  readonly configuration: string;
  /** The last two parts of its path, `owner/name` on GitHub; `undefined` without an origin. */
  readonly repository: string | undefined;
}

/** Reads the own configuration of the checkout that `cwd` lies in; what that includes is not read. A relative path starts from `cwd`. */
export async function readOrigin(git: Git, cwd: string, signal: AbortSignal): Promise<Origin> {
  const settings = await remoteSettings(git, cwd, signal);
  const configured = settings.get("remote.origin.url");
  if (configured === undefined) return unreachable("git: the checkout has no remote named origin", undefined);
  const repository = /([^/:]+\/[^/]+?)(?:\.git)?\/*$/.exec(configured)?.[1];
  const found = locate(configured, cwd);
  if (found === undefined) return unreachable("git: the remote origin is not reached by https", repository);
  const configuration = settings.get("remote.origin.promisor") === "true" ? partialClone(found.url) : "";
  return { url: () => found.url, protocol: found.protocol, configuration, repository };
}

/** By name; of several values the last one, as `git config --get` has it. */
async function remoteSettings(git: Git, cwd: string, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const args = ["config", "--local", "--null", "--get-regexp", "^remote\\.origin\\.(url|promisor)$"];
  const { code, stdout } = await git.ask({ args, cwd }, signal);
  if (code !== 0) return new Map();
  const entries = stdout.split("\0").filter((entry) => entry !== "");
  return new Map(
    entries.map((entry) => {
      // A name without `=` has no value, which means true.
      const [name = "", ...value] = entry.split("\n");
      return [name, value.length === 0 ? "true" : value.join("\n")];
    }),
  );
}

type Located = { readonly url: string; readonly protocol: "https" | "http" | "file" };

function locate(configured: string, cwd: string): Located | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(configured)?.[1]?.toLowerCase();
  switch (scheme) {
    case "https":
    case "http":
      return { url: withoutUser(configured), protocol: scheme };
    case "file":
      return { url: configured, protocol: "file" };
    case undefined:
      // `git@host:path` is ssh; a path that begins with `-` would be an option.
      if (/^[^/]*:/.test(configured) || configured.startsWith("-")) return undefined;
      return { url: path.resolve(cwd, configured), protocol: "file" };
    default:
      return undefined;
  }
}

/** A token that somebody wrote into the URL would be in argv and in Git's messages; ours goes by header. */
function withoutUser(url: string): string {
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  return parsed.href;
}

function unreachable(message: string, repository: string | undefined): Origin {
  const url = (): never => {
    throw new Failure("git-failed", message, {
      remedy: "fetch the commit into the checkout before (actions/checkout with fetch-depth: 0)",
    });
  };
  return { url, protocol: undefined, configuration: "", repository };
}

function partialClone(url: string): string {
  const quoted = JSON.stringify(url);
  return [
    "[core]",
    "\trepositoryFormatVersion = 1",
    "[extensions]",
    "\tpartialClone = origin",
    '[remote "origin"]',
    `\turl = ${quoted}`,
    "\tpromisor = true",
    "",
  ].join("\n");
}
