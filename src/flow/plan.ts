import type { TargetReport } from "../model/plan.ts";
import { hasErrors, type Problem } from "../model/problem.ts";
import type { RunReport } from "../model/run.ts";
import { formatTarget } from "../model/target.ts";
import type { Checkout, ClusterAccess, Rendered } from "../ports.ts";
import type { Config } from "../config/schema.ts";
import type { ResolvedTarget } from "../config/settings.ts";
import { count } from "../report/count.ts";
import { comingWith, type Coming } from "./coming.ts";
import { emptyReport, failedTarget } from "./failed-target.ts";
import { lookOptions } from "./look-options.ts";
import { mapLimit } from "./parallel.ts";
import { stagePlan, type TargetPair } from "./plan-stage.ts";
import { planTarget } from "./plan-target.ts";
import { renderTarget } from "./render-target.ts";
import { countRequests } from "./request-count.ts";
import { openCluster, type RunPorts, type RunRequest } from "./run-ports.ts";
import { wantedBeside, type SiblingRender } from "./wanted.ts";
import { toRunReport } from "./run-report.ts";
import { sameRender, type PlacedRender } from "./same-render.ts";

export interface PlanRequest extends RunRequest {
  readonly head: string;
  /** Absent: the live cluster alone is what `head` is compared with. */
  readonly base?: string;
  readonly pull?: number;
  /** Sentences for the reader: why no cluster is asked, and the like. */
  readonly notes?: readonly string[];
}

export interface PlanRun {
  readonly report: RunReport;
  /** How the authority wants plans to be told; absent when there is no usable configuration. */
  readonly policy?: Config["plan"];
}

/** Says what merging does: renders both commits, and compares every target whose render differs with its cluster. */
export async function runPlan(request: PlanRequest, ports: RunPorts, signal: AbortSignal): Promise<PlanRun> {
  await using head = await ports.repository.checkout(request.head, signal);
  await using base = request.base === undefined ? undefined : await ports.repository.checkout(request.base, signal);
  const staged = await stagePlan({ request, head, base });
  if ("problems" in staged)
    return { report: report(request, ports, { targets: [], problems: staged.problems, notes: [] }, 0) };
  const requests = countRequests();
  const world: PlanWorld = { request, ports, head, ...(base && { base }), config: staged.config, requests };
  const rendered = await mapLimit(staged.targets, 2, (pair) => renderPair(pair, world, signal));
  const beside = await mapLimit(staged.beside, 2, (settings) => renderPair({ head: settings }, world, signal));
  const siblings = [...rendered, ...beside].map(toSibling);
  const targets = await mapLimit(rendered, 2, (renders) =>
    "failed" in renders
      ? Promise.resolve(renders.failed)
      : planOne(renders, { coming: comingBeside(renders, rendered), siblings }, world, signal),
  );
  const found = { targets, problems: [], notes: [...staged.notes, ...(request.notes ?? [])] };
  return { report: report(request, ports, found, requests.total()), policy: staged.config.plan };
}

interface PlanWorld {
  readonly request: PlanRequest;
  readonly ports: RunPorts;
  readonly head: Checkout;
  readonly base?: Checkout;
  readonly config: Config;
  readonly requests: ReturnType<typeof countRequests>;
}

interface Renders {
  readonly settings: ResolvedTarget;
  readonly head: Rendered;
  readonly base?: PlacedRender;
}

type RenderResult = Renders | { readonly failed: TargetReport };

/** What base has of an app that it does not know. */
const NOTHING: Rendered = { objects: [], problems: [], renderer: "none" };

async function renderPair({ head, base }: TargetPair, world: PlanWorld, signal: AbortSignal): Promise<RenderResult> {
  try {
    const rendered = await renderOne(head, world.head, world, signal);
    if (world.base === undefined) return { settings: head, head: rendered };
    const before = base === undefined ? NOTHING : await renderOne(base, world.base, world, signal);
    const { namespace } = (base ?? head).settings;
    return { settings: head, head: rendered, base: { rendered: before, namespace } };
  } catch (error) {
    return { failed: failedTarget(head.target, error) };
  }
}

// Helm is told what the cluster serves; nothing else asks the cluster before it is known that something differs.
async function renderOne(
  settings: ResolvedTarget,
  checkout: Checkout,
  world: PlanWorld,
  signal: AbortSignal,
): Promise<Rendered> {
  const needsCluster = settings.chart !== undefined || settings.settings.render === "helm";
  const access = needsCluster ? await open(settings, world, signal) : undefined;
  return renderTarget(settings, { renderer: world.ports.renderer, checkout, ...(access && { access }) }, signal);
}

async function open(
  settings: ResolvedTarget,
  world: PlanWorld,
  signal: AbortSignal,
): Promise<ClusterAccess | undefined> {
  if (world.request.offline || lookOptions(world.request, world.config).mode === "offline") return undefined;
  return world.requests.count(await openCluster(settings, world, signal));
}

/** What the other apps of an environment bring in the same run. */
function comingBeside({ settings }: Renders, all: readonly RenderResult[]): Coming {
  const others = all.flatMap((renders) => ("failed" in renders ? [] : [renders]));
  const same = others.filter((other) => other.settings.target.environment === settings.target.environment);
  return comingWith(same.flatMap(({ head }) => head.objects));
}

function toSibling(renders: RenderResult): SiblingRender {
  if ("failed" in renders) return { target: renders.failed.target, placed: undefined };
  const { settings, head } = renders;
  return { target: settings.target, placed: { rendered: head, namespace: settings.settings.namespace } };
}

interface Beside {
  readonly coming: Coming;
  readonly siblings: readonly SiblingRender[];
}

async function planOne(
  renders: Renders,
  { coming, siblings }: Beside,
  world: PlanWorld,
  signal: AbortSignal,
): Promise<TargetReport> {
  const { settings, head, base } = renders;
  const { request, ports, config } = world;
  const { target } = settings;
  const { namespace } = settings.settings;
  if (base !== undefined && sameRender(base, { rendered: head, namespace }))
    return emptyReport(target, "skipped", "renders the same before and after");
  try {
    if (!hasErrors(head.problems))
      ports.log.info(`${formatTarget(target)}: comparing ${count(head.objects.length, "object")}`);
    const access = await open(settings, world, signal);
    const before = base && { base: base.rendered, baseNamespace: base.namespace };
    const sides = { head, ...before, ...(access && { access }) };
    const { repository } = request;
    const elsewhere = wantedBeside(target, siblings);
    const beside = { coming, elsewhere, siblings: siblings.map((sibling) => sibling.target) };
    const rules = { settings, repository, policy: config.policy.prune, learn: ports.learn };
    const options = lookOptions(request, config);
    return (await planTarget({ ...sides, ...rules, ...beside, ...options }, signal)).report;
  } catch (error) {
    return failedTarget(target, error);
  }
}

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
