import { type Answer, created } from "./answer.ts";
import type { RepositoryCall } from "./call.ts";
import { deploymentAt } from "./deployments.ts";
import { pageAnswer } from "./pagination.ts";
import { apiUrl, type Deployment, type DeploymentStatus, type Repository, type Store } from "./store.ts";
import { checkLength } from "./text-limit.ts";
import { actor } from "./token.ts";
import { toAppOrNull, toUser } from "./users.ts";

const DESCRIPTION_CHARACTERS = 140;

export const deploymentStatusRoutes = {
  "repos/create-deployment-status": create,
  "repos/list-deployment-statuses": list,
};

interface StatusBody {
  readonly state: string;
  readonly target_url?: string;
  readonly log_url?: string;
  readonly description?: string;
  readonly environment?: string;
  readonly environment_url?: string;
  readonly auto_inactive?: boolean;
}

function create(call: RepositoryCall): Answer {
  const { store, repository } = call;
  const deployment = deploymentAt(call);
  const body = call.body as StatusBody;
  checkLength("DeploymentStatus", "description", body.description, DESCRIPTION_CHARACTERS);
  if (body.state === "success" && body.auto_inactive !== false) retire(call, deployment);
  return created(toStatus(store, repository, add(call, deployment, body)));
}

/** A success ends the older deployments to the environment, except to what is transient or production. */
function retire(call: RepositoryCall, deployment: Deployment): void {
  const { repository } = call;
  const older = [...repository.deployments.values()]
    .filter(({ id, environment }) => id < deployment.id && environment === deployment.environment)
    .filter(({ transient, production }) => !transient && !production)
    .filter((other) => statusesOf(repository, other).at(-1)?.state !== "inactive");
  for (const other of older) add(call, other, { state: "inactive" });
}

function add({ store, repository, token }: RepositoryCall, deployment: Deployment, body: StatusBody): DeploymentStatus {
  const status: DeploymentStatus = {
    id: store.nextId(),
    deployment: deployment.id,
    state: body.state,
    description: body.description ?? "",
    environment: body.environment ?? deployment.environment,
    logUrl: body.log_url ?? body.target_url ?? "",
    environmentUrl: body.environment_url ?? "",
    author: actor(token),
    app: token.app,
    createdAt: store.now(),
  };
  repository.deploymentStatuses.set(status.id, status);
  return status;
}

function list(call: RepositoryCall): Promise<Answer> {
  const { store, repository } = call;
  const newestFirst = statusesOf(repository, deploymentAt(call)).toReversed();
  return pageAnswer(call, newestFirst, (status) => toStatus(store, repository, status));
}

function statusesOf(repository: Repository, { id }: Deployment): readonly DeploymentStatus[] {
  return [...repository.deploymentStatuses.values()].filter((status) => status.deployment === id);
}

function toStatus(store: Store, repository: Repository, status: DeploymentStatus): unknown {
  const api = apiUrl(store, repository);
  const deployment = `${api}/deployments/${status.deployment}`;
  return {
    id: status.id,
    node_id: `DES_${status.id}`,
    url: `${deployment}/statuses/${status.id}`,
    state: status.state,
    creator: toUser(store, status.author),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    log_url: status.logUrl,
    environment_url: status.environmentUrl,
    deployment_url: deployment,
    repository_url: api,
    performed_via_github_app: toAppOrNull(store, status.app),
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}
