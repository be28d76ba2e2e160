import { invalid } from "./answer.ts";
import type { Signature } from "./commits.ts";
import type { Git } from "./git.ts";

export interface NewCommit {
  /** Without `refs/heads/`; made when it is not there. */
  readonly branch: string;
  /** What the branch starts from when it is not there; without it, an empty history. */
  readonly parent: string | undefined;
  /** By path; `undefined` takes a file away, others stay. */
  readonly files: Readonly<Record<string, string | Buffer | undefined>>;
  readonly message: string;
  readonly author: Signature;
  readonly committer: Signature;
}

/** Writes one commit onto a branch and returns its SHA. */
export async function commitFiles(git: Git, commit: NewCommit): Promise<string> {
  const stream = [
    `commit refs/heads/${commit.branch}\nmark :1\n`,
    `author ${line(commit.author)}\ncommitter ${line(commit.committer)}\n`,
    ...data(commit.message),
    ...(commit.parent === undefined ? [] : [`from ${commit.parent}\n`]),
    ...Object.entries(commit.files).flatMap(([path, content]) => change(path, content)),
    "\nget-mark :1\ndone\n",
  ];
  const input = Buffer.concat(stream.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
  return git.run(["fast-import", "--quiet", "--done", "--date-format=rfc2822"], { input });
}

function change(path: string, content: string | Buffer | undefined): readonly (string | Buffer)[] {
  if (path.startsWith("/") || path.split("/").includes("..")) {
    throw invalid({ resource: "Commit", code: "invalid", field: "path" });
  }
  const name = JSON.stringify(path);
  return content === undefined ? [`D ${name}\n`] : [`M 100644 inline ${name}\n`, ...data(content)];
}

function data(content: string | Buffer): readonly (string | Buffer)[] {
  const bytes = Buffer.from(content);
  return [`data ${bytes.length}\n`, bytes, "\n"];
}

function line({ name, email, date }: Signature): string {
  return `${name} <${email}> ${new Date(date).toUTCString().replace("GMT", "+0000")}`;
}
