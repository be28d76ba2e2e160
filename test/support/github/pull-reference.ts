import { apiUrl, type Pull, type Repository, type Store } from "./store.ts";

/** A pull request in few words, as check runs list it. */
export function toPullReference(store: Store, repository: Repository, pull: Pull): unknown {
  const inBrief = (where: Repository) => ({ id: where.id, url: apiUrl(store, where), name: where.name });
  return {
    id: repository.issues.get(pull.number)?.id,
    number: pull.number,
    url: `${apiUrl(store, repository)}/pulls/${pull.number}`,
    head: { ref: pull.head.branch, sha: pull.head.sha, repo: inBrief(pull.head.repository) },
    base: { ref: pull.base.branch, sha: pull.base.sha, repo: inBrief(repository) },
  };
}
