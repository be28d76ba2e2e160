import { isFailure } from "../model/failure.ts";
import type { AppliedRevision } from "../model/inventory.ts";
import { formatTarget } from "../model/target.ts";
import type { Checkout, Rendered } from "../ports.ts";
import type { Config } from "../config/schema.ts";
import { resolveTargets, type ResolvedTarget } from "../config/settings.ts";
import { commitConfig } from "./commit-config.ts";
import type { RunPorts, RunRequest } from "./run-ports.ts";
import type { PlacedRender } from "./same-render.ts";

export interface RevisionRequest {
  readonly applied: AppliedRevision;
  readonly settings: ResolvedTarget;
  readonly world: { readonly request: RunRequest; readonly ports: RunPorts; readonly authority: Config };
  readonly render: (settings: ResolvedTarget, checkout: Checkout) => Promise<Rendered>;
}

/** The target as the applied revision wants it; `undefined` when that commit is lost (rewritten history) or does not know the target. */
export async function revisionRender(request: RevisionRequest, signal: AbortSignal): Promise<PlacedRender | undefined> {
  const { applied, settings, world, render } = request;
  await using checkout = await checkoutIfThere(world.ports, applied.commit, signal);
  if (checkout === undefined) return undefined;
  const found = await commitConfig(checkout, world.request.configFile);
  if ("problems" in found) return undefined;
  const then = resolveTargets({ authority: world.authority, apps: found.config });
  const earlier = then.find(({ target }) => formatTarget(target) === formatTarget(settings.target));
  return earlier && { rendered: await render(earlier, checkout), namespace: earlier.settings.namespace };
}

async function checkoutIfThere(ports: RunPorts, commit: string, signal: AbortSignal): Promise<Checkout | undefined> {
  try {
    return await ports.repository.checkout(commit, signal);
  } catch (error) {
    if (isFailure(error) && error.code === "git-failed") return undefined;
    throw error;
  }
}
