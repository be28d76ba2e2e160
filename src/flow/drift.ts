import { isUnfinished, type AppliedRevision } from "../model/inventory.ts";
import type { TargetReport } from "../model/plan.ts";
import { hasBlockers, hasErrors, type Problem, type ProblemCode } from "../model/problem.ts";
import type { RunReport } from "../model/run.ts";
import { formatTarget, type Target } from "../model/target.ts";
import type { Checkout, ClusterAccess, Rendered } from "../ports.ts";
import { toMilliseconds } from "../model/duration.ts";
import type { Config } from "../config/schema.ts";
import { selectTargets } from "../config/select.ts";
import { resolveTargets, type ResolvedTarget } from "../config/settings.ts";
import { count } from "../report/count.ts";
import { shortSha } from "../report/short-sha.ts";
import { judge, type Judgement, type Patience, type Sightings } from "../rollout/patience.ts";
import { renderSibling } from "./apply-stage.ts";
import { lostRevision, unfinishedApply } from "./blind-report.ts";
import { commitConfig } from "./commit-config.ts";
import { emptyReport, failedTarget } from "./failed-target.ts";
import { askAhead, foresee, type Foresight } from "./foresight.ts";
import { withoutHandedOver } from "./handed-over.ts";
import { lookOptions } from "./look-options.ts";
import { mapLimit } from "./parallel.ts";
import { planTarget } from "./plan-target.ts";
import { renderTarget } from "./render-target.ts";
import { countRequests } from "./request-count.ts";
import { revisionRender } from "./revision-render.ts";
import { openCluster, type RunPorts, type RunRequest } from "./run-ports.ts";
import { toRunReport } from "./run-report.ts";
import { sameRender, type PlacedRender } from "./same-render.ts";
import type { SiblingRender } from "./wanted.ts";

export interface DriftRequest extends RunRequest {
  /** The default branch's head: clusters and policy come from here, and what is beyond the applied revision is pending. */
  readonly head: string;
  /** What earlier runs have seen of a target at its applied revision. Where no run remembers, every difference counts at once. */
  readonly sightings?: (target: Target, applied: AppliedRevision, signal: AbortSignal) => Promise<Sightings>;
}

/** A drift run's report with what the next run has to know, per target. */
export interface DriftRun {
  readonly report: RunReport;
  readonly judgements: ReadonlyMap<string, Judgement>;
}

/** Compares every target with the revision it was last brought to. Writes nothing to any cluster. */
export async function runDrift(request: DriftRequest, ports: RunPorts, signal: AbortSignal): Promise<DriftRun> {
  await using head = await ports.repository.checkout(request.head, signal);
  const found = await commitConfig(head, request.configFile);
  if ("problems" in found) return finish(request, ports, { looked: [], problems: found.problems, requests: 0 });
  const { config } = found;
  const all = resolveTargets({ authority: config, apps: config });
  const selected = selectTargets(all, request.patterns);
  if ("problems" in selected) return finish(request, ports, { looked: [], problems: selected.problems, requests: 0 });
  if (config.drift.mode === "off")
    return finish(request, ports, { looked: selected.targets.map(switchedOff), problems: [], requests: 0 });
  const requests = countRequests();
  const looked = await mapLimit(selected.targets, 2, (settings) =>
    lookAt(settings, { request, ports, head, authority: config, all, requests }, signal),
  );
  return finish(request, ports, { looked, problems: [], requests: requests.total() });
}

interface Looked {
  readonly report: TargetReport;
  readonly judgement?: Judgement;
}

interface LookWorld {
  readonly request: DriftRequest;
  readonly ports: RunPorts;
  readonly head: Checkout;
  readonly authority: Config;
  /** Selected or not. */
  readonly all: readonly ResolvedTarget[];
  readonly requests: ReturnType<typeof countRequests>;
}

async function lookAt(settings: ResolvedTarget, world: LookWorld, signal: AbortSignal): Promise<Looked> {
  const { request, ports, authority, requests } = world;
  const { target } = settings;
  try {
    const opened = await openCluster(settings, { request, ports, config: authority }, signal);
    return await lookThrough(settings, foresee(requests.count(opened)), world, signal);
  } catch (error) {
    return { report: failedTarget(target, error) };
  }
}

/** Nearly always head is what was applied: it is rendered while the cluster is asked. */
async function lookThrough(
  settings: ResolvedTarget,
  foresight: Foresight,
  world: LookWorld,
  signal: AbortSignal,
): Promise<Looked> {
  const { request, ports, authority } = world;
  const { target } = settings;
  const { early } = foresight;
  const render = (at: ResolvedTarget, checkout: Checkout): Promise<Rendered> =>
    renderTarget(at, { renderer: ports.renderer, checkout, access: early }, signal);
  const atHead = render(settings, world.head);
  // Why it does not render is told to whoever needs it.
  atHead.catch(() => {});
  let ahead: Promise<void> | undefined;
  try {
    const inventory = await early.inventories.read(target, signal);
    const applied = inventory?.applied;
    if (applied === undefined) return { report: emptyReport(target, "pending", "was never applied") };
    if (isUnfinished(applied)) return { report: unfinishedApply(target, applied) };
    ports.log.info(`${formatTarget(target)}: comparing the cluster with ${shortSha(applied.commit)}`);
    ahead = askAhead(foresight, { target, purpose: "look", ...lookOptions(request, authority) }, signal);
    return await lookAtRevision({ settings, applied, access: foresight.later, atHead, render }, world, signal);
  } finally {
    await Promise.allSettled([atHead, ahead]);
  }
}

interface Applied {
  readonly settings: ResolvedTarget;
  readonly applied: AppliedRevision;
  readonly access: ClusterAccess;
  readonly atHead: Promise<Rendered>;
  readonly render: (settings: ResolvedTarget, checkout: Checkout) => Promise<Rendered>;
}

async function lookAtRevision(
  { settings, applied, access, atHead, render }: Applied,
  world: LookWorld,
  signal: AbortSignal,
): Promise<Looked> {
  const { namespace } = settings.settings;
  const isHead = applied.commit === world.request.head;
  const placed = async (): Promise<PlacedRender> => ({ rendered: await atHead, namespace });
  const wanted = isHead ? await placed() : await revisionRender({ applied, settings, world, render }, signal);
  if (wanted === undefined) return { report: lostRevision(settings.target, applied) };
  const beyond = !isHead && !sameRender(wanted, await placed());
  return compare({ settings, access, applied, wanted, beyond }, world, signal);
}

interface Comparison {
  readonly settings: ResolvedTarget;
  readonly access: ClusterAccess;
  readonly applied: AppliedRevision;
  readonly wanted: PlacedRender;
  /** Main holds more than what was applied. */
  readonly beyond: boolean;
}

async function compare(comparison: Comparison, world: LookWorld, signal: AbortSignal): Promise<Looked> {
  const { request, ports, authority } = world;
  const { access, applied, beyond } = comparison;
  const { rendered: wanted, namespace } = comparison.wanted;
  const settings = { ...comparison.settings, settings: { ...comparison.settings.settings, namespace } };
  const { repository } = request;
  const { prune } = authority.policy;
  const plan = await planTarget(
    {
      settings,
      base: wanted,
      head: wanted,
      access,
      repository,
      policy: prune,
      siblings: world.all.map(({ target }) => target),
      learn: ports.learn,
      purpose: "look",
      ...lookOptions(request, authority),
    },
    signal,
  );
  const report = await withoutHandedOver(plan.report, () => rendersBeside(settings.target, world, signal));
  const unclear = unclearReason(report);
  if (unclear !== undefined)
    return { report: { ...report, changes: [], result: unclear.result, reason: unclear.reason } };
  const before = await request.sightings?.(settings.target, applied, signal);
  const patience = before === undefined ? { ...patienceOf(authority), ...AT_FIRST_SIGHT } : patienceOf(authority);
  const judgement = judge(report.drift, patience, before ?? {}, ports.clock.now());
  const result = judgement.counts.length > 0 ? "drifted" : beyond ? "pending" : "in-sync";
  const reason = reasonOf(judgement, beyond);
  const drift = [...judgement.counts, ...judgement.listed];
  return {
    report: { ...report, changes: [], drift, problems: cautions(report), result, ...(reason && { reason }) },
    judgement,
  };
}

/** All apps of an environment as the branch's head wants them. */
function rendersBeside(
  { environment }: Target,
  world: LookWorld,
  signal: AbortSignal,
): Promise<readonly SiblingRender[]> {
  const beside = world.all.filter(({ target }) => target.environment === environment);
  return mapLimit(beside, 2, (settings) => renderSibling(settings, { ...world, config: world.authority }, signal));
}

/** A comparison that left anything open says nothing: unknown is never in sync. */
function unclearReason({
  problems,
  hidden,
}: TargetReport): Pick<Required<TargetReport>, "result" | "reason"> | undefined {
  const first = problems.find(({ level }) => level !== "caution");
  if (hasErrors(problems)) return { result: "failed", reason: first?.message ?? "the comparison failed" };
  if (hidden.unread > 0 || hasBlockers(problems.filter(({ code }) => !OF_WRITES.includes(code))))
    return { result: "incomplete", reason: first?.message ?? "not everything could be read" };
  return undefined;
}

// They stop a write; what is live is known all the same.
const OF_WRITES: readonly ProblemCode[] = ["prune-limit", "field-owned-by-another"];

function cautions({ problems }: TargetReport): readonly Problem[] {
  return problems.filter(({ level }) => level === "caution");
}

const AT_FIRST_SIGHT = { afterMilliseconds: 0, sightings: 1 } as const;

function patienceOf({ drift }: Config): Patience {
  return { afterMilliseconds: toMilliseconds(drift.after), sightings: drift.sightings, extra: drift.extra };
}

function reasonOf({ counts, waiting }: Judgement, beyond: boolean): string | undefined {
  if (counts.length > 0) return undefined;
  if (waiting.length > 0) return `${count(waiting.length, "difference")} too young to count`;
  return beyond ? "main holds changes that are not applied yet" : undefined;
}

function switchedOff({ target }: ResolvedTarget): Looked {
  return { report: emptyReport(target, "skipped", "drift.mode is off") };
}

function finish(
  request: DriftRequest,
  ports: RunPorts,
  found: { readonly looked: readonly Looked[]; readonly problems: readonly Problem[]; readonly requests: number },
): DriftRun {
  const targets = found.looked.map(({ report }) => report);
  const facts = {
    command: "drift" as const,
    head: request.head,
    targets,
    problems: found.problems,
    notes: [],
    requests: found.requests,
  };
  const judgements = found.looked.flatMap(({ report, judgement }) =>
    judgement === undefined ? [] : [[formatTarget(report.target), judgement] as const],
  );
  return { report: toRunReport(facts, request, ports), judgements: new Map(judgements) };
}
