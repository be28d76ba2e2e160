import { temporaryFolder } from "../../../src/system/temporary-folder.ts";
import { createFaults, type Faults } from "./faults.ts";
import { createRateLimit, GITHUB_LIMITS, type Limits } from "./rate-limit.ts";
import type { LoggedRequest, Violation } from "./record.ts";
import { createRepository, type RepositoryOptions } from "./repositories.ts";
import { handleOf, type RepositoryHandle } from "./repository.ts";
import { startServer } from "./server.ts";
import { createStore } from "./store.ts";
import { mintToken, type TokenRequest } from "./token.ts";

/** A GitHub of our own over HTTP: REST, GraphQL's `viewer` and Git, stateful, on the loopback device. */
export interface GitHub extends AsyncDisposable {
  /** Base of REST, of pages and of clone URLs, without a slash at the end; GraphQL is at `/graphql`. */
  readonly url: string;
  /** Makes a repository `owner/name`; it is empty until something is committed. */
  repository(name: string, options?: RepositoryOptions): Promise<RepositoryHandle>;
  /** Mints a token. */
  token(request: TokenRequest): string;
  /** Every request so far, in the order of the answers. */
  readonly requests: readonly LoggedRequest[];
  /** What did not fit GitHub's description so far. Every test ends with `expect(github.violations).toEqual([])`. */
  readonly violations: readonly Violation[];
  readonly faults: Faults;
  /** Lowers or raises the limits from now on. */
  limit(limits: Partial<Limits>): void;
}

export interface GitHubOptions {
  /** What time it is; the system's unless given. */
  readonly clock?: () => Date;
  readonly limits?: Partial<Limits>;
}

export async function startGitHub({ clock = () => new Date(), limits = {} }: GitHubOptions = {}): Promise<GitHub> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder("github-"));
  const server = stack.use(await startServer());
  const store = createStore(server.url, folder.path, clock);
  const requests: LoggedRequest[] = [];
  const violations: Violation[] = [];
  const faults = createFaults();
  const rateLimit = createRateLimit({ ...GITHUB_LIMITS, ...limits }, clock);
  server.serve({ store, faults, rateLimit, requests, violations });
  const started = stack.move();
  return {
    url: server.url,
    repository: async (name, options) => handleOf(store, await createRepository(store, name, options)),
    token: (request) => mintToken(store, request),
    requests,
    violations,
    faults,
    limit: (changed) => {
      rateLimit.limits = { ...rateLimit.limits, ...changed };
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}
