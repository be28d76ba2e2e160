import { randomUUID } from "node:crypto";
import { isFailure } from "../model/failure.ts";
import { isUnfinished, type AppliedRevision } from "../model/inventory.ts";
import type { TargetReport } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { RunReport } from "../model/run.ts";
import { formatTarget } from "../model/target.ts";
import type { Checkout, Rendered } from "../ports.ts";
import type { Config } from "../config/schema.ts";
import type { ResolvedTarget } from "../config/settings.ts";
import { shortSha } from "../report/short-sha.ts";
import { applyTarget, type ApplyTargetRequest } from "./apply-target.ts";
import { renderSibling, stageApply } from "./apply-stage.ts";
import { lookOptions } from "./look-options.ts";
import { openTarget, type OpenTarget } from "./open-target.ts";
import { isOvertaken, overtakenProblem } from "./overtaken.ts";
import { emptyReport, failedTarget, refusedTarget } from "./failed-target.ts";
import { mapLimit } from "./parallel.ts";
import { renderTarget } from "./render-target.ts";
import { countRequests } from "./request-count.ts";
import { revisionRender } from "./revision-render.ts";
import type { RunPorts, RunRequest } from "./run-ports.ts";
import { toRunReport } from "./run-report.ts";
import { sameRender } from "./same-render.ts";
import { wantedBeside, type SiblingRender } from "./wanted.ts";
import { askIdentity } from "./world.ts";

export interface ApplyRequest extends RunRequest {
  readonly head: string;
  /** Asked for by a person: everything is applied in full. */
  readonly byHand: boolean;
  /** The pull requests that this brings in, for the report. */
  readonly pulls: readonly number[];
}

// The binding of an apply to its reviewed plan, the journal and the restore are not there yet; a reader must know.
const NOT_BOUND =
  "this apply was not bound to a plan: what merging did was computed anew, and nothing is restored on failure";

/** Brings the selected targets to a commit, each all by itself. */
export async function runApply(request: ApplyRequest, ports: RunPorts, signal: AbortSignal): Promise<RunReport> {
  await using head = await ports.repository.checkout(request.head, signal);
  const staged = await stageApply(head, request);
  if ("problems" in staged) return report(request, ports, { targets: [], problems: staged.problems }, 0);
  const requests = countRequests();
  const opened = await mapLimit(staged.targets, 4, (settings) =>
    openTarget(settings, { request, ports, config: staged.config }, signal),
  );
  for (const target of opened) if ("access" in target) requests.count(target.access);
  const full =
    request.byHand || opened.every((target) => "access" in target && target.applied?.commit === request.head);
  const rendering = { request, ports, head, config: staged.config };
  const all = [...staged.targets, ...staged.beside];
  const siblings = await mapLimit(all, 2, (settings) => renderSibling(settings, rendering, signal));
  // In the configuration's order: a later app may stand on a namespace or a kind that an earlier one brings.
  const targets = await mapLimit(opened, 1, (target) =>
    "failed" in target ? Promise.resolve(target.failed) : applyOne(target, { ...rendering, full, siblings }, signal),
  );
  return report(request, ports, { targets, problems: [] }, requests.total());
}

interface ApplyOneWorld {
  readonly request: ApplyRequest;
  readonly ports: RunPorts;
  readonly head: Checkout;
  readonly config: Config;
  readonly full: boolean;
  readonly siblings: readonly SiblingRender[];
}

/** Applies one target; where another run brought it nearer to the same head meanwhile, what is left to do is decided anew. */
async function applyOne(opened: OpenTarget, world: ApplyOneWorld, signal: AbortSignal): Promise<TargetReport> {
  const report = await applyOnce(opened, world, signal);
  if (!isOvertaken(report)) return report;
  const again = await openTarget(opened.settings, world, signal);
  if ("failed" in again) return again.failed;
  try {
    return (await leadsToHead(again, world, signal)) ? await applyOne(again, world, signal) : report;
  } catch (error) {
    return failedTarget(opened.settings.target, error);
  }
}

/** What is applied already is newer than what this run came for: an older run never brings a target back. */
async function isBehind(
  { applied }: OpenTarget,
  { request, ports }: ApplyOneWorld,
  signal: AbortSignal,
): Promise<boolean> {
  if (request.byHand || applied === undefined || applied.commit === request.head) return false;
  try {
    return (await ports.repository.mergeBase(request.head, applied.commit, signal)) === request.head;
  } catch (error) {
    if (isFailure(error) && error.code === "git-failed") return false;
    throw error;
  }
}

async function leadsToHead(
  { applied }: OpenTarget,
  { request, ports }: ApplyOneWorld,
  signal: AbortSignal,
): Promise<boolean> {
  if (applied === undefined || applied.commit === request.head) return true;
  return (await ports.repository.mergeBase(applied.commit, request.head, signal)) === applied.commit;
}

async function applyOnce(opened: OpenTarget, world: ApplyOneWorld, signal: AbortSignal): Promise<TargetReport> {
  const { settings, access, applied } = opened;
  const { ports } = world;
  try {
    const render = (at: ResolvedTarget, checkout: Checkout): Promise<Rendered> =>
      renderTarget(at, { renderer: ports.renderer, checkout, access }, signal);
    if (applied !== undefined && (await isBehind(opened, world, signal)))
      return emptyReport(settings.target, "no-changes", `is at ${shortSha(applied.commit)} already, which is newer`);
    const head = world.siblings.find(({ target }) => target === settings.target)?.placed ?? {
      rendered: await render(settings, world.head),
      namespace: settings.settings.namespace,
    };
    const base =
      applied &&
      (await revisionRender({ applied, settings, world: { ...world, authority: world.config }, render }, signal));
    const isWhole = applied !== undefined && !isUnfinished(applied);
    if (!world.full && isWhole && base !== undefined && sameRender(base, head))
      return await moveRevision(opened, world, signal);
    const before = base && { base: base.rendered, baseNamespace: base.namespace };
    const apply: ApplyTargetRequest = { ...toRequest(opened, world), head: head.rendered, ...before };
    return await applyTarget(apply, signal);
  } catch (error) {
    return failedTarget(settings.target, error);
  }
}

function toRequest(
  { settings, access, applied }: OpenTarget,
  { request, ports, config, siblings }: ApplyOneWorld,
): Omit<ApplyTargetRequest, "head"> {
  const timeoutMilliseconds = request.timeoutMilliseconds ?? settings.settings.timeoutMilliseconds;
  return {
    settings: { ...settings, settings: { ...settings.settings, timeoutMilliseconds } },
    access,
    repository: request.repository,
    policy: config.policy.prune,
    elsewhere: wantedBeside(settings.target, siblings),
    siblings: siblings.map(({ target }) => target),
    // Whoever may not dry-run may not write either, and then the server's own words are the best explanation.
    ...lookOptions(request, config),
    mode: "dry-run",
    learn: ports.learn,
    commit: request.head,
    seen: { ...(applied && { applied }) },
    // The jobs of a matrix have one name among them, and so have containers whose first process this is.
    lock: {
      holder: `${request.holder} (${randomUUID().slice(0, 8)})`,
      link: request.link ?? "",
      waitMilliseconds: timeoutMilliseconds,
    },
    clock: ports.clock,
    log: ports.log,
  };
}

/** The render did not change, so no object is written: the target is at the new commit all the same. */
async function moveRevision(opened: OpenTarget, world: ApplyOneWorld, signal: AbortSignal): Promise<TargetReport> {
  const { settings, access, applied } = opened;
  const { lock, clock, commit, repository } = toRequest(opened, world);
  const strange = await askIdentity(access, { settings, repository }, signal);
  if (strange.length > 0) return refusedTarget(settings.target, strange);
  await using held = await access.locks.acquire(settings.target, lock, signal);
  const both = AbortSignal.any([signal, held.lost]);
  const inventory = await access.inventories.read(settings.target, both);
  const overtaken = overtakenProblem(settings.target, { seen: applied, found: inventory?.applied });
  if (overtaken !== undefined) return refusedTarget(settings.target, [overtaken]);
  const unchanged = emptyReport(settings.target, "no-changes", "renders as before; no object was written");
  if (inventory === undefined || applied === undefined) return unchanged;
  const revision: AppliedRevision = { ...applied, commit, time: clock.now().toISOString() };
  await access.inventories.write(settings.target, { ...inventory, applied: revision }, both);
  world.ports.log.info(`${formatTarget(settings.target)}: renders as before, now at ${shortSha(commit)}`);
  return { ...unchanged, appliedRevision: revision, previousRevision: applied };
}

function report(
  request: ApplyRequest,
  ports: RunPorts,
  found: { readonly targets: readonly TargetReport[]; readonly problems: readonly Problem[] },
  requests: number,
): RunReport {
  const { head, pulls } = request;
  const isWritten = found.targets.some(({ result, outcomes }) => outcomes.length > 0 || result === "no-changes");
  const notes = isWritten ? [NOT_BOUND] : [];
  return toRunReport({ command: "apply", head, pulls, ...found, notes, requests }, request, ports);
}
