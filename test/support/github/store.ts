import type { Git } from "./git.ts";
import type { App, User } from "./users.ts";
import type { Token } from "./token.ts";

/** Everything the stand-in knows. Records are replaced, never changed; Git data is in real bare repositories. */
export interface Store {
  /** The base of every URL, without a slash at the end. */
  readonly url: string;
  readonly folder: string;
  /** Now as GitHub writes it: UTC, whole seconds. */
  readonly now: () => string;
  readonly nextId: () => number;
  readonly users: Map<string, User>;
  readonly apps: Map<string, App>;
  readonly tokens: Map<string, Token>;
  /** By lower-case `owner/name`. */
  readonly repositories: Map<string, Repository>;
  /** Runs one change after the other, so that a change sees whole ones only. */
  readonly serially: <T>(change: () => Promise<T>) => Promise<T>;
}

export type Role = "admin" | "maintain" | "write" | "triage" | "read" | "none";

export interface Repository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly fullName: string;
  readonly private: boolean;
  readonly defaultBranch: string;
  readonly createdAt: string;
  readonly parent?: Repository;
  readonly git: Git;
  /** Roles by lower-case login. */
  readonly roles: Map<string, Role>;
  readonly issues: Map<number, Issue>;
  /** The part of a pull request that an issue does not have, by the same number. */
  readonly pulls: Map<number, Pull>;
  readonly labels: Map<string, Label>;
  readonly comments: Map<number, Comment>;
  readonly reactions: Map<number, Reaction>;
  readonly checkRuns: Map<number, CheckRun>;
  readonly statuses: Map<number, CommitStatus>;
  readonly deployments: Map<number, Deployment>;
  readonly deploymentStatuses: Map<number, DeploymentStatus>;
}

export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly body: string | undefined;
  readonly state: "open" | "closed";
  readonly stateReason: "completed" | "not_planned" | "duplicate" | "reopened" | undefined;
  readonly locked: boolean;
  readonly author: User;
  readonly app: App | undefined;
  /** Lower-case names. */
  readonly labels: readonly string[];
  readonly assignees: readonly User[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly closedAt: string | undefined;
}

export interface Pull {
  readonly number: number;
  readonly draft: boolean;
  readonly head: { readonly repository: Repository; readonly branch: string; readonly sha: string };
  /** `sha` is the base branch's tip when the head was last pushed, which is what GitHub shows, not its tip now. */
  readonly base: { readonly branch: string; readonly sha: string };
  readonly testMerge: TestMerge;
  readonly merged: Merged | undefined;
}

/** What `refs/pull/N/merge` was made of; no `sha`: the branches conflict. */
export interface TestMerge {
  readonly base: string;
  readonly head: string;
  readonly sha: string | undefined;
}

export interface Merged {
  readonly at: string;
  readonly by: User;
  readonly sha: string;
  /** The base branch's tip before the merge. */
  readonly onto: string;
  /** Every commit that the merge brought to the base branch. */
  readonly commits: readonly string[];
}

export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | undefined;
}

export interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly body: string;
  readonly author: User;
  readonly app: App | undefined;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Reaction {
  readonly id: number;
  readonly comment: number;
  readonly content: string;
  readonly author: User;
  readonly createdAt: string;
}

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column?: number;
  readonly end_column?: number;
  readonly annotation_level: string;
  readonly message: string;
  readonly title?: string;
  readonly raw_details?: string;
}

export interface CheckRun {
  readonly id: number;
  readonly suite: number;
  readonly name: string;
  readonly headSha: string;
  readonly app: App;
  readonly status: string;
  readonly conclusion: string | undefined;
  readonly startedAt: string;
  readonly completedAt: string | undefined;
  readonly detailsUrl: string | undefined;
  readonly externalId: string | undefined;
  readonly title: string | undefined;
  readonly summary: string | undefined;
  readonly text: string | undefined;
  readonly annotations: readonly Annotation[];
}

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly state: "error" | "failure" | "pending" | "success";
  readonly context: string;
  readonly description: string | undefined;
  readonly targetUrl: string | undefined;
  readonly author: User;
  readonly createdAt: string;
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly payload: unknown;
  readonly description: string | undefined;
  readonly transient: boolean;
  readonly production: boolean;
  readonly author: User;
  readonly app: App | undefined;
  readonly createdAt: string;
}

export interface DeploymentStatus {
  readonly id: number;
  readonly deployment: number;
  readonly state: string;
  readonly description: string;
  readonly environment: string;
  readonly logUrl: string;
  readonly environmentUrl: string;
  readonly author: User;
  readonly app: App | undefined;
  readonly createdAt: string;
}

export function createStore(url: string, folder: string, clock: () => Date): Store {
  let id = 1000;
  let last: Promise<unknown> = Promise.resolve();
  return {
    url,
    folder,
    now: () =>
      clock()
        .toISOString()
        .replace(/\.\d{3}Z$/, "Z"),
    nextId: () => ++id,
    users: new Map(),
    apps: new Map(),
    tokens: new Map(),
    repositories: new Map(),
    serially: (change) => {
      const result = last.then(change);
      last = result.catch(() => undefined);
      return result;
    },
  };
}

/** Base of a repository's REST URLs. */
export function apiUrl(store: Store, repository: Repository): string {
  return `${store.url}/repos/${repository.fullName}`;
}

/** Base of a repository's pages. */
export function pageUrl(store: Store, repository: Repository): string {
  return `${store.url}/${repository.fullName}`;
}

/** The next free number; issues and pull requests share them. */
export function nextNumber(repository: Repository): number {
  return Math.max(0, ...repository.issues.keys()) + 1;
}
