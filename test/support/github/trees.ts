import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";
import { type Answer, created, notFound, ok, unprocessable } from "./answer.ts";
import { type RepositoryCall, textIn } from "./call.ts";
import type { Git } from "./git.ts";
import { apiUrl, type Repository, type Store } from "./store.ts";

export const treeRoutes = { "git/create-tree": create, "git/get-tree": get };

/** One entry of a tree, as `git ls-tree` prints it. */
export interface TreeEntry {
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  /** Bytes of a blob. */
  readonly size: number | undefined;
  readonly path: string;
}

export interface TreeSelection {
  readonly isRecursive?: boolean;
  /** This one entry only. */
  readonly path?: string;
}

/** The entries of a tree or of a folder in a commit (`<commit>:<folder>`), in Git's order. */
export async function readTree(git: Git, tree: string, selection: TreeSelection = {}): Promise<readonly TreeEntry[]> {
  const options = selection.isRecursive === true ? ["-r", "-t"] : [];
  const paths = selection.path === undefined ? [] : [selection.path];
  const text = await git.run(["ls-tree", "-z", "--long", "--full-tree", ...options, tree, ...paths]);
  return text
    .split("\0")
    .filter((record) => record !== "")
    .map((record) => {
      const [, mode = "", type = "", sha = "", size = "", name = ""] =
        /^(\d+) (\w+) (\w+) +(\S+)\t(.*)$/s.exec(record) ?? [];
      return { mode, type, sha, size: size === "-" ? undefined : Number(size), path: name };
    });
}

interface NewEntry {
  readonly path?: string;
  readonly mode?: string;
  readonly type?: string;
  /** Null takes the entry away. */
  readonly sha?: string | null;
  readonly content?: string;
}

/** Any value of `recursive` means yes, even `0` and `false`. */
async function get(call: RepositoryCall): Promise<Answer> {
  const { store, repository, query } = call;
  const { git } = repository;
  const name = textIn(call, "tree_sha");
  const sha = await git.attempt(["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{tree}`]);
  if (sha === undefined) throw notFound();
  const entries = await readTree(git, sha, { isRecursive: query["recursive"] !== undefined });
  return ok(toTree(store, repository, sha, entries));
}

async function create(call: RepositoryCall): Promise<Answer> {
  const { store, repository } = call;
  const { tree, base_tree: base } = call.body as { readonly tree: readonly NewEntry[]; readonly base_tree?: string };
  const sha = await writeTree(repository.git, base, tree);
  return created(toTree(store, repository, sha, await readTree(repository.git, sha)));
}

/** Through an index of its own, so that calls do not meet. */
async function writeTree(git: Git, base: string | undefined, entries: readonly NewEntry[]): Promise<string> {
  const index = path.join(git.folder, `index-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    if (base !== undefined && (await git.attempt(["read-tree", base], { env })) === undefined) {
      throw unprocessable("base_tree is not a valid tree oid");
    }
    for (const entry of entries) await put(git, env, entry);
    return await git.run(["write-tree"], { env });
  } finally {
    await rm(index, { force: true });
  }
}

async function put(git: Git, env: Readonly<Record<string, string>>, entry: NewEntry): Promise<void> {
  const { path: name = "", mode = "100644", sha, content } = entry;
  if (
    name === "" ||
    name.startsWith("/") ||
    name.split("/").some((part) => part === "" || part === "." || part === "..")
  ) {
    throw unprocessable("tree.path contains a malformed path component");
  }
  if (sha === null)
    return void (await git.run(["rm", "-r", "--cached", "--quiet", "--ignore-unmatch", "--", name], { env }));
  if (sha === undefined && content === undefined) throw unprocessable("Must supply either tree.sha or tree.content");
  const object = sha ?? (await git.run(["hash-object", "-w", "--stdin"], { input: content ?? "" }));
  const isTree = mode === "040000";
  if (isTree) await git.run(["rm", "-r", "--cached", "--quiet", "--ignore-unmatch", "--", name], { env });
  const args = isTree
    ? ["read-tree", `--prefix=${name}/`, object]
    : ["update-index", "--add", "--cacheinfo", `${mode},${object},${name}`];
  const isKnown = (await git.attempt(["cat-file", "-e", object])) !== undefined;
  if (!isKnown || (await git.attempt(args, { env })) === undefined) {
    throw unprocessable(`tree.sha ${object} is not a valid ${isTree ? "tree" : "blob"}`);
  }
}

function toTree(store: Store, repository: Repository, sha: string, entries: readonly TreeEntry[]): unknown {
  const git = `${apiUrl(store, repository)}/git`;
  const tree = entries.map((entry) => ({
    path: entry.path,
    mode: entry.mode,
    type: entry.type,
    sha: entry.sha,
    ...(entry.size !== undefined && { size: entry.size }),
    ...(entry.type !== "commit" && { url: `${git}/${entry.type}s/${entry.sha}` }),
  }));
  return { sha, url: `${git}/trees/${sha}`, tree, truncated: false };
}
