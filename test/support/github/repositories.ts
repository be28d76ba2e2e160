import path from "node:path";
import { ok } from "./answer.ts";
import type { RepositoryCall } from "./call.ts";
import { cloneBare, initBare } from "./git.ts";
import { apiUrl, pageUrl, type Repository, type Store } from "./store.ts";
import { toUser, userOf } from "./users.ts";

export interface RepositoryOptions {
  readonly defaultBranch?: string;
  readonly private?: boolean;
}

/** Makes an empty repository `owner/name`. */
export async function createRepository(
  store: Store,
  fullName: string,
  { defaultBranch = "main", private: isPrivate = false }: RepositoryOptions = {},
): Promise<Repository> {
  const git = await initBare(folderOf(store, fullName), defaultBranch);
  return add(store, { ...emptyRepository(store, fullName), git, defaultBranch, private: isPrivate });
}

/** Makes a copy of a repository under another owner. */
export async function forkRepository(store: Store, parent: Repository, owner: string): Promise<Repository> {
  const fullName = `${owner}/${parent.name}`;
  const git = await cloneBare(parent.git, folderOf(store, fullName));
  const { defaultBranch, private: isPrivate } = parent;
  return add(store, { ...emptyRepository(store, fullName), git, defaultBranch, private: isPrivate, parent });
}

export const repositoryRoutes = {
  "repos/get": ({ store, repository }: RepositoryCall) => ok(toFullRepository(store, repository)),
};

/** A repository as it shows in pull requests. */
export function toRepository(store: Store, repository: Repository): Readonly<Record<string, unknown>> {
  const { id, name, fullName, createdAt } = repository;
  const html = pageUrl(store, repository);
  return {
    id,
    node_id: `R_${id}`,
    name,
    full_name: fullName,
    private: repository.private,
    visibility: repository.private ? "private" : "public",
    owner: toUser(store, userOf(store, repository.owner)),
    html_url: html,
    description: null,
    fork: repository.parent !== undefined,
    ...urls(apiUrl(store, repository)),
    clone_url: `${html}.git`,
    git_url: `git://${fullName}.git`,
    ssh_url: `git@${fullName}.git`,
    svn_url: html,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: repository.defaultBranch,
    ...COUNTS,
    ...FEATURES,
    open_issues: openCount(repository),
    open_issues_count: openCount(repository),
    pushed_at: createdAt,
    created_at: createdAt,
    updated_at: createdAt,
  };
}

const COUNTS = { forks: 0, forks_count: 0, stargazers_count: 0, watchers: 0, watchers_count: 0, size: 0 };

const FEATURES = {
  archived: false,
  disabled: false,
  has_discussions: false,
  has_downloads: true,
  has_issues: true,
  has_pages: false,
  has_projects: true,
  has_wiki: false,
  is_template: false,
};

function toFullRepository(store: Store, repository: Repository): Readonly<Record<string, unknown>> {
  return { ...toRepository(store, repository), network_count: 0, subscribers_count: 0 };
}

function emptyRepository(store: Store, fullName: string): Omit<Repository, "git" | "defaultBranch" | "private"> {
  const [owner, name] = fullName.split("/");
  if (owner === undefined || name === undefined) throw new Error(`${fullName}: not owner/name`);
  return {
    id: store.nextId(),
    owner,
    name,
    fullName,
    createdAt: store.now(),
    roles: new Map(),
    issues: new Map(),
    pulls: new Map(),
    labels: new Map(),
    comments: new Map(),
    reactions: new Map(),
    checkRuns: new Map(),
    statuses: new Map(),
    deployments: new Map(),
    deploymentStatuses: new Map(),
  };
}

function add(store: Store, repository: Repository): Repository {
  store.repositories.set(repository.fullName.toLowerCase(), repository);
  return repository;
}

function folderOf(store: Store, fullName: string): string {
  return path.join(store.folder, `${fullName.toLowerCase()}.git`);
}

function openCount(repository: Repository): number {
  return [...repository.issues.values()].filter(({ state }) => state === "open").length;
}

/** Link members by what follows the repository's URL. */
const LINKS: Readonly<Record<string, string>> = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  contributors_url: "/contributors",
  deployments_url: "/deployments",
  downloads_url: "/downloads",
  events_url: "/events",
  forks_url: "/forks",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  hooks_url: "/hooks",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  languages_url: "/languages",
  merges_url: "/merges",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  stargazers_url: "/stargazers",
  statuses_url: "/statuses/{sha}",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  tags_url: "/tags",
  teams_url: "/teams",
  trees_url: "/git/trees{/sha}",
  url: "",
};

function urls(url: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(LINKS).map(([name, rest]) => [name, `${url}${rest}`]));
}
