import { type Answer, notFound, ok, unprocessable } from "./answer.ts";
import { type RepositoryCall, textIn } from "./call.ts";
import { type FileDiff, readDiff, toDiffEntry } from "./diff.ts";
import type { Git } from "./git.ts";
import { pageAnswer } from "./pagination.ts";
import { apiUrl, pageUrl, type Repository, type Store } from "./store.ts";
import { toUser } from "./users.ts";

export const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

export const commitRoutes = {
  "repos/get-commit": get,
  "repos/list-commits": list,
};

/** The SHA of a branch, a tag, a full ref or a SHA; `undefined` when nothing has that name. */
export async function resolveCommit(git: Git, ref: string): Promise<string | undefined> {
  if (/^[0-9a-f]{40}$/.test(ref)) return git.attempt(["rev-parse", "--verify", "--quiet", `${ref}^{commit}`]);
  for (const name of [`refs/heads/${ref}`, `refs/tags/${ref}`, `refs/${ref}`, ref]) {
    const sha = await git.attempt(["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`]);
    if (sha !== undefined) return sha;
  }
  return undefined;
}

/** Commits by what `git log` selects, newest first. */
export async function readCommits(git: Git, selection: readonly string[]): Promise<readonly Commit[]> {
  const format = ["%H", "%T", "%P", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%B"].join("%x00");
  const text = await git.run(["log", "-z", `--format=${format}%x01`, ...selection, "--"]);
  return text
    .split("\u0001")
    .map((record) => record.replace(/^\0/, ""))
    .filter((record) => record !== "")
    .map(parseCommit);
}

export async function readCommit(git: Git, sha: string): Promise<Commit> {
  const [commit] = await readCommits(git, ["-1", sha]);
  if (commit === undefined) throw notFound();
  return commit;
}

export function toCommit(store: Store, repository: Repository, commit: Commit): Readonly<Record<string, unknown>> {
  const { sha, tree, message, author, committer } = commit;
  const api = apiUrl(store, repository);
  const url = `${api}/commits/${sha}`;
  return {
    sha,
    node_id: `C_${sha.slice(0, 12)}`,
    url,
    html_url: `${pageUrl(store, repository)}/commit/${sha}`,
    comments_url: `${url}/comments`,
    commit: {
      url: `${api}/git/commits/${sha}`,
      author,
      committer,
      message,
      comment_count: 0,
      tree: { sha: tree, url: `${api}/git/trees/${tree}` },
      verification: UNSIGNED,
    },
    author: accountOf(store, author),
    committer: accountOf(store, committer),
    parents: commit.parents.map((parent) => toParent(store, repository, parent)),
  };
}

export const UNSIGNED = { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };

export function toParent(store: Store, repository: Repository, sha: string): Readonly<Record<string, string>> {
  const html_url = `${pageUrl(store, repository)}/commit/${sha}`;
  return { sha, url: `${apiUrl(store, repository)}/commits/${sha}`, html_url };
}

async function get(call: RepositoryCall): Promise<Answer> {
  const { store, repository } = call;
  const sha = await resolveCommit(repository.git, textIn(call, "ref"));
  if (sha === undefined) throw unprocessable(`No commit found for SHA: ${textIn(call, "ref")}`);
  const commit = await readCommit(repository.git, sha);
  const files = await readDiff(repository.git, commit.parents[0] ?? EMPTY_TREE, sha);
  const entries = files.map((file) => toDiffEntry(store, repository, sha, file));
  return ok({ ...toCommit(store, repository, commit), stats: statsOf(files), files: entries });
}

function statsOf(files: readonly FileDiff[]): Readonly<Record<string, number>> {
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return { total: additions + deletions, additions, deletions };
}

async function list(call: RepositoryCall): Promise<Answer> {
  const { store, repository, query } = call;
  const start = query["sha"] ?? repository.defaultBranch;
  const sha = await resolveCommit(repository.git, start);
  if (sha === undefined) throw notFound();
  const limits = [
    ...(query["since"] === undefined ? [] : [`--since=${query["since"]}`]),
    ...(query["until"] === undefined ? [] : [`--until=${query["until"]}`]),
    ...(query["author"] === undefined ? [] : [`--author=${query["author"]}`]),
  ];
  const path = query["path"] === undefined ? [] : ["--", query["path"]];
  const shas = await repository.git.run(["rev-list", ...limits, sha, ...path]);
  const all = shas.split("\n").filter((line) => line !== "");
  return pageAnswer(call, all, async (one) => toCommit(store, repository, await readCommit(repository.git, one)));
}

function parseCommit(record: string): Commit {
  const [sha = "", tree = "", parents = "", an = "", ae = "", aDate = "", cn = "", ce = "", cDate = "", ...rest] =
    record.split("\0");
  return {
    sha,
    tree,
    parents: parents.split(" ").filter((parent) => parent !== ""),
    author: { name: an, email: ae, date: utc(aDate) },
    committer: { name: cn, email: ce, date: utc(cDate) },
    message: rest.join("\0").trimEnd(),
  };
}

function utc(date: string): string {
  return new Date(date).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** The account behind a signature, known by the address that GitHub gives its users. */
function accountOf(store: Store, { email }: Signature): unknown {
  const login = /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/.exec(email)?.[1]?.toLowerCase();
  const user = login === undefined ? undefined : store.users.get(login);
  return user === undefined ? null : toUser(store, user);
}
