import { type Answer, created, errorAnswer, notFound, ok, Refusal, unprocessable } from "./answer.ts";
import { base64Lines } from "./blobs.ts";
import { type RepositoryCall, textIn } from "./call.ts";
import { commitFiles } from "./commit-files.ts";
import { readCommit, resolveCommit, type Signature, toCommit } from "./commits.ts";
import { refreshPulls } from "./pull-state.ts";
import { apiUrl, pageUrl, type Repository, type Store } from "./store.ts";
import { actor } from "./token.ts";
import { readTree, type TreeEntry } from "./trees.ts";

/** Above this, a file comes without its content; it is read as a blob then. */
const CONTENT_BYTES = 1024 * 1024;
const ENTRIES_PER_FOLDER = 1000;

export const contentRoutes = {
  "repos/create-or-update-file-contents": put,
  "repos/get-content": get,
};

/** Where an entry was read, for its links. */
interface Place {
  readonly store: Store;
  readonly repository: Repository;
  readonly ref: string;
}

async function get(call: RepositoryCall): Promise<Answer> {
  const { store, repository, query } = call;
  const ref = query["ref"] ?? repository.defaultBranch;
  const commit = await resolveCommit(repository.git, ref);
  if (commit === undefined) throw notFound();
  const place = { store, repository, ref };
  const path = textIn(call, "path").replace(/\/+$/, "");
  const entry = path === "" ? undefined : await entryAt(repository, commit, path);
  if (path !== "" && entry === undefined) throw notFound();
  if (entry !== undefined && entry.type !== "tree") return ok(await toFile(place, entry));
  const entries = await readTree(repository.git, `${commit}:${path}`);
  const inside = entries.map((child) => ({ ...child, path: path === "" ? child.path : `${path}/${child.path}` }));
  return ok(inside.slice(0, ENTRIES_PER_FOLDER).map((child) => toEntry(place, child)));
}

interface PutBody {
  readonly message: string;
  readonly content: string;
  readonly sha?: string;
  readonly branch?: string;
  readonly author?: Partial<Signature>;
  readonly committer?: Partial<Signature>;
}

async function put(call: RepositoryCall): Promise<Answer> {
  const { store, repository, token } = call;
  const body = call.body as PutBody;
  const { branch = repository.defaultBranch } = body;
  const path = textIn(call, "path");
  const tip = await resolveCommit(repository.git, `heads/${branch}`);
  if (tip === undefined && branch !== repository.defaultBranch) throw notFound();
  const old = tip === undefined ? undefined : await entryAt(repository, tip, path);
  refuseStale(path, old, body.sha);
  const { login, id } = actor(token);
  const itself: Signature = { name: login, email: `${id}+${login}@users.noreply.github.com`, date: store.now() };
  const author = { ...itself, ...(body.author ?? body.committer) };
  const committer = { ...itself, ...(body.committer ?? body.author) };
  const files = { [path]: Buffer.from(body.content, "base64") };
  const sha = await commitFiles(repository.git, {
    branch,
    parent: tip,
    files,
    message: body.message,
    author,
    committer,
  });
  await refreshPulls(store);
  return written({ store, repository, ref: branch }, path, sha, old === undefined);
}

/** A file that is there changes only for who names the blob that is there now. */
function refuseStale(path: string, old: TreeEntry | undefined, sha: string | undefined): void {
  if (old === undefined && sha === undefined) return;
  if (sha === undefined) throw unprocessable('Invalid request.\n\n"sha" wasn\'t supplied.');
  const message = `${path} does not match ${sha}`;
  if (old?.sha !== sha) throw new Refusal(errorAnswer(409, message), message);
}

async function written(place: Place, path: string, sha: string, isNew: boolean): Promise<Answer> {
  const { store, repository } = place;
  const entry = await entryAt(repository, sha, path);
  if (entry === undefined) throw notFound();
  const { commit, ...rest } = toCommit(store, repository, await readCommit(repository.git, sha));
  const body = { content: toEntry(place, entry), commit: { ...rest, ...(commit as object) } };
  return isNew ? created(body) : ok(body);
}

async function entryAt({ git }: Repository, commit: string, path: string): Promise<TreeEntry | undefined> {
  const entries = await readTree(git, commit, { path });
  return entries.find((entry) => entry.path === path);
}

async function toFile(place: Place, entry: TreeEntry): Promise<unknown> {
  if (entry.type === "commit")
    return { ...toEntry(place, entry), submodule_git_url: `${place.store.url}/${entry.path}` };
  const bytes = await place.repository.git.bytes(["cat-file", "blob", entry.sha]);
  if (entry.mode === "120000") return { ...toEntry(place, entry), target: bytes.toString("utf8") };
  const isShort = bytes.length <= CONTENT_BYTES;
  const content = isShort ? { content: base64Lines(bytes), encoding: "base64" } : { content: "", encoding: "none" };
  return { ...toEntry(place, entry), ...content };
}

function toEntry({ store, repository, ref }: Place, entry: TreeEntry): Readonly<Record<string, unknown>> {
  const path = entry.path.split("/").map(encodeURIComponent).join("/");
  const self = `${apiUrl(store, repository)}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const kind = entry.type === "tree" ? "tree" : "blob";
  const git = entry.type === "commit" ? null : `${apiUrl(store, repository)}/git/${kind}s/${entry.sha}`;
  const html = `${pageUrl(store, repository)}/${kind}/${ref}/${path}`;
  return {
    type: typeOf(entry),
    name: entry.path.split("/").at(-1),
    path: entry.path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url: self,
    git_url: git,
    html_url: html,
    download_url: entry.type === "blob" ? `${pageUrl(store, repository)}/raw/${ref}/${path}` : null,
    _links: { self, git, html },
  };
}

function typeOf({ type, mode }: TreeEntry): "dir" | "file" | "symlink" | "submodule" {
  if (type === "tree") return "dir";
  if (type === "commit") return "submodule";
  return mode === "120000" ? "symlink" : "file";
}
