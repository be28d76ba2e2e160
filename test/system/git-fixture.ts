import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { createExec } from "../../src/system/process.ts";
import { type TemporaryFolder, temporaryFolder } from "../../src/system/temporary-folder.ts";

const IDENTITY = {
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_AUTHOR_DATE: "2026-11-20T10:00:00Z",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
  GIT_COMMITTER_DATE: "2026-11-20T10:00:00Z",
};

/** Real repositories below one temporary folder: `origin` to commit to, and clones of it. */
export interface GitFixture extends AsyncDisposable {
  readonly path: string;
  /** The absolute path of a repository or a file below the folder. */
  at(...names: string[]): string;
  git(cwd: string, ...args: string[]): Promise<string>;
  /** Writes files into `origin`, commits everything, returns the SHA. */
  commit(files: Readonly<Record<string, string>>): Promise<string>;
  clone(name: string, ...options: string[]): Promise<string>;
}

export async function gitFixture(): Promise<GitFixture> {
  const folder: TemporaryFolder = await temporaryFolder("git-fixture-");
  const exec = createExec();
  const at = (...names: string[]): string => path.join(folder.path, ...names);
  const git: GitFixture["git"] = async (cwd, ...args) => {
    const env = { PATH: process.env["PATH"] ?? "", HOME: folder.path, GIT_CONFIG_NOSYSTEM: "1", ...IDENTITY };
    const command = { file: "git", args, cwd, env, timeoutMilliseconds: 60_000, maxOutputBytes: 10_000_000 };
    const answer = await exec.run(command, new AbortController().signal);
    if (answer.code !== 0) throw new Error(`git ${args.join(" ")}: ${answer.stderr}`);
    return answer.stdout.trim();
  };
  const origin = at("origin");
  await git(folder.path, "init", "--quiet", "--initial-branch=main", origin);
  await git(origin, "config", "uploadpack.allowFilter", "true");
  return {
    path: folder.path,
    at,
    git,
    commit: async (files) => {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(path.dirname(path.join(origin, name)), { recursive: true });
        await writeFile(path.join(origin, name), text);
      }
      await git(origin, "add", "--all");
      await git(origin, "commit", "--quiet", "--allow-empty", "--message", "change");
      return git(origin, "rev-parse", "HEAD");
    },
    clone: async (name, ...options) => {
      await git(folder.path, "clone", "--quiet", ...options, `file://${origin}`, name);
      return at(name);
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
