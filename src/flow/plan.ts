import type { TargetReport } from "../model/plan.ts";
import { hasErrors, type Problem } from "../model/problem.ts";
import type { RunReport } from "../model/run.ts";
import { formatTarget } from "../model/target.ts";
import type { Checkout, Repository } from "../ports.ts";
import type { Config } from "../config/schema.ts";
import { count } from "../report/count.ts";
import { comingWith, type Coming } from "./coming.ts";
import { emptyReport, failedTarget } from "./failed-target.ts";
import { lookOptions } from "./look-options.ts";
import { mapLimit } from "./parallel.ts";
import { stagePlan } from "./plan-stage.ts";
import { planTarget } from "./plan-target.ts";
import { renderPair, type RenderedPair, type RenderResult, type RenderWorld } from "./render-pair.ts";
import { countRequests } from "./request-count.ts";
import type { RunPorts, RunRequest } from "./run-ports.ts";
import { sameRender } from "./same-render.ts";
import { arrivals, newKeys, wantedBeside, type SiblingRender } from "./wanted.ts";
import { toRunReport } from "./run-report.ts";

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
  await using stack = new AsyncDisposableStack();
  const commits = await readCommits(request, { repository: ports.repository, stack }, signal);
  const staged = await stagePlan({ request, head: commits.head, base: commits.base });
  if ("problems" in staged)
    return { report: report(request, ports, { targets: [], problems: staged.problems, notes: [] }, 0) };
  const requests = countRequests();
  const world: PlanWorld = { request, ports, ...commits, config: staged.config, requests };
  // Of many targets, the live objects of all would be held until the last one is rendered.
  const changed = staged.targets.length > AT_ONCE ? [] : commits.changed;
  const rendered = await mapLimit(staged.targets, AT_ONCE, (pair) => renderPair(pair, { ...world, changed }, signal));
  // What they had before matters only to what may come from there.
  const alone = { ...world, changed: [], ...(!rendered.some(bringsNew) && { base: undefined }) };
  const beside = await mapLimit(staged.beside, AT_ONCE, (pair) => renderPair(pair, alone, signal));
  const siblings = [...rendered, ...beside].map(toSibling);
  const targets = await mapLimit(rendered, AT_ONCE, (renders) =>
    "failed" in renders
      ? Promise.resolve(renders.failed)
      : planOne(renders, { coming: comingBeside(renders, rendered), siblings }, world, signal),
  );
  const found = { targets, problems: [], notes: [...staged.notes, ...(request.notes ?? [])] };
  return { report: report(request, ports, found, requests.total()), policy: staged.config.plan };
}

const AT_ONCE = 2;

interface Commits {
  readonly head: Checkout;
  readonly base: Checkout | undefined;
  readonly changed: readonly string[] | undefined;
}

async function readCommits(
  { head, base }: PlanRequest,
  { repository, stack }: { readonly repository: Repository; readonly stack: AsyncDisposableStack },
  signal: AbortSignal,
): Promise<Commits> {
  const bring = async (sha: string): Promise<Checkout> => stack.use(await repository.checkout(sha, signal));
  const none = Promise.resolve(undefined);
  const all = [
    bring(head),
    base === undefined ? none : bring(base),
    base === undefined ? none : repository.changedFiles(base, head, signal),
  ] as const;
  // What comes through is removed with the stack, so nothing may come after it.
  await Promise.allSettled(all);
  const [after, before, changed] = await Promise.all(all);
  return { head: after, base: before, changed };
}

interface PlanWorld extends RenderWorld {
  readonly request: PlanRequest;
}

/** What the other apps of an environment bring in the same run. */
function comingBeside({ settings }: RenderedPair, all: readonly RenderResult[]): Coming {
  const others = all.flatMap((renders) => ("failed" in renders ? [] : [renders]));
  const same = others.filter((other) => other.settings.target.environment === settings.target.environment);
  return comingWith(same.flatMap(({ head }) => head.objects));
}

function bringsNew(renders: RenderResult): boolean {
  return newKeys(toSibling(renders)).size > 0;
}

function toSibling(renders: RenderResult): SiblingRender {
  if ("failed" in renders) return { target: renders.failed.target, placed: undefined };
  const { settings, head, base } = renders;
  const placed = { rendered: head, namespace: settings.settings.namespace };
  return { target: settings.target, placed, ...(base && { before: base }) };
}

interface Beside {
  readonly coming: Coming;
  readonly siblings: readonly SiblingRender[];
}

async function planOne(
  renders: RenderedPair,
  { coming, siblings }: Beside,
  world: PlanWorld,
  signal: AbortSignal,
): Promise<TargetReport> {
  const { settings, head, base } = renders;
  const { request, ports, config } = world;
  const { target } = settings;
  const { namespace } = settings.settings;
  try {
    if (base !== undefined && sameRender(base, { rendered: head, namespace }))
      return emptyReport(target, "skipped", "renders the same before and after");
    if (!hasErrors(head.problems))
      ports.log.info(`${formatTarget(target)}: comparing ${count(head.objects.length, "object")}`);
    const access = await renders.open();
    const before = base && { base: base.rendered, baseNamespace: base.namespace, guarded: true };
    const sides = { head, ...before, ...(access && { access }) };
    const { repository } = request;
    const elsewhere = wantedBeside(target, siblings);
    const arriving = arrivals(toSibling(renders), siblings);
    const beside = { coming, elsewhere, arriving, siblings: siblings.map((sibling) => sibling.target) };
    const rules = { settings, repository, policy: config.policy.prune, learn: ports.learn };
    const options = lookOptions(request, config);
    return (await planTarget({ ...sides, ...rules, ...beside, ...options }, signal)).report;
  } catch (error) {
    return failedTarget(target, error);
  } finally {
    await renders.ahead;
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
