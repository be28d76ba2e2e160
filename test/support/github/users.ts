import type { Store } from "./store.ts";

export interface User {
  readonly login: string;
  readonly id: number;
  readonly type: "User" | "Bot" | "Organization";
}

/** A GitHub App as it shows in check runs and comments. */
export interface App {
  readonly id: number;
  readonly slug: string;
}

/** The ids that every github.com user knows. */
const KNOWN_IDS: Readonly<Record<string, number>> = {
  "github-actions[bot]": 41_898_282,
  "dependabot[bot]": 49_699_333,
};
const KNOWN_APP_IDS: Readonly<Record<string, number>> = { "github-actions": 15_368, dependabot: 29_110 };

/** The user of that login, made on first mention. */
export function userOf(store: Store, login: string): User {
  const known = store.users.get(login.toLowerCase());
  if (known !== undefined) return known;
  const type = login.endsWith("[bot]") ? "Bot" : "User";
  const user: User = { login, id: KNOWN_IDS[login] ?? store.nextId(), type };
  store.users.set(login.toLowerCase(), user);
  return user;
}

/** The app of that slug, made on first mention. */
export function appOf(store: Store, slug: string): App {
  const known = store.apps.get(slug);
  if (known !== undefined) return known;
  const app: App = { slug, id: KNOWN_APP_IDS[slug] ?? store.nextId() };
  store.apps.set(slug, app);
  return app;
}

export function toUser(store: Store, { login, id, type }: User): Readonly<Record<string, unknown>> {
  // `[bot]` is not valid in a URL as it stands.
  const path = encodeURIComponent(login);
  const url = `${store.url}/users/${path}`;
  return {
    login,
    id,
    node_id: `U_${id}`,
    avatar_url: `${store.url}/avatars/${id}`,
    gravatar_id: "",
    url,
    html_url: `${store.url}/${path}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: "public",
    site_admin: false,
  };
}

export function toApp(store: Store, { id, slug }: App): Readonly<Record<string, unknown>> {
  return {
    id,
    slug,
    client_id: `Iv1.${id}`,
    node_id: `A_${id}`,
    owner: toUser(store, userOf(store, slug === "github-actions" ? "github" : `${slug}-owner`)),
    name: slug,
    description: "",
    external_url: `${store.url}/apps/${slug}`,
    html_url: `${store.url}/apps/${slug}`,
    created_at: "2024-01-01T00:00:00Z",
    updated_at: "2024-01-01T00:00:00Z",
    permissions: {},
    events: [],
  };
}

/** `performed_via_github_app`: null for what a person did. */
export function toAppOrNull(store: Store, app: App | undefined): Readonly<Record<string, unknown>> | null {
  return app === undefined ? null : toApp(store, app);
}
