import { spawn } from "node:child_process";

/** A bare repository, driven by the real `git`. Always asynchronous: a waiting process could not answer a git that talks to this very process. */
export interface Git {
  /** Absolute path of the bare repository. */
  readonly folder: string;
  /** Standard output without its last line break. Throws GitError. */
  run(args: readonly string[], options?: GitOptions): Promise<string>;
  bytes(args: readonly string[], options?: GitOptions): Promise<Buffer>;
  /** Standard output, or `undefined` when git exits with an error. */
  attempt(args: readonly string[], options?: GitOptions): Promise<string | undefined>;
}

export interface GitOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

export class GitError extends Error {}

/** The environment of every git here: no configuration of the machine, no questions. */
export const GIT_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: process.env["PATH"] ?? "",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  LC_ALL: "C",
};

export function gitIn(folder: string): Git {
  const bytes: Git["bytes"] = (args, options = {}) => run(folder, args, options);
  const text: Git["run"] = async (args, options) => (await bytes(args, options)).toString("utf8").replace(/\n$/, "");
  const attempt: Git["attempt"] = async (args, options) => {
    try {
      return await text(args, options);
    } catch (error) {
      if (error instanceof GitError) return undefined;
      throw error;
    }
  };
  return { folder, run: text, bytes, attempt };
}

/** Makes a bare repository that serves clone, fetch by any SHA, and push over HTTP. */
export async function initBare(folder: string, defaultBranch: string): Promise<Git> {
  const git = gitIn(folder);
  await gitIn("/").run(["init", "--quiet", "--bare", `--initial-branch=${defaultBranch}`, folder]);
  await configure(git);
  return git;
}

/** Makes a bare copy with the same branches, as a fork has them. */
export async function cloneBare(from: Git, folder: string): Promise<Git> {
  const git = gitIn(folder);
  await gitIn("/").run(["clone", "--quiet", "--bare", "--no-local", from.folder, folder]);
  await configure(git);
  return git;
}

async function configure(git: Git): Promise<void> {
  const settings = [
    ["http.receivepack", "true"],
    ["uploadpack.allowAnySHA1InWant", "true"],
    ["uploadpack.allowFilter", "true"],
    ["receive.autogc", "false"],
    // Nobody pushes there: they are GitHub's own.
    ["receive.hideRefs", "refs/pull"],
    ["gc.auto", "0"],
  ];
  for (const [name = "", value = ""] of settings) await git.run(["config", name, value]);
}

function run(folder: string, args: readonly string[], options: GitOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", args, { cwd: folder, env: { ...GIT_ENVIRONMENT, ...options.env } });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    // git may end without reading its input: the exit code tells the rest.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input);
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) return resolve(Buffer.concat(stdout));
      reject(new GitError(`git ${args.join(" ")}: ${Buffer.concat(stderr).toString("utf8").trim()}`));
    });
  });
}
