import type { Answer } from "./answer.ts";
import { blobRoutes } from "./blobs.ts";
import { branchRoutes } from "./branches.ts";
import type { RepositoryCall } from "./call.ts";
import { checkRoutes } from "./checks.ts";
import { collaboratorRoutes } from "./collaborators.ts";
import { commentRoutes } from "./comments.ts";
import { commitRoutes } from "./commits.ts";
import { compareRoutes } from "./compare.ts";
import { contentRoutes } from "./contents.ts";
import { deploymentRoutes } from "./deployments.ts";
import { deploymentStatusRoutes } from "./deployment-statuses.ts";
import { gitCommitRoutes } from "./git-commits.ts";
import { issueRoutes } from "./issues.ts";
import { labelRoutes } from "./labels.ts";
import type { RootOperation } from "./meta.ts";
import type { OperationId } from "./operations.ts";
import { pullRoutes } from "./pulls.ts";
import { reactionRoutes } from "./reactions.ts";
import { refRoutes } from "./refs.ts";
import { repositoryRoutes } from "./repositories.ts";
import { statusRoutes } from "./statuses.ts";
import { treeRoutes } from "./trees.ts";

export type RepositoryOperation = Exclude<OperationId, RootOperation>;
export type Route = (call: RepositoryCall) => Answer | Promise<Answer>;

/** Every operation on a repository; the compiler finds one that is missing. */
export const ROUTES: Readonly<Record<RepositoryOperation, Route>> = {
  ...blobRoutes,
  ...branchRoutes,
  ...checkRoutes,
  ...collaboratorRoutes,
  ...commentRoutes,
  ...commitRoutes,
  ...compareRoutes,
  ...contentRoutes,
  ...deploymentRoutes,
  ...deploymentStatusRoutes,
  ...gitCommitRoutes,
  ...issueRoutes,
  ...labelRoutes,
  ...pullRoutes,
  ...reactionRoutes,
  ...refRoutes,
  ...repositoryRoutes,
  ...statusRoutes,
  ...treeRoutes,
};
