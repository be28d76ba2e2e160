import { type Answer, notFound, ok } from "./answer.ts";
import { type RepositoryCall, textIn } from "./call.ts";
import { readCommit, toCommit } from "./commits.ts";
import { apiUrl, pageUrl } from "./store.ts";

export const branchRoutes = { "repos/get-branch": get };

async function get(call: RepositoryCall): Promise<Answer> {
  const { store, repository } = call;
  const name = textIn(call, "branch");
  const sha = await repository.git.attempt(["rev-parse", "--verify", "--quiet", `refs/heads/${name}`]);
  if (sha === undefined) throw notFound();
  const self = `${apiUrl(store, repository)}/branches/${encodeURIComponent(name)}`;
  return ok({
    name,
    commit: toCommit(store, repository, await readCommit(repository.git, sha)),
    _links: { self, html: `${pageUrl(store, repository)}/tree/${name}` },
    protected: false,
    protection: { enabled: false },
    protection_url: `${self}/protection`,
  });
}
