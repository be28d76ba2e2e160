import { addComment } from "./comments.ts";
import { commitFiles } from "./commit-files.ts";
import { resolveCommit, type Signature } from "./commits.ts";
import { addIssue } from "./issue-state.ts";
import { labelKeys } from "./labels.ts";
import { type MergeMethod, mergePull } from "./pull-merge.ts";
import { changeStateOf, openPull, refreshPulls } from "./pull-state.ts";
import { forkRepository } from "./repositories.ts";
import { type Comment, type Issue, pageUrl, type Pull, type Repository, type Role, type Store } from "./store.ts";
import { commentsOf, issueOf, pullOf } from "./subject.ts";
import { userOf } from "./users.ts";

/** A repository in a test's hands: everything that people do without us, and everything that a test wants to see. */
export interface RepositoryHandle extends Reading {
  /** `owner/name` */
  readonly name: string;
  /** The real bare repository. */
  readonly folder: string;
  /** What `git clone` takes; a page in a browser without `.git`. */
  readonly cloneUrl: string;
  /** Runs git in the bare repository. */
  git(...args: readonly string[]): Promise<string>;
  /** Writes one commit onto a branch and returns its SHA. A branch that is not there starts from `from`. */
  commit(branch: string, files: Files, options?: CommitOptions): Promise<string>;
  /** Moves a branch anywhere, as a force-push does. */
  reset(branch: string, revision: string): Promise<void>;
  removeBranch(branch: string): Promise<void>;
  /** The copy under another owner. */
  fork(owner: string): Promise<RepositoryHandle>;
  /** Opens a pull request and returns its number. */
  pullRequest(request: PullRequestOptions): Promise<number>;
  /** Merges a pull request as its button does; the SHA is `merge_commit_sha`. */
  merge(number: number, options?: MergeOptions): Promise<string>;
  /** Closes an issue, or a pull request without a merge. */
  close(number: number): Promise<void>;
  reopen(number: number): Promise<void>;
  lock(number: number): void;
  issue(request: IssueOptions): number;
  /** Comments as somebody else and returns the comment's id. */
  comment(number: number, request: CommentOptions): number;
  removeComment(id: number): void;
  /** Gives somebody a role. */
  collaborator(login: string, role: Role): void;
}

interface Reading {
  /** The SHA of a branch, a tag or a full ref. */
  head(ref: string): Promise<string>;
  pull(number: number): Pull;
  /** All issues, pull requests too, by number. */
  issues(): readonly Issue[];
  comments(number: number): readonly Comment[];
}

/** Text or bytes by path; `undefined` takes a file away. */
export type Files = Readonly<Record<string, string | Buffer | undefined>>;

export interface CommitOptions {
  readonly message?: string;
  /** A branch, tag or SHA; the default branch unless given. */
  readonly from?: string;
  /** A login. */
  readonly by?: string;
}

export interface PullRequestOptions {
  readonly branch: string;
  /** Where `branch` is, when it is not here. */
  readonly fork?: RepositoryHandle;
  /** The default branch unless given. */
  readonly base?: string;
  readonly title?: string;
  readonly body?: string;
  readonly by?: string;
  readonly draft?: boolean;
}

export interface MergeOptions {
  readonly method?: MergeMethod;
  readonly by?: string;
}

export interface IssueOptions {
  readonly title: string;
  readonly body?: string;
  readonly by?: string;
  readonly labels?: readonly string[];
}

export interface CommentOptions {
  readonly body: string;
  readonly by?: string;
}

/** Who does what nobody in particular does. */
const SOMEBODY = "ada";

export function handleOf(store: Store, repository: Repository): RepositoryHandle {
  const author = (login: string | undefined) => ({ author: userOf(store, login ?? SOMEBODY), app: undefined });
  const moved = async <T>(change: () => Promise<T>): Promise<T> =>
    store.serially(async () => {
      const result = await change();
      await refreshPulls(store);
      return result;
    });
  return {
    ...reading(repository),
    name: repository.fullName,
    folder: repository.git.folder,
    cloneUrl: `${pageUrl(store, repository)}.git`,
    git: (...args) => repository.git.run(args),
    commit: (branch, files, options) => moved(() => commit(store, repository, { branch, files, ...options })),
    reset: (branch, revision) => moved(async () => setBranch(repository, branch, revision)),
    removeBranch: (branch) =>
      moved(async () => void (await repository.git.run(["update-ref", "-d", `refs/heads/${branch}`]))),
    fork: async (owner) => handleOf(store, await forkRepository(store, repository, owner)),
    pullRequest: (request) => store.serially(async () => (await pullRequest(store, repository, request)).number),
    merge: (number, { method = "merge", by = SOMEBODY } = {}) =>
      store.serially(async () => (await mergePull(store, repository, number, { method, by: userOf(store, by) })).sha),
    close: (number) => store.serially(() => changeStateOf(store, repository, number, { state: "closed" })),
    reopen: (number) => store.serially(() => changeStateOf(store, repository, number, { state: "open" })),
    lock: (number) => void repository.issues.set(number, { ...issueOf(repository, number), locked: true }),
    issue: ({ title, body, by, labels = [] }) =>
      addIssue(store, repository, { title, body, ...author(by), labels: labelKeys(store, repository, labels) }).number,
    comment: (issue, { body, by }) => addComment(store, repository, { issue, body, ...author(by) }).id,
    removeComment: (id) => void repository.comments.delete(id),
    collaborator: (login, role) => void repository.roles.set(userOf(store, login).login.toLowerCase(), role),
  };
}

function reading(repository: Repository): Reading {
  return {
    head: (ref) => shaOf(repository, ref),
    pull: (number) => pullOf(repository, number),
    issues: () => [...repository.issues.values()],
    comments: (number) => commentsOf(repository, number),
  };
}

async function commit(
  store: Store,
  repository: Repository,
  {
    branch,
    files,
    message = "Change",
    from,
    by = SOMEBODY,
  }: CommitOptions & { readonly branch: string; readonly files: Files },
): Promise<string> {
  const { git, defaultBranch } = repository;
  const tip = await git.attempt(["rev-parse", "--verify", "--quiet", `refs/heads/${branch}`]);
  const start = from === undefined ? await resolveCommit(git, defaultBranch) : await shaOf(repository, from);
  const author: Signature = {
    name: by,
    email: `${userOf(store, by).login}@users.noreply.github.com`,
    date: store.now(),
  };
  return commitFiles(git, { branch, parent: tip ?? start, files, message, author, committer: author });
}

/** A fork's pull request is opened by the fork's owner, unless somebody else is named. */
function pullRequest(store: Store, repository: Repository, request: PullRequestOptions): Promise<Pull> {
  const { branch, fork, base = repository.defaultBranch, title = branch, body, draft = false } = request;
  const source = fork === undefined ? repository : named(store, fork.name);
  const author = userOf(store, request.by ?? (fork === undefined ? SOMEBODY : source.owner));
  const head = { repository: source, branch };
  return openPull(store, repository, { head, base, title, body, draft, author, app: undefined });
}

async function setBranch(repository: Repository, branch: string, revision: string): Promise<void> {
  await repository.git.run(["update-ref", `refs/heads/${branch}`, await shaOf(repository, revision)]);
}

async function shaOf(repository: Repository, ref: string): Promise<string> {
  const sha = await resolveCommit(repository.git, ref);
  if (sha === undefined) throw new Error(`${repository.fullName}: nothing is called ${ref}`);
  return sha;
}

function named(store: Store, fullName: string): Repository {
  const repository = store.repositories.get(fullName.toLowerCase());
  if (repository === undefined) throw new Error(`${fullName}: no such repository`);
  return repository;
}
