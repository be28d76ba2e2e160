import { expect } from "vitest";
import type { SafeText } from "../../src/model/safe-text.ts";
import type { Forge } from "../../src/forge-ports.ts";
import { createForge } from "../../src/github/forge.ts";
import { type GitHub, startGitHub } from "../support/github/github.ts";
import type { RepositoryHandle } from "../support/github/repository.ts";
import type { Permissions } from "../support/github/token.ts";

export const ALL: Permissions = { checks: "write", contents: "read", issues: "write", pull_requests: "write" };
export const BOT = "github-actions[bot]";
export const never = new AbortController().signal;

/** `acme/shop` on a GitHub of our own, with the open pull request of `topic`. Whatever breaks GitHub's description fails the test. */
export interface ForgeFixture extends AsyncDisposable {
  readonly github: GitHub;
  readonly repository: RepositoryHandle;
  readonly main: string;
  readonly topic: string;
  readonly pull: number;
  /** A forge with a token of that login and those permissions. */
  forge(login?: string, permissions?: Permissions): Forge;
  /** `POST comments`, `PATCH issues/5`: the writes so far, without the repository. */
  writes(): readonly string[];
}

export async function forgeFixture(options?: { readonly private?: boolean }): Promise<ForgeFixture> {
  const github = await startGitHub();
  const repository = await github.repository("acme/shop", options);
  const main = await repository.commit("main", { "deploy/web.yaml": "replicas: 1\n" });
  const topic = await repository.commit("topic", { "deploy/web.yaml": "replicas: 2\n" });
  const pull = await repository.pullRequest({ branch: "topic", title: "More replicas", by: "grace" });
  return {
    github,
    repository,
    main,
    topic,
    pull,
    forge: (login = BOT, permissions = ALL) =>
      createForge({
        token: github.token({ login, permissions }),
        apiUrl: github.url,
        repository: "acme/shop",
        userAgent: "plumbline/test",
        writeSpacingMilliseconds: 0,
        secondMilliseconds: 0,
      }),
    writes: () =>
      github.requests
        .filter(({ method, operation }) => method !== "GET" && operation !== "graphql")
        .map(({ method, path }) => `${method} ${path.replace("/repos/acme/shop/", "").replace(/\/\d{4,}/, "/...")}`),
    [Symbol.asyncDispose]: async () => {
      await github[Symbol.asyncDispose]();
      expect(github.violations).toEqual([]);
    },
  };
}

export function safe(text: string): SafeText {
  return text as SafeText;
}
