import { notFound, refuse } from "./answer.ts";
import type { RepositoryCall } from "./call.ts";
import type { RootOperation } from "./meta.ts";
import type { OperationId } from "./operations.ts";
import type { Repository, Role } from "./store.ts";
import type { Level, Scope, Token } from "./token.ts";

/** Any one of these is enough. */
type Requirement = readonly (readonly [scope: Scope, level: Level])[];

const read = (...scopes: readonly Scope[]): Requirement => scopes.map((scope) => [scope, "read"]);
const write = (...scopes: readonly Scope[]): Requirement => scopes.map((scope) => [scope, "write"]);

/** What an app's token needs, as GitHub's documentation lists it per operation. */
const REQUIREMENTS: Readonly<Record<Exclude<OperationId, RootOperation>, Requirement>> = {
  "checks/create": write("checks"),
  "checks/get": read("checks"),
  "checks/list-annotations": read("checks"),
  "checks/list-for-ref": read("checks"),
  "checks/update": write("checks"),
  "git/create-blob": write("contents"),
  "git/create-commit": write("contents"),
  "git/create-ref": write("contents"),
  "git/create-tree": write("contents"),
  "git/delete-ref": write("contents"),
  "git/get-blob": read("contents"),
  "git/get-commit": read("contents"),
  "git/get-ref": read("contents"),
  "git/get-tree": read("contents"),
  "git/list-matching-refs": read("contents"),
  "git/update-ref": write("contents"),
  "issues/add-labels": write("issues", "pull_requests"),
  "issues/create": write("issues"),
  "issues/create-comment": write("issues", "pull_requests"),
  "issues/create-label": write("issues", "pull_requests"),
  "issues/delete-comment": write("issues", "pull_requests"),
  "issues/get": read("issues", "pull_requests"),
  "issues/get-comment": read("issues", "pull_requests"),
  "issues/get-label": read("issues", "pull_requests"),
  "issues/list-comments": read("issues", "pull_requests"),
  "issues/list-comments-for-repo": read("issues", "pull_requests"),
  "issues/list-for-repo": read("issues"),
  "issues/list-labels-for-repo": read("issues", "pull_requests"),
  "issues/list-labels-on-issue": read("issues", "pull_requests"),
  "issues/remove-label": write("issues", "pull_requests"),
  "issues/set-labels": write("issues", "pull_requests"),
  "issues/update": write("issues", "pull_requests"),
  "issues/update-comment": write("issues", "pull_requests"),
  "pulls/create": write("pull_requests"),
  "pulls/get": read("pull_requests", "contents"),
  "pulls/list": read("pull_requests"),
  "pulls/list-commits": read("pull_requests"),
  "pulls/list-files": read("pull_requests"),
  "pulls/update": write("pull_requests"),
  "reactions/create-for-issue-comment": write("issues", "pull_requests"),
  "reactions/delete-for-issue-comment": write("issues", "pull_requests"),
  "reactions/list-for-issue-comment": read("issues", "pull_requests"),
  "repos/compare-commits-with-basehead": read("contents"),
  "repos/create-commit-status": write("statuses"),
  "repos/create-deployment": write("deployments"),
  "repos/create-deployment-status": write("deployments"),
  "repos/create-or-update-file-contents": write("contents"),
  "repos/get": read("metadata"),
  "repos/get-branch": read("contents"),
  "repos/get-collaborator-permission-level": read("metadata"),
  "repos/get-combined-status-for-ref": read("statuses"),
  "repos/get-commit": read("contents"),
  "repos/get-content": read("contents"),
  "repos/get-deployment": read("deployments"),
  "repos/list-commit-statuses-for-ref": read("statuses"),
  "repos/list-commits": read("contents"),
  "repos/list-deployment-statuses": read("deployments"),
  "repos/list-deployments": read("deployments"),
  "repos/list-pull-requests-associated-with-commit": read("pull_requests", "contents"),
};

/** What anybody with an account may do in a public repository. */
const OPEN_TO_ALL: readonly OperationId[] = [
  "issues/create",
  "issues/create-comment",
  "pulls/create",
  "reactions/create-for-issue-comment",
];
/** What one may do to one's own issues, comments and reactions; the operation itself looks at the author. */
const OPEN_TO_AUTHORS: readonly OperationId[] = [
  "issues/update",
  "issues/update-comment",
  "issues/delete-comment",
  "pulls/update",
  "reactions/delete-for-issue-comment",
];

/** Refuses a call that the token may not make: 404 for what it may not see, 403 for what it may not do. */
export function authorize(call: RepositoryCall): void {
  const { token, repository } = call;
  if (!isVisible(token, repository)) throw notFound();
  const needed = REQUIREMENTS[call.operation as keyof typeof REQUIREMENTS];
  if (needed.every(([, level]) => level === "read") && !repository.private) return;
  if (token.kind === "anonymous") throw refuse(401, "Requires authentication");
  if (token.kind === "app") return authorizeApp(call, needed);
  authorizeUser(call, needed);
}

/** A repository outside a token's reach does not exist for it. */
export function isVisible(token: Token, repository: Repository): boolean {
  if (!repository.private) return true;
  if (token.kind === "anonymous") return false;
  if (token.kind === "user") return roleOf(repository, token.user?.login ?? "") !== "none";
  return token.repositories?.includes(repository.fullName.toLowerCase()) ?? true;
}

/** What a person may do in a repository; anybody reads a public one. */
export function roleOf(repository: Repository, login: string): Role {
  if (login.toLowerCase() === repository.owner.toLowerCase()) return "admin";
  return repository.roles.get(login.toLowerCase()) ?? (repository.private ? "none" : "read");
}

/** May this token push? */
export function mayPush(token: Token, repository: Repository): boolean {
  if (token.kind === "app") return isReachable(token, repository) && token.permissions.contents === "write";
  return token.user !== undefined && hasWrite(roleOf(repository, token.user.login));
}

/** May this token clone? */
export function mayClone(token: Token, repository: Repository): boolean {
  if (!repository.private) return true;
  if (token.kind === "app") return isVisible(token, repository) && token.permissions.contents !== undefined;
  return isVisible(token, repository);
}

export function hasWrite(role: Role): boolean {
  return role === "admin" || role === "maintain" || role === "write";
}

/** Is it this token's own, or may it change what others wrote? */
export function mayModerate(token: Token, repository: Repository, authorId: number): boolean {
  if (token.user?.id === authorId || token.kind === "app") return true;
  return hasWrite(roleOf(repository, token.user?.login ?? ""));
}

function authorizeApp(call: RepositoryCall, needed: Requirement): void {
  const { token, repository } = call;
  const scopes = narrowed(call, needed);
  const enough = scopes.some(
    ([scope, level]) => token.permissions[scope] === "write" || token.permissions[scope] === level,
  );
  if (!enough || !isReachable(token, repository)) throw refuse(403, "Resource not accessible by integration");
}

/** Where either of two scopes is listed, it depends on what the comment or label is on: a pull request or an issue. */
function narrowed(call: RepositoryCall, needed: Requirement): Requirement {
  const number = subjectNumber(call);
  if (number === undefined || call.repository.pulls.has(number)) return needed;
  return call.repository.issues.has(number) ? needed.filter(([scope]) => scope === "issues") : needed;
}

function subjectNumber({ path, repository }: RepositoryCall): number | undefined {
  if (path["issue_number"] !== undefined) return Number(path["issue_number"]);
  return path["comment_id"] === undefined ? undefined : repository.comments.get(Number(path["comment_id"]))?.issue;
}

function isReachable(token: Token, repository: Repository): boolean {
  return token.repositories?.includes(repository.fullName.toLowerCase()) ?? true;
}

function authorizeUser({ token, operation, repository }: RepositoryCall, needed: Requirement): void {
  const isWrite = needed.some(([, level]) => level === "write");
  if (isWrite && needed.some(([scope]) => scope === "checks")) {
    throw refuse(403, "You must authenticate via a GitHub App.");
  }
  if (!isWrite || OPEN_TO_ALL.includes(operation) || OPEN_TO_AUTHORS.includes(operation)) return;
  const role = roleOf(repository, token.user?.login ?? "");
  const isTriage = role === "triage" && needed.some(([scope]) => scope === "issues");
  if (!hasWrite(role) && !isTriage) throw refuse(403, "Must have push access to the repository.");
}
