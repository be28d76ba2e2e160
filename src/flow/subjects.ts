import type { KubeObject } from "../model/object.ts";
import { refOf } from "../model/object.ts";
import { refKey, type Ref } from "../model/ref.ts";
import type { Ignoring } from "../diff/ignore.ts";
import type { Desired } from "./desired.ts";
import type { Observed } from "./observe.ts";
import type { LeftAlone } from "./left-alone.ts";
import type { Predictions } from "./predict.ts";
import type { Prediction } from "./prediction.ts";
import type { Sending } from "./sending.ts";

/** Everything that was learned of one object. */
export interface Subject {
  readonly ref: Ref;
  readonly base?: Desired;
  readonly head?: Desired;
  readonly live?: KubeObject;
  /** In the version that base uses, where head uses another. */
  readonly liveAsBase?: KubeObject;
  readonly predictedBase?: Prediction;
  readonly predictedHead?: Prediction;
  /** What writing head sends. */
  readonly sending?: Sending;
  /** The app that had it at base. */
  readonly movedFrom?: string;
  /** What of it is left to others. */
  readonly ignoring?: Ignoring;
  /** Nothing could be read of it. */
  readonly unread: boolean;
}

/** An object of head that another app had at base: as it was there, in our set. */
export interface Moved {
  readonly desired: Desired;
  readonly from: string;
}

/** What a target's plan is made of, before it is judged. */
export interface GatheredObjects {
  readonly base: readonly Desired[];
  readonly head: readonly Desired[];
  readonly moved: readonly Moved[];
  readonly observed: Observed;
  readonly predictions: Predictions;
  readonly leftAlone: LeftAlone;
}

/** Brings together, object by object, what Git wants, what is live and what was predicted. */
export function subjectsOf(gathered: GatheredObjects): readonly Subject[] {
  const { head, moved, observed, predictions, leftAlone } = gathered;
  const before = byKey(withMoved(gathered));
  const origins = new Map(moved.map(({ desired, from }) => [refKey(desired.ref), from]));
  const after = byKey(head);
  return subjectKeys(before.keys(), after.keys(), observed.live.keys()).flatMap((key) => {
    const live = observed.live.get(key);
    const sides = { base: before.get(key), head: after.get(key) };
    const ref = sides.head?.ref ?? sides.base?.ref ?? (live && refOf(live));
    if (ref === undefined) return [];
    const predictedHead = predictions.head.get(key);
    const predictedBase = predictions.base.get(key);
    const liveAsBase = predictions.liveAsBase.get(key);
    const sending = predictions.sendings.get(key);
    const ignoring = leftAlone.asked.get(key);
    const movedFrom = origins.get(key);
    return [
      {
        ref,
        unread: observed.unread.has(key),
        ...(sides.base && { base: sides.base }),
        ...(sides.head && { head: sides.head }),
        ...(live && { live }),
        ...(liveAsBase && { liveAsBase }),
        ...(predictedBase && { predictedBase }),
        ...(predictedHead && { predictedHead }),
        ...(sending && { sending }),
        ...(movedFrom !== undefined && { movedFrom }),
        ...(ignoring && { ignoring }),
      },
    ];
  });
}

/** All that head is compared with. */
export function withMoved({ base, moved }: Pick<GatheredObjects, "base" | "moved">): readonly Desired[] {
  return moved.length === 0 ? base : [...base, ...moved.map(({ desired }) => desired)];
}

function byKey(desired: readonly Desired[]): ReadonlyMap<string, Desired> {
  return new Map(desired.map((entry) => [refKey(entry.ref), entry]));
}

function subjectKeys(...maps: readonly Iterable<string>[]): readonly string[] {
  return [...new Set(maps.flatMap((keys) => [...keys]))].toSorted();
}
