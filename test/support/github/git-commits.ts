import { type Answer, created, notFound, ok, unprocessable } from "./answer.ts";
import { type RepositoryCall, textIn } from "./call.ts";
import { type Commit, readCommit, type Signature, toParent, UNSIGNED } from "./commits.ts";
import type { Git } from "./git.ts";
import { writeCommit } from "./merge.ts";
import { apiUrl, pageUrl, type Repository, type Store } from "./store.ts";
import { actor } from "./token.ts";

export const gitCommitRoutes = { "git/create-commit": create, "git/get-commit": get };

async function get(call: RepositoryCall): Promise<Answer> {
  const { store, repository } = call;
  const sha = textIn(call, "commit_sha");
  if (!(await isObject(repository.git, "commit", sha))) throw notFound();
  return ok(toGitCommit(store, repository, await readCommit(repository.git, sha)));
}

async function create(call: RepositoryCall): Promise<Answer> {
  const { store, repository, token } = call;
  const body = call.body as {
    readonly message: string;
    readonly tree: string;
    readonly parents?: readonly string[];
    readonly author?: Partial<Signature>;
    readonly committer?: Partial<Signature>;
  };
  const { message, tree, parents = [] } = body;
  if (!(await isObject(repository.git, "tree", tree))) throw unprocessable("Tree SHA does not exist");
  for (const parent of parents) {
    if (!(await isObject(repository.git, "commit", parent)))
      throw unprocessable("Parent SHA does not exist or is not a commit object");
  }
  const { login, id } = actor(token);
  const itself: Signature = { name: login, email: `${id}+${login}@users.noreply.github.com`, date: store.now() };
  const author = { ...itself, ...body.author };
  const committer = { ...author, ...body.committer };
  const sha = await writeCommit(repository.git, { tree, parents, message, author, committer });
  return created(toGitCommit(store, repository, await readCommit(repository.git, sha)));
}

async function isObject(git: Git, type: string, sha: string): Promise<boolean> {
  return /^[0-9a-f]{40}$/.test(sha) && (await git.attempt(["cat-file", "-t", sha])) === type;
}

function toGitCommit(store: Store, repository: Repository, commit: Commit): unknown {
  const { sha, tree, message, author, committer, parents } = commit;
  const git = `${apiUrl(store, repository)}/git`;
  return {
    sha,
    node_id: `C_${sha.slice(0, 12)}`,
    url: `${git}/commits/${sha}`,
    html_url: `${pageUrl(store, repository)}/commit/${sha}`,
    author,
    committer,
    message,
    tree: { sha: tree, url: `${git}/trees/${tree}` },
    parents: parents.map((parent) => ({ ...toParent(store, repository, parent), url: `${git}/commits/${parent}` })),
    verification: UNSIGNED,
  };
}
