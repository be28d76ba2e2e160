import type { AppliedRevision, Inventory } from "../model/inventory.ts";
import type { TargetReport } from "../model/plan.ts";
import type { ClusterAccess } from "../ports.ts";
import type { ResolvedTarget } from "../config/settings.ts";
import { failedTarget } from "./failed-target.ts";
import { openCluster } from "./run-ports.ts";

/** A target with its cluster at hand. */
export interface OpenTarget {
  readonly settings: ResolvedTarget;
  readonly access: ClusterAccess;
  readonly inventory?: Inventory;
  readonly applied?: AppliedRevision;
}

/** Opens a target's cluster and reads what we know of it; a cluster that does not answer fails this target alone. */
export async function openTarget(
  settings: ResolvedTarget,
  world: Parameters<typeof openCluster>[1],
  signal: AbortSignal,
): Promise<OpenTarget | { readonly failed: TargetReport }> {
  try {
    const access = await openCluster(settings, world, signal);
    const inventory = await access.inventories.read(settings.target, signal);
    return {
      settings,
      access,
      ...(inventory && { inventory }),
      ...(inventory?.applied && { applied: inventory.applied }),
    };
  } catch (error) {
    return { failed: failedTarget(settings.target, error) };
  }
}
