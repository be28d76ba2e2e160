import { isFailure } from "../model/failure.ts";
import type { Problem } from "../model/problem.ts";
import type { Checkout } from "../ports.ts";
import type { Config } from "../config/schema.ts";
import { selectTargets } from "../config/select.ts";
import { resolveTargets, type ResolvedTarget } from "../config/settings.ts";
import { commitConfig } from "./commit-config.ts";
import { renderTarget } from "./render-target.ts";
import { openCluster, type RunRequest } from "./run-ports.ts";
import { targetsBeside, type SiblingRender } from "./wanted.ts";

/** What an apply has to do, as the commit it brings says it. */
export interface StagedApply {
  readonly config: Config;
  readonly targets: readonly ResolvedTarget[];
  /** The other apps of the same environments. */
  readonly beside: readonly ResolvedTarget[];
}

/** Everything comes from the commit that is applied: it is the head of the default branch. */
export async function stageApply(
  head: Checkout,
  request: RunRequest,
): Promise<StagedApply | { readonly problems: readonly Problem[] }> {
  const found = await commitConfig(head, request.configFile);
  if ("problems" in found) return found;
  const all = resolveTargets({ authority: found.config, apps: found.config });
  const selected = selectTargets(all, request.patterns);
  if ("problems" in selected) return selected;
  return { config: found.config, targets: selected.targets, beside: targetsBeside(all, selected.targets) };
}

/** What an app wants at head; an app that cannot be rendered fails by itself, later and for its own reason. */
export async function renderSibling(
  settings: ResolvedTarget,
  world: Parameters<typeof openCluster>[1] & { readonly head: Checkout },
  signal: AbortSignal,
): Promise<SiblingRender> {
  const { target } = settings;
  try {
    const access = await openCluster(settings, world, signal);
    const rendered = await renderTarget(
      settings,
      { renderer: world.ports.renderer, checkout: world.head, access },
      signal,
    );
    return { target, placed: { rendered, namespace: settings.settings.namespace } };
  } catch (error) {
    if (!isFailure(error) || error.code === "interrupted") throw error;
    return { target, placed: undefined };
  }
}
