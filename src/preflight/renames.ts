import { canonicalJson, isList, isMap, type Json } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import { PART_OF_LABEL } from "../model/ownership-marks.ts";
import { compareRefs, refKey, type Ref } from "../model/ref.ts";
import type { Planned } from "./planned.ts";

/** An object that goes and one that comes in its place, under another name. */
export interface Rename {
  readonly from: Planned;
  readonly to: Planned;
}

// As many pairs as are compared by content; beyond them names alone have to tell.
const MOST_PAIRS = 10_000;
// Two objects that share as much of what they hold are taken for one.
const NEARLY = 0.75;

/** Created objects that are a deleted one under another name: by the stem of a generated name, or by what they hold. Each object is in one pair at most. */
export function renamesOf(plan: readonly Planned[]): readonly Rename[] {
  const created = Map.groupBy(plan.filter(isCreated), placeKey);
  const deleted = Map.groupBy(
    plan.filter(({ op }) => op === "delete"),
    placeKey,
  );
  return [...created].flatMap(([key, coming]) => pairsOf(deleted.get(key) ?? [], coming));
}

function isCreated({ op, base }: Planned): boolean {
  return op === "create" && base === undefined;
}

function placeKey({ ref }: Planned): string {
  return refKey({ ...ref, name: "" });
}

interface Candidate extends Rename {
  /** From 0 to 1 by what the two share; above 1 when their names say it. */
  readonly score: number;
}

function pairsOf(going: readonly Planned[], coming: readonly Planned[]): readonly Rename[] {
  const used = new Set<Planned>();
  const best = candidatesOf(going, coming).filter(({ score }) => score >= NEARLY);
  return best.toSorted(compareCandidates).flatMap(({ from, to }) => {
    if (used.has(from) || used.has(to)) return [];
    used.add(from).add(to);
    return [{ from, to }];
  });
}

function candidatesOf(going: readonly Planned[], coming: readonly Planned[]): readonly Candidate[] {
  const stems = Map.groupBy(coming, ({ ref }) => stemOf(ref.name));
  const sameStem = (stem: string | undefined): readonly Planned[] =>
    stem === undefined ? [] : (stems.get(stem) ?? []).slice(0, MOST_OF_A_STEM);
  if (going.length * coming.length > MOST_PAIRS)
    return going.flatMap((from) => sameStem(stemOf(from.ref.name)).map((to) => ({ from, to, score: 1 })));
  const contents = new Map(coming.map((to) => [to, contentOf(to.head)]));
  return going.flatMap((from) => {
    const likeness = likenessTo(from);
    const named = new Set(sameStem(stemOf(from.ref.name)));
    return coming.map((to) => {
      const score = likeness(contents.get(to) ?? NOTHING, to.ref.name) + (named.has(to) ? 1 : 0);
      return { from, to, score };
    });
  });
}

// Older ones of a generated name are rarely still there.
const MOST_OF_A_STEM = 20;

interface Content {
  readonly leaves: ReadonlySet<string>;
  /** It comes from the server, with defaults that Git does not declare. */
  readonly isServed: boolean;
}

const NOTHING: Content = { leaves: new Set(), isServed: false };

function contentOf(object: KubeObject | undefined): Content {
  if (object === undefined) return NOTHING;
  return { leaves: leavesOf(object), isServed: object.metadata.uid !== undefined };
}

function compareCandidates(a: Candidate, b: Candidate): number {
  return b.score - a.score || compareRefs(a.to.ref, b.to.ref) || compareRefs(a.from.ref, b.from.ref);
}

// kustomize's ten letters, or a suffix of letters and digits mixed.
const GENERATED = /^(.+)-(?:[2456789bcdfghkmt]{10}|(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{5,10})$/;

function stemOf(name: string): string | undefined {
  return GENERATED.exec(name)?.[1];
}

/** The share of what an object and the one that goes hold that is the same. */
function likenessTo({ ref, base, live }: Planned): (content: Content, name: string) => number {
  // Whether a live secret is equal to a new one is nobody's to know.
  if (base === undefined && isSecret(ref)) return () => 0;
  const before = contentOf(base ?? live);
  return ({ leaves, isServed }, name) => {
    const common = [...leaves].filter((leaf) => before.leaves.has(inNameOf(leaf, name, ref.name))).length;
    const whole = before.isServed && !isServed ? leaves.size : Math.max(before.leaves.size, leaves.size);
    return common < LEAST ? 0 : common / whole;
  };
}

// What holds less says nothing of itself.
const LEAST = 2;

function isSecret({ group, kind }: Ref): boolean {
  return group === "" && kind === "Secret";
}

/** An object often repeats its name in labels and selectors. */
function inNameOf(leaf: string, name: string, other: string): string {
  const end = canonicalJson(name);
  return leaf.endsWith(` ${end}`) ? `${leaf.slice(0, -end.length)}${canonicalJson(other)}` : leaf;
}

/** Everything an object holds beside its identity, value by value; texts line by line. */
function leavesOf({ metadata, ...rest }: KubeObject): ReadonlySet<string> {
  const { [PART_OF_LABEL]: _set, ...labels } = metadata.labels ?? {};
  const { apiVersion: _apiVersion, kind: _kind, status: _status, ...content } = rest;
  const leaves = new Set<string>();
  collect({ ...content, metadata: { labels, annotations: metadata.annotations ?? {} } }, "", leaves);
  return leaves;
}

const MOST_LEAVES = 5_000;

function collect(value: Json, path: string, leaves: Set<string>): void {
  if (leaves.size >= MOST_LEAVES) return;
  if (isList(value)) {
    for (const item of value) collect(item, `${path}[]`, leaves);
  } else if (isMap(value)) {
    for (const [key, member] of Object.entries(value))
      if (member !== undefined) collect(member, `${path}/${key}`, leaves);
  } else if (typeof value === "string" && value.includes("\n")) {
    for (const line of value.split("\n")) if (line !== "") leaves.add(`${path} ${line}`);
  } else {
    leaves.add(`${path} ${canonicalJson(value)}`);
  }
}
