import type { Problem } from "../model/problem.ts";
import { formatTarget } from "../model/target.ts";
import type { Checkout } from "../ports.ts";
import { compareAuthority } from "../config/authority.ts";
import type { Config } from "../config/schema.ts";
import { selectTargets } from "../config/select.ts";
import { resolveTargets, type ResolvedTarget } from "../config/settings.ts";
import { commitConfig, type CommitConfig } from "./commit-config.ts";
import type { RunRequest } from "./run-ports.ts";
import { targetsBeside } from "./wanted.ts";

/** A target as head wants it and, when base has it, as base wants it. */
export interface TargetPair {
  readonly head: ResolvedTarget;
  readonly base?: ResolvedTarget;
}

export interface StagedPlan {
  readonly targets: readonly TargetPair[];
  /** The other apps of the same environments. */
  readonly beside: readonly TargetPair[];
  /** The authority. */
  readonly config: Config;
  /** What of the head's configuration takes effect only after the merge. */
  readonly notes: readonly string[];
}

export interface StageRequest {
  readonly request: RunRequest;
  readonly head: Checkout;
  readonly base: Checkout | undefined;
}

/** Clusters, policy and permissions come from base; which apps there are, and where, from the commit that is rendered. */
export async function stagePlan({
  request,
  head,
  base,
}: StageRequest): Promise<StagedPlan | { readonly problems: readonly Problem[] }> {
  const headConfig = await commitConfig(head, request.configFile);
  if ("problems" in headConfig) return headConfig;
  const baseConfig = base && usable(await commitConfig(base, request.configFile));
  const authority = baseConfig?.source === "file" ? baseConfig.config : headConfig.config;
  const isTrusted = base === undefined || baseConfig?.source === "file";
  const all = resolveTargets({ authority, apps: headConfig.config }).map((target) => trusted(target, isTrusted));
  const selected = selectTargets(all, request.patterns);
  if ("problems" in selected) return selected;
  const before = baseConfig === undefined ? [] : resolveTargets({ authority, apps: baseConfig.config });
  return {
    targets: selected.targets.map((target) => pairWith(target, before)),
    beside: targetsBeside(all, selected.targets).map((target) => pairWith(target, before)),
    config: authority,
    notes: [
      ...(baseConfig === undefined ? [] : compareAuthority(baseConfig.config, headConfig.config)),
      ...leaving(before, all),
    ],
  };
}

/** What a pull request itself says may not show what others hold in the cluster: `adopt` needs base's word. */
function trusted(target: ResolvedTarget, isTrusted: boolean): ResolvedTarget {
  return isTrusted ? target : { ...target, settings: { ...target.settings, adopt: false } };
}

// With no usable configuration in base, that of a same-repository head serves for a plan.
function usable(found: CommitConfig): Extract<CommitConfig, { readonly config: Config }> | undefined {
  return "config" in found ? found : undefined;
}

function pairWith(head: ResolvedTarget, before: readonly ResolvedTarget[]): TargetPair {
  const base = before.find(({ target }) => formatTarget(target) === formatTarget(head.target));
  return base === undefined ? { head } : { head, base };
}

function leaving(before: readonly ResolvedTarget[], after: readonly ResolvedTarget[]): readonly string[] {
  const names = new Set(after.map(({ target }) => formatTarget(target)));
  const gone = before.map(({ target }) => formatTarget(target)).filter((name) => !names.has(name));
  return gone.map((name) => `${name} leaves the configuration; its objects stay in the cluster`);
}
