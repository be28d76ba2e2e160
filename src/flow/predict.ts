import { sameJson } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import { refKey } from "../model/ref.ts";
import type { Desired } from "./desired.ts";
import { IN_FLIGHT, mapLimit } from "./parallel.ts";
import { predictOne, type Outlook, type OutlookRules } from "./outlook.ts";
import type { Prediction } from "./prediction.ts";
import type { Sending } from "./sending.ts";

export interface Predictions {
  readonly base: ReadonlyMap<string, Prediction>;
  readonly head: ReadonlyMap<string, Prediction>;
  /** What writing head sends, of each object that is there. */
  readonly sendings: ReadonlyMap<string, Sending>;
  /** Objects that changed between the list and the dry-run, as they are now. */
  readonly fresher: ReadonlyMap<string, KubeObject | undefined>;
  /** The live object in the version that base uses, where head uses another. */
  readonly liveAsBase: ReadonlyMap<string, KubeObject>;
}

export interface PredictRequest extends OutlookRules {
  readonly base: readonly Desired[];
  readonly head: readonly Desired[];
  /** By ref key. Base is predicted only where something is live. */
  readonly live: ReadonlyMap<string, KubeObject>;
  /** Ref keys that are left alone: not ours, unreadable, or ignored. */
  readonly skip: ReadonlySet<string>;
}

/** Says what would become of every object of head, and of base wherever it differs from head. */
export async function predict(request: PredictRequest, signal: AbortSignal): Promise<Predictions> {
  const { live } = request;
  const wanted = ({ ref }: Desired): boolean => !request.skip.has(refKey(ref));
  const headObjects = new Map(request.head.map(({ ref, object }) => [refKey(ref), object]));
  const isOther = ({ ref, object }: Desired): boolean => !sameJson(object, headObjects.get(refKey(ref)));
  const before = request.base.filter((desired) => wanted(desired) && live.has(refKey(desired.ref)));
  const others = before.filter(isOther);
  const [head, base, liveAsBase] = await Promise.all([
    predictAll(request.head.filter(wanted), request, live, signal),
    predictAll(others, request, live, signal),
    readAll(others.filter(isConverted(headObjects)), request, signal),
  ]);
  const fresher = freshOf(head);
  // Both sides have to be laid against the same state of the object.
  const stale = others.filter(({ ref }) => fresher.has(refKey(ref)));
  const again = await predictAll(stale, request, fresher, signal);
  const shared = before.filter((desired) => !isOther(desired)).flatMap(({ ref }) => entryOf(head, refKey(ref)));
  return {
    head: predictionsOf(head),
    base: predictionsOf([...base, ...again, ...shared]),
    sendings: new Map([...head].map(([key, { sending }]) => [key, sending])),
    fresher,
    liveAsBase,
  };
}

function isConverted(head: ReadonlyMap<string, KubeObject>): (desired: Desired) => boolean {
  return ({ ref, object }) => {
    const other = head.get(refKey(ref));
    return other !== undefined && other.apiVersion !== object.apiVersion;
  };
}

async function predictAll(
  desired: readonly Desired[],
  rules: OutlookRules,
  live: ReadonlyMap<string, KubeObject | undefined>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Outlook>> {
  const entries = await mapLimit(desired, IN_FLIGHT, async (entry) => {
    const key = refKey(entry.ref);
    return [key, await predictOne(entry, live.get(key), rules, signal)] as const;
  });
  return new Map(entries);
}

function predictionsOf(outlooks: Iterable<readonly [string, Outlook]>): ReadonlyMap<string, Prediction> {
  return new Map([...outlooks].map(([key, { prediction }]) => [key, prediction]));
}

function freshOf(outlooks: ReadonlyMap<string, Outlook>): ReadonlyMap<string, KubeObject | undefined> {
  return new Map([...outlooks].flatMap(([key, outlook]) => (outlook.changed ? [[key, outlook.live] as const] : [])));
}

function entryOf<Value>(map: ReadonlyMap<string, Value>, key: string): readonly (readonly [string, Value])[] {
  const value = map.get(key);
  return value === undefined ? [] : [[key, value]];
}

async function readAll(
  desired: readonly Desired[],
  { cluster }: OutlookRules,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KubeObject>> {
  const entries = await mapLimit(desired, IN_FLIGHT, async ({ ref, address }) => {
    const object = address && (await cluster.read(address, signal));
    return object === undefined ? [] : [[refKey(ref), object] as const];
  });
  return new Map(entries.flat());
}
