import type { Inventory, RepositoryId } from "../model/inventory.ts";
import type { Kinds } from "../model/kind.ts";
import type { ClusterIdentity } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import { formatTarget, type Target } from "../model/target.ts";
import type { ClusterAccess, DigestKey } from "../ports.ts";
import type { ResolvedTarget } from "../config/settings.ts";

/** What has to be known before anything can be compared. */
export interface World {
  readonly kinds?: Kinds;
  readonly cluster?: ClusterIdentity;
  readonly inventory?: Inventory;
  readonly key?: DigestKey;
  readonly setId: string;
}

/** Asks the cluster who it is, what it serves, and what we know of the target; nothing of it depends on the render. */
export async function lookAround(
  access: ClusterAccess | undefined,
  target: Target,
  signal: AbortSignal,
): Promise<World> {
  if (access === undefined) return { setId: "offline" };
  const questions = [
    access.cluster.kinds(signal),
    access.cluster.identify(signal),
    access.inventories.read(target, signal),
    access.keys.read(target, signal),
  ] as const;
  // Of several that fail, the first in this order is told, not whichever answer came first.
  await Promise.allSettled(questions);
  const [kinds, cluster, inventory, key] = await Promise.all(questions);
  return { kinds, cluster, ...(inventory && { inventory }), ...(key && { key }), setId: access.setId(target) };
}

/** The cluster is another one than the configuration names, or the target belongs to another repository. */
export function identityProblems(
  { settings, repository }: { readonly settings: ResolvedTarget; readonly repository: RepositoryId },
  { cluster, inventory }: Pick<World, "cluster" | "inventory">,
): readonly Problem[] {
  const problems: Problem[] = [];
  if (settings.clusterUid !== undefined && cluster !== undefined && cluster.uid !== settings.clusterUid)
    problems.push({
      code: "wrong-cluster",
      level: "error",
      message: `environment ${settings.target.environment}: the cluster's uid is \`${cluster.uid}\`, the configuration names \`${settings.clusterUid}\``,
      remedy: "check the kubeconfig and context, or correct `cluster.uid`",
    });
  if (inventory !== undefined && !isSameRepository(inventory.repository, repository))
    problems.push({
      code: "owned-by-another-repository",
      level: "blocker",
      message: `target ${formatTarget(settings.target)} of this cluster belongs to repository ${inventory.repository.name}`,
      remedy: "use another environment name or another `system.namespace`",
    });
  return problems;
}

/** The same, asked before the lock is taken: no Lease and no key are left behind where we have no business. */
export async function askIdentity(
  access: ClusterAccess,
  request: { readonly settings: ResolvedTarget; readonly repository: RepositoryId },
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const { clusterUid, target } = request.settings;
  const [cluster, inventory] = await Promise.all([
    clusterUid === undefined ? undefined : access.cluster.identify(signal),
    access.inventories.read(target, signal),
  ]);
  return identityProblems(request, { ...(cluster && { cluster }), ...(inventory && { inventory }) });
}

function isSameRepository(a: RepositoryId, b: RepositoryId): boolean {
  return a.id !== undefined && b.id !== undefined ? a.id === b.id : a.name === b.name;
}
