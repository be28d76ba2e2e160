import { randomBytes } from "node:crypto";
import { refuse } from "./answer.ts";
import type { Store } from "./store.ts";
import { type App, appOf, type User, userOf } from "./users.ts";

export type Level = "read" | "write";
export type Scope = "checks" | "contents" | "deployments" | "issues" | "metadata" | "pull_requests" | "statuses";
export type Permissions = Readonly<Partial<Record<Scope, Level>>>;

/** What a workflow run for a fork's pull request gets, whatever its `permissions` ask for. */
export const FORK_PERMISSIONS: Permissions = {
  checks: "read",
  contents: "read",
  deployments: "read",
  issues: "read",
  metadata: "read",
  pull_requests: "read",
  statuses: "read",
};

export interface TokenRequest {
  /** `github-actions[bot]` for a workflow's token, `<slug>[bot]` for an app's, else a person's. */
  readonly login: string;
  /** By scope. A person's token needs none: the person's role counts. */
  readonly permissions?: Permissions;
  /** An app's slug; a bot's login without `[bot]` unless given. */
  readonly app?: string;
  /** `owner/name` of the only repositories that the token is for; all unless given. */
  readonly repositories?: readonly string[];
}

export interface Token {
  readonly user: User | undefined;
  /** `user` acts by role, `app` by permissions, `anonymous` reads what is public. */
  readonly kind: "user" | "app" | "anonymous";
  readonly app: App | undefined;
  readonly permissions: Permissions;
  readonly repositories: readonly string[] | undefined;
  readonly name: string;
}

export const ANONYMOUS: Token = {
  user: undefined,
  kind: "anonymous",
  app: undefined,
  permissions: {},
  repositories: undefined,
  name: "",
};

/** Mints a token and returns its secret text. */
export function mintToken(store: Store, request: TokenRequest): string {
  const slug = request.app ?? (request.login.endsWith("[bot]") ? request.login.slice(0, -"[bot]".length) : undefined);
  const name = `${slug === undefined ? "ghp" : "ghs"}_${randomBytes(18).toString("hex")}`;
  store.tokens.set(name, {
    user: userOf(store, request.login),
    kind: slug === undefined ? "user" : "app",
    app: slug === undefined ? undefined : appOf(store, slug),
    permissions: { metadata: "read", ...request.permissions },
    repositories: request.repositories?.map((repository) => repository.toLowerCase()),
    name,
  });
  return name;
}

/** Whose request it is, by an `authorization` header of any form that GitHub takes; `undefined` for a secret that is no token. */
export function authenticate(store: Store, header: string | undefined): Token | undefined {
  return header === undefined ? ANONYMOUS : store.tokens.get(secretOf(header) ?? "");
}

/** The user of a request; an anonymous one has none. */
export function actor(token: Token): User {
  if (token.user === undefined) throw refuse(401, "Requires authentication");
  return token.user;
}

function secretOf(header: string): string | undefined {
  const basic = /^basic (.+)$/i.exec(header)?.[1];
  if (basic !== undefined)
    return Buffer.from(basic, "base64")
      .toString("utf8")
      .replace(/^[^:]*:/, "");
  return /^(?:bearer|token) (.+)$/i.exec(header)?.[1];
}
