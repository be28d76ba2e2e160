import { hasWrite } from "./permissions.ts";
import type { Repository } from "./store.ts";
import type { User } from "./users.ts";

/** What an author is to a repository, as GitHub shows beside a name. */
export function associationOf(repository: Repository, { login, id }: User): string {
  if (login.toLowerCase() === repository.owner.toLowerCase()) return "OWNER";
  const role = repository.roles.get(login.toLowerCase());
  if (role !== undefined && (hasWrite(role) || role === "triage")) return "COLLABORATOR";
  const hasMerged = [...repository.pulls.values()].some(
    (pull) => pull.merged !== undefined && repository.issues.get(pull.number)?.author.id === id,
  );
  return hasMerged ? "CONTRIBUTOR" : "NONE";
}
