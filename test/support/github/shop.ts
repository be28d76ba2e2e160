import { type Client, clientOf } from "./client.ts";
import { type GitHub, type GitHubOptions, startGitHub } from "./github.ts";
import type { RepositoryOptions } from "./repositories.ts";
import type { RepositoryHandle } from "./repository.ts";
import type { Permissions, TokenRequest } from "./token.ts";

/** What a workflow may be given at most. */
export const ALL: Permissions = {
  checks: "write",
  contents: "write",
  deployments: "write",
  issues: "write",
  pull_requests: "write",
  statuses: "write",
};

/** `acme/shop` with one commit, and clients for whoever asks. */
export interface Shop extends AsyncDisposable {
  readonly github: GitHub;
  readonly repository: RepositoryHandle;
  /** The workflow's token with every permission. */
  readonly bot: Client;
  client(request: TokenRequest): Client;
  readonly anonymous: Client;
}

export async function shop(options: GitHubOptions & RepositoryOptions = {}): Promise<Shop> {
  const github = await startGitHub(options);
  const repository = await github.repository("acme/shop", options);
  await repository.commit("main", { "web.yaml": "replicas: 1\n", "config/app.yaml": "level: info\n" });
  const client = (request: TokenRequest): Client => clientOf(github, github.token(request));
  return {
    github,
    repository,
    client,
    bot: client({ login: "github-actions[bot]", permissions: ALL }),
    anonymous: clientOf(github),
    [Symbol.asyncDispose]: () => github[Symbol.asyncDispose](),
  };
}
