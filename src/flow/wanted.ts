import { refOf, type SourceObject } from "../model/object.ts";
import { hasErrors } from "../model/problem.ts";
import { refKey, type Ref } from "../model/ref.ts";
import { formatTarget, type Target } from "../model/target.ts";
import type { Wanting } from "../rollout/claim.ts";
import type { PlacedRender } from "./same-render.ts";

/** One app's render at head; `undefined`: it could not be rendered. */
export interface SiblingRender {
  readonly target: Target;
  readonly placed: PlacedRender | undefined;
  /** Its render at base, where there is one. */
  readonly before?: PlacedRender;
}

/** What the other apps of an environment want: an object that moves from one app to another is no deletion. */
export interface WantedElsewhere {
  /** The target that wants an object, by ref key. */
  readonly by: ReadonlyMap<string, string>;
  /** An app that could not be rendered, and so may want anything. */
  readonly unknown?: string;
}

export function wantedBeside(own: Target, all: readonly SiblingRender[]): WantedElsewhere {
  const beside = besides(own, all);
  const broken = beside.find(({ placed }) => placed === undefined || hasErrors(placed.rendered.problems));
  return {
    by: new Map(beside.flatMap(({ target, placed }) => keysOf(placed).map((key) => [key, formatTarget(target)]))),
    ...(broken && { unknown: formatTarget(broken.target) }),
  };
}

function besides(own: Target, all: readonly SiblingRender[]): readonly SiblingRender[] {
  return all.filter(({ target }) => target.environment === own.environment && target.app !== own.app);
}

/** An object as another app of the environment had it at base. */
export interface Arrival {
  readonly from: Target;
  readonly source: SourceObject;
  /** Where it was if it names no namespace. */
  readonly namespace: string;
}

/** Objects that are new to an app at head and that others had at base: each of them may have moved. */
export function arrivals(own: SiblingRender, all: readonly SiblingRender[]): readonly Arrival[] {
  const fresh = newKeys(own);
  if (fresh.size === 0) return [];
  return besides(own.target, all).flatMap(({ target: from, before: then }) =>
    (then?.rendered.objects ?? [])
      .map((source) => ({ from, source, namespace: then?.namespace ?? "" }))
      .filter(({ source, namespace }) => keysOfOne(source, namespace).some((key) => fresh.has(key))),
  );
}

/** Keys of what an app has at head and had not at base; without a base, nothing is new. */
export function newKeys({ placed, before }: SiblingRender): ReadonlySet<string> {
  if (before === undefined) return new Set();
  const known = new Set(keysOf(before));
  return new Set(keysOf(placed).filter((key) => !known.has(key)));
}

/** The target among the siblings that wants an object, or that does not render and so may want it. */
export function wantedBy(ref: Ref, elsewhere: WantedElsewhere | undefined): Wanting | undefined {
  const target = elsewhere?.by.get(refKey(ref));
  if (target !== undefined) return { target, isUnknown: false };
  return elsewhere?.unknown === undefined ? undefined : { target: elsewhere.unknown, isUnknown: true };
}

/** Whether a kind is namespaced is not known here, so an object without a namespace has both keys that it may have. */
export function keysOf(placed: PlacedRender | undefined): readonly string[] {
  if (placed === undefined) return [];
  return placed.rendered.objects.flatMap((source) => keysOfOne(source, placed.namespace));
}

function keysOfOne({ object }: SourceObject, namespace: string): readonly string[] {
  const ref = refOf(object);
  return ref.namespace === undefined ? [refKey(ref), refKey({ ...ref, namespace })] : [refKey(ref)];
}

/** The apps of the same environments that were not selected: they are rendered all the same, for what they want. */
export function targetsBeside<Entry extends { readonly target: Target }>(
  all: readonly Entry[],
  selected: readonly Entry[],
): readonly Entry[] {
  const environments = new Set(selected.map(({ target }) => target.environment));
  return all.filter((entry) => environments.has(entry.target.environment) && !selected.includes(entry));
}
