import type { Change } from "../model/change.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Problem } from "../model/problem.ts";
import { addressOf, findKind, type Address, type Kinds } from "../model/kind.ts";
import type { KubeObject } from "../model/object.ts";
import { formatRef, refKey } from "../model/ref.ts";
import type { Clock, Cluster } from "../ports.ts";
import { problemOfRefusal } from "../diff/refused.ts";
import type { Desired } from "./desired.ts";
import { IN_FLIGHT, mapLimit } from "./parallel.ts";
import type { TargetPlan } from "./plan-target.ts";
import { removeForGood, takeOwnership, type Refused } from "./make-way.ts";
import type { Sending } from "./sending.ts";
import type { Written } from "./settle.ts";

export interface WaveWritten {
  readonly outcomes: readonly Outcome[];
  readonly written: readonly Written[];
  readonly problems: readonly Problem[];
}

export interface WriteRequest {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly plan: TargetPlan;
}

/** Writes the objects of one wave side by side. A refusal does not stop the others of its wave: they are under way already. */
export async function writeWave(
  wave: readonly Change[],
  request: WriteRequest,
  signal: AbortSignal,
): Promise<WaveWritten> {
  const desired = new Map(request.plan.desired.map((entry) => [refKey(entry.ref), entry]));
  const resolved = await resolveAddresses(wave, desired, request, signal);
  const results = await mapLimit(wave, IN_FLIGHT, (change) => writeOne(change, resolved, request, signal));
  return {
    outcomes: results.map(({ outcome }) => outcome),
    written: results.flatMap(({ written }) => written ?? []),
    problems: results.flatMap(({ problem }) => problem ?? []),
  };
}

/** Kinds that came with an earlier wave are served only now: discovery is asked again when one is needed. */
async function resolveAddresses(
  wave: readonly Change[],
  desired: ReadonlyMap<string, Desired>,
  { cluster, clock }: WriteRequest,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Desired>> {
  let needed: readonly Desired[] = wave.flatMap(({ ref }) => desired.get(refKey(ref)) ?? []);
  for (let looks = 0; looks < MOST_LOOKS && needed.some(({ address }) => address === undefined); looks += 1) {
    if (looks > 0) await clock.sleep(LOOK_PAUSE, signal);
    const kinds = await cluster.kinds(signal);
    needed = needed.map((entry) => withAddress(entry, kinds));
  }
  return new Map(needed.map((entry) => [refKey(entry.ref), entry]));
}

// An established kind shows in discovery some tenths of a second later.
const MOST_LOOKS = 20;
const LOOK_PAUSE = 500;

function withAddress(entry: Desired, kinds: Kinds): Desired {
  const kind = findKind(kinds, entry.object.apiVersion, entry.object.kind);
  return entry.address !== undefined || kind === undefined ? entry : { ...entry, address: addressOf(kind, entry.ref) };
}

interface WriteSubject {
  readonly address: Address;
  readonly live: KubeObject | undefined;
  readonly sending: Sending | undefined;
}

interface WriteResult {
  readonly outcome: Outcome;
  readonly written?: Written;
  readonly problem?: Problem;
}

async function writeOne(
  change: Change,
  desired: ReadonlyMap<string, Desired>,
  request: WriteRequest,
  signal: AbortSignal,
): Promise<WriteResult> {
  const { ref, op } = change;
  const entry = desired.get(refKey(ref));
  if (entry?.address === undefined) return notServed(change, entry);
  const { plan } = request;
  const live = plan.live.get(refKey(ref));
  const sending = plan.sendings.get(refKey(ref));
  const object = sending?.object ?? entry.object;
  const before = live?.metadata.resourceVersion;
  const refused = await makeWay(op, { address: entry.address, live, sending }, request, signal);
  const answer = refused ?? (await request.cluster.apply(entry.address, object, { dryRun: false }, signal));
  if (answer.kind === "refused") {
    const problem = {
      ...problemOfRefusal(answer.refusal, ref, entry.at, { sent: object, ...(live && { live }) }),
      level: "error" as const,
    };
    return { outcome: { ref, op, outcome: "failed", ...(before && { before }), message: problem.message }, problem };
  }
  const { resourceVersion: after, generation = 0 } = answer.object.metadata;
  const outcome: Outcome = { ref, op, outcome: "applied", ...(before && { before }), ...(after && { after }) };
  return { outcome, written: { ref, address: entry.address, generation } };
}

/** What has to happen to the live object before it can be written as planned. */
async function makeWay(
  op: Change["op"],
  { address, live, sending }: WriteSubject,
  { cluster, clock }: WriteRequest,
  signal: AbortSignal,
): Promise<Refused | undefined> {
  if (live === undefined) return undefined;
  if (op === "replace") return removeForGood(address, live, { cluster, clock }, signal);
  return sending && takeOwnership(address, { live, sending }, cluster, signal);
}
function notServed({ ref, op }: Change, entry: Desired | undefined): WriteResult {
  const problem: Problem = {
    code: "missing-kind",
    level: "error",
    message: `${formatRef(ref)}: its kind is not served although its definition was applied`,
    remedy: "look at the CustomResourceDefinition's conditions, then run apply again",
    ...(entry && { at: entry.at }),
  };
  return { outcome: { ref, op, outcome: "failed", message: problem.message }, problem };
}
