import { type Answer, created, errorAnswer, notFound, ok, Refusal, unprocessable } from "./answer.ts";
import { numberIn, type RepositoryCall } from "./call.ts";
import { resolveCommit } from "./commits.ts";
import { pageAnswer } from "./pagination.ts";
import { currentStatuses } from "./statuses.ts";
import { apiUrl, type Deployment, type Repository, type Store } from "./store.ts";
import { actor } from "./token.ts";
import { toAppOrNull, toUser } from "./users.ts";

export const deploymentRoutes = {
  "repos/create-deployment": create,
  "repos/get-deployment": (call: RepositoryCall): Answer =>
    ok(toDeployment(call.store, call.repository, deploymentAt(call))),
  "repos/list-deployments": list,
};

/** The deployment that a call names. */
export function deploymentAt(call: RepositoryCall): Deployment {
  const deployment = call.repository.deployments.get(numberIn(call, "deployment_id"));
  if (deployment === undefined) throw notFound();
  return deployment;
}

interface DeploymentBody {
  readonly ref: string;
  readonly task?: string;
  readonly auto_merge?: boolean;
  readonly required_contexts?: readonly string[];
  readonly payload?: unknown;
  readonly environment?: string;
  readonly description?: string | null;
  readonly transient_environment?: boolean;
  readonly production_environment?: boolean;
}

async function create(call: RepositoryCall): Promise<Answer> {
  const { store, repository, token } = call;
  const body = call.body as DeploymentBody;
  const sha = await resolveCommit(repository.git, body.ref);
  if (sha === undefined) throw unprocessable(`No ref found for: ${body.ref}`);
  refuseUnready(repository, sha, body);
  if (body.auto_merge !== false) await refuseBehind(repository, sha, body.ref);
  const { environment = "production" } = body;
  const deployment: Deployment = {
    id: store.nextId(),
    sha,
    ref: body.ref,
    task: body.task ?? "deploy",
    environment,
    payload: body.payload ?? {},
    description: body.description ?? undefined,
    transient: body.transient_environment ?? false,
    production: body.production_environment ?? environment === "production",
    author: actor(token),
    app: token.app,
    createdAt: store.now(),
  };
  repository.deployments.set(deployment.id, deployment);
  return created(toDeployment(store, repository, deployment));
}

/** Without `required_contexts`, every status of the commit has to be a success. */
function refuseUnready(
  repository: Repository,
  sha: string,
  { ref, required_contexts: required }: DeploymentBody,
): void {
  const statuses = currentStatuses(repository, sha);
  const states = new Map(statuses.map(({ context, state }) => [context, state]));
  const missing = (required ?? [...states.keys()]).filter((context) => states.get(context) !== "success");
  if (missing.length > 0) throw conflict(`Conflict: Commit status checks failed for ${ref}.`);
}

/** GitHub merges the default branch into a branch that is behind it, or refuses; here it always refuses. */
async function refuseBehind({ git, defaultBranch }: Repository, sha: string, ref: string): Promise<void> {
  const isBranch = (await git.attempt(["rev-parse", "--verify", "--quiet", `refs/heads/${ref}`])) !== undefined;
  const isBehind =
    (await git.attempt(["merge-base", "--is-ancestor", `refs/heads/${defaultBranch}`, sha])) === undefined;
  if (isBranch && isBehind) throw conflict(`Conflict merging ${defaultBranch} into ${ref}.`);
}

function conflict(message: string): Refusal {
  return new Refusal(errorAnswer(409, message), message);
}

function list(call: RepositoryCall): Promise<Answer> {
  const { store, repository, query } = call;
  const { sha, ref, task, environment } = query;
  const found = [...repository.deployments.values()]
    .filter((deployment) => sha === undefined || deployment.sha === sha)
    .filter((deployment) => ref === undefined || deployment.ref === ref)
    .filter((deployment) => task === undefined || deployment.task === task)
    .filter((deployment) => environment === undefined || deployment.environment === environment);
  return pageAnswer(call, found.toReversed(), (deployment) => toDeployment(store, repository, deployment));
}

function toDeployment(store: Store, repository: Repository, deployment: Deployment): unknown {
  const api = apiUrl(store, repository);
  const url = `${api}/deployments/${deployment.id}`;
  return {
    id: deployment.id,
    node_id: `DE_${deployment.id}`,
    url,
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description ?? null,
    creator: toUser(store, deployment.author),
    statuses_url: `${url}/statuses`,
    repository_url: api,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: toAppOrNull(store, deployment.app),
    created_at: deployment.createdAt,
    updated_at: deployment.createdAt,
  };
}
