import type { TargetReport } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { RunReport } from "../model/run.ts";
import { formatTarget } from "../model/target.ts";
import type { Checkout, ClusterAccess, Rendered } from "../ports.ts";
import { compareAuthority } from "../config/authority.ts";
import type { Config } from "../config/schema.ts";
import { selectTargets } from "../config/select.ts";
import { resolveTargets, type ResolvedTarget } from "../config/settings.ts";
import { commitConfig, type CommitConfig } from "./commit-config.ts";
import { emptyReport, failedTarget } from "./failed-target.ts";
import { mapLimit } from "./parallel.ts";
import { planTarget } from "./plan-target.ts";
import { renderTarget } from "./render-target.ts";
import type { RunPorts, RunRequest } from "./run-ports.ts";
import { toRunReport } from "./run-report.ts";
import { sameRender } from "./same-render.ts";
import { countRequests } from "./request-count.ts";

export interface PlanRequest extends RunRequest {
  readonly head: string;
  /** Absent: the live cluster alone is what `head` is compared with. */
  readonly base?: string;
  readonly pull?: number;
}

/** Says what merging does: renders both commits, and compares every target whose render differs with its cluster. */
export async function runPlan(request: PlanRequest, ports: RunPorts, signal: AbortSignal): Promise<RunReport> {
  await using head = await ports.repository.checkout(request.head, signal);
  await using base = request.base === undefined ? undefined : await ports.repository.checkout(request.base, signal);
  const staged = await stage({ request, head, base });
  if ("problems" in staged) return report(request, ports, { targets: [], problems: staged.problems, notes: [] }, 0);
  const requests = countRequests();
  const targets = await mapLimit(staged.targets, 2, (pair) =>
    planOne(pair, { request, ports, head, ...(base && { base }), config: staged.config, requests }, signal),
  );
  return report(request, ports, { targets, problems: staged.cautions, notes: staged.notes }, requests.total());
}

/** A target as head wants it and, when base has it, as base wants it. */
interface Pair {
  readonly head: ResolvedTarget;
  readonly base?: ResolvedTarget;
}

interface Staged {
  readonly targets: readonly Pair[];
  readonly config: Config;
  readonly cautions: readonly Problem[];
  readonly notes: readonly string[];
}

interface StageRequest {
  readonly request: PlanRequest;
  readonly head: Checkout;
  readonly base: Checkout | undefined;
}

// Clusters, policy and permissions come from base; which apps there are, and where, from the commit that is rendered.
async function stage({
  request,
  head,
  base,
}: StageRequest): Promise<Staged | { readonly problems: readonly Problem[] }> {
  const headConfig = await commitConfig(head, request.configFile);
  if ("problems" in headConfig) return headConfig;
  const baseConfig = base && (await commitConfig(base, request.configFile));
  const authority = authorityOf(baseConfig, headConfig.config);
  const all = resolveTargets({ authority, apps: headConfig.config });
  const before =
    baseConfig !== undefined && "config" in baseConfig ? resolveTargets({ authority, apps: baseConfig.config }) : [];
  const selected = selectTargets(all, request.patterns);
  if (selected.problems.length > 0) return { problems: selected.problems };
  const targets = selected.targets.map((target) => {
    const earlier = before.find((candidate) => formatTarget(candidate.target) === formatTarget(target.target));
    return { head: target, ...(earlier && { base: earlier }) };
  });
  const later =
    baseConfig !== undefined && "config" in baseConfig ? compareAuthority(baseConfig.config, headConfig.config) : [];
  return { targets, config: authority, cautions: [], notes: later };
}

/** With no usable configuration in base, that of a same-repository head serves for a plan. */
function authorityOf(base: CommitConfig | undefined, head: Config): Config {
  return base !== undefined && "config" in base && base.source === "file" ? base.config : head;
}

interface PlanOneWorld {
  readonly request: PlanRequest;
  readonly ports: RunPorts;
  readonly head: Checkout;
  readonly base?: Checkout;
  readonly config: Config;
  readonly requests: ReturnType<typeof countRequests>;
}

async function planOne(pair: Pair, world: PlanOneWorld, signal: AbortSignal): Promise<TargetReport> {
  const { request, ports } = world;
  const { target } = pair.head;
  try {
    const renders = await renderPair(pair, world, signal);
    if (renders.base !== undefined && sameRender(renders.base, renders.head))
      return emptyReport(target, "skipped", "renders the same before and after");
    ports.log.info(`${formatTarget(target)}: comparing ${renders.head.objects.length} objects with the cluster`);
    const access = await renders.access();
    const { repository } = request;
    const { policy } = world.config;
    const plan = await planTarget(
      {
        settings: pair.head,
        head: renders.head,
        ...(renders.base && { base: renders.base }),
        ...(access && { access }),
        repository,
        policy: policy.prune,
        learn: ports.learn,
      },
      signal,
    );
    return plan.report;
  } catch (error) {
    return failedTarget(target, error);
  }
}

interface Renders {
  readonly head: Rendered;
  readonly base?: Rendered;
  /** Connects when it is first called: a target that renders the same asks no cluster. */
  readonly access: () => Promise<ClusterAccess | undefined>;
}

async function renderPair(pair: Pair, world: PlanOneWorld, signal: AbortSignal): Promise<Renders> {
  const { request, ports, head, base, requests } = world;
  const context = request.context ?? pair.head.context;
  const open = async (): Promise<ClusterAccess | undefined> =>
    request.offline ? undefined : requests.count(await ports.clusters.open(context, signal));
  const needsCluster = (settings: ResolvedTarget): boolean =>
    settings.chart !== undefined || settings.settings.render === "helm";
  const render = async (settings: ResolvedTarget, checkout: Checkout): Promise<Rendered> => {
    const access = needsCluster(settings) ? await open() : undefined;
    return renderTarget(settings, { renderer: ports.renderer, checkout, ...(access && { access }) }, signal);
  };
  const rendered = await render(pair.head, head);
  if (base === undefined || pair.base === undefined)
    return { head: rendered, ...(base && { base: NOTHING }), access: open };
  return { head: rendered, base: await render(pair.base, base), access: open };
}

/** What base has of an app that it does not know. */
const NOTHING: Rendered = { objects: [], problems: [], renderer: "none" };

function report(
  request: PlanRequest,
  ports: RunPorts,
  found: {
    readonly targets: readonly TargetReport[];
    readonly problems: readonly Problem[];
    readonly notes: readonly string[];
  },
  requests: number,
): RunReport {
  const { base, head, pull } = request;
  const shas = { head, ...(base !== undefined && { base }), ...(pull !== undefined && { pull }) };
  return toRunReport({ command: "plan", ...shas, ...found, requests }, request, ports);
}
