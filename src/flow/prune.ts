import type { Change } from "../model/change.ts";
import { addressOf, findKind, type Address } from "../model/kind.ts";
import type { KubeObject } from "../model/object.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef, refKey } from "../model/ref.ts";
import type { Cluster, RemoveOptions } from "../ports.ts";
import { problemOfRefusal } from "../diff/refused.ts";
import { IN_FLIGHT, mapLimit } from "./parallel.ts";
import type { TargetPlan } from "./plan-target.ts";

export interface Removed {
  readonly outcomes: readonly Outcome[];
  readonly problems: readonly Problem[];
}

export interface RemoveRequest {
  readonly cluster: Cluster;
  readonly plan: TargetPlan;
}

interface Removal {
  readonly change: Change;
  readonly live: KubeObject;
  readonly address: Address;
}

/** Removes what left Git, last of all and by uid. All are tried as a dry-run first; one refusal and nothing is removed. */
export async function removeAll(
  waves: readonly (readonly Change[])[],
  request: RemoveRequest,
  signal: AbortSignal,
): Promise<Removed> {
  const removals = waves.map((wave) => wave.flatMap((change) => toRemoval(change, request.plan)));
  const refused = await remove(removals.flat(), { dryRun: true }, request.cluster, signal);
  const problems = refused.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) return { outcomes: removals.flat().map(notRemoved), problems };
  const results: RemoveResult[] = [];
  for (const wave of removals) results.push(...(await remove(wave, { dryRun: false }, request.cluster, signal)));
  return {
    outcomes: results.map(({ outcome }) => outcome),
    problems: results.flatMap(({ problem }) => problem ?? []),
  };
}

function toRemoval(change: Change, { live, kinds }: TargetPlan): readonly Removal[] {
  const object = live.get(refKey(change.ref));
  const kind = object && findKind(kinds, object.apiVersion, object.kind);
  if (object === undefined || kind === undefined) return [];
  return [{ change, live: object, address: addressOf(kind, change.ref) }];
}

interface RemoveResult {
  readonly outcome: Outcome;
  readonly problem?: Problem;
}

async function remove(
  removals: readonly Removal[],
  { dryRun }: Pick<RemoveOptions, "dryRun">,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<readonly RemoveResult[]> {
  return mapLimit(removals, IN_FLIGHT, async ({ change, live, address }): Promise<RemoveResult> => {
    const { ref, op } = change;
    const { uid, resourceVersion: before } = live.metadata;
    if (uid === undefined) return { outcome: { ref, op, outcome: "skipped", message: "it has no uid" } };
    const answer = await cluster.remove(address, { dryRun, uid, propagation: "Background" }, signal);
    if (answer.kind !== "refused") return { outcome: { ref, op, outcome: "applied", ...(before && { before }) } };
    const problem = { ...problemOfRefusal(answer.refusal, ref, undefined), level: "error" as const };
    return { outcome: { ref, op, outcome: "failed", message: problem.message }, problem };
  });
}

function notRemoved({ change: { ref, op } }: Removal): Outcome {
  return {
    ref,
    op,
    outcome: "skipped",
    message: `${formatRef(ref)} was not removed: a removal was refused beforehand`,
  };
}
