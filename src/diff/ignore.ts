import { covers, isIdentity, type IgnoreRule } from "../model/ignore-rule.ts";
import { refOf, type KubeObject } from "../model/object.ts";
import { FIELD_MANAGER } from "../model/ownership-marks.ts";
import type { Path } from "../model/path.ts";
import { isPath, parsePath } from "../model/path-text.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef, type Ref } from "../model/ref.ts";
import { applyEntry, below } from "./field-set.ts";
import { findMarks, OWN_MARK, type FoundMark, type IgnoreEffect } from "./ignore-marks.ts";

/** How far one object is left to others, and why, in words that follow "because of". */
export type Ignoring = Asides &
  (
    | { readonly kind: "whole"; readonly because: string }
    /** It is created where it is missing, and then left alone. */
    | { readonly kind: "if-absent"; readonly because: string }
    /** Nothing is left to others where there are no paths. */
    | { readonly kind: "paths"; readonly paths: readonly Path[]; readonly because: readonly string[] }
  );

interface Asides {
  /** Why fields that other tools left in it stay when it is taken over. */
  readonly othersStay?: string;
  /** Why its drift does not count. */
  readonly driftUncounted?: string;
  /** Marks that cannot be read. */
  readonly problems: readonly Problem[];
}

/**
 * What rules of the configuration and marks on the object, in Git or in the cluster, leave to others. A live mark is one that
 * somebody put there: what we ourselves wrote and Git no longer has does not count.
 */
export function ignoreRulesFor(
  desired: KubeObject,
  live: KubeObject | undefined,
  rules: readonly IgnoreRule[],
): Ignoring {
  const ref = refOf(desired);
  const inGit = findMarks(desired.metadata).map((mark) => ({ ...mark, isLive: false }));
  const onLive =
    live === undefined ? [] : liveMarks(live).filter((mark) => !isOurOwn(mark, live) && !isAmong(mark, inGit));
  return toIgnoring(
    ref,
    [...inGit, ...onLive],
    rules.filter((rule) => covers(rule, ref)),
  );
}

/** What marks on an object that left Git leave to others; those that came from Git are its last word. */
export function ignoreRulesForOrphan(live: KubeObject): Ignoring {
  const ignoring = toIgnoring(refOf(live), liveMarks(live), []);
  const orphan = findMarks(live.metadata).find(({ mark }) => mark.effect === "orphan");
  if (orphan === undefined) return ignoring;
  return { driftUncounted: formatMark({ ...orphan, isLive: true }), ...ignoring };
}

const NOTHING: Ignoring = { kind: "paths", paths: [], because: [], problems: [] };

function toIgnoring(ref: Ref, found: readonly PlacedMark[], rules: readonly IgnoreRule[]): Ignoring {
  if (found.length === 0 && rules.length === 0) return NOTHING;
  const named = found.filter(({ mark }) => mark.effect === "paths").map(readPaths);
  const asides = { ...asidesOf(found), problems: named.flatMap((one) => problemsOf(one, ref)) };
  const unclear = named.find(({ mark, problem }) => problem !== undefined && mark.isLive && mark.key === OWN_MARK);
  const whole = reasonOf(found, "whole") ?? (unclear && `${formatMark(unclear.mark)}, which cannot be read`);
  if (whole !== undefined) return { kind: "whole", because: whole, ...asides };
  const ifAbsent = reasonOf(found, "if-absent");
  if (ifAbsent !== undefined) return { kind: "if-absent", because: ifAbsent, ...asides };
  const marks = named.filter(({ paths }) => paths.length > 0);
  return {
    kind: "paths",
    paths: [...rules, ...marks].flatMap(({ paths }) => paths),
    because: [...rules.map(formatRule), ...marks.map(({ mark }) => formatMark(mark))],
    ...asides,
  };
}

interface PlacedMark extends FoundMark {
  readonly isLive: boolean;
}

function liveMarks(live: KubeObject): readonly PlacedMark[] {
  return findMarks(live.metadata).map((mark) => ({ ...mark, isLive: true }));
}

function isAmong({ key, value }: FoundMark, marks: readonly FoundMark[]): boolean {
  return marks.some((mark) => mark.key === key && mark.value === value);
}

/** We wrote it, so it came from Git: Git may take it back. */
function isOurOwn({ key, on }: FoundMark, live: KubeObject): boolean {
  const metadata = below(applyEntry(live, FIELD_MANAGER)?.fieldsV1, "f:metadata");
  return below(below(metadata, on === "label" ? "f:labels" : "f:annotations"), `f:${key}`) !== undefined;
}

interface NamedPaths {
  readonly mark: PlacedMark;
  readonly paths: readonly Path[];
  /** Why the rest of the mark names none. */
  readonly problem?: string;
}

// Nobody writes more by hand, and whoever may annotate a live object may not keep us busy.
const MOST_CHARACTERS = 4096;

function readPaths(mark: PlacedMark): NamedPaths {
  if (mark.value.length > MOST_CHARACTERS) return { mark, paths: [], problem: "name fewer fields" };
  const texts = mark.mark.repeated === true ? [mark.value.replace(/^\$(?=[.[])/, "")] : splitList(mark.value);
  const parsed = texts.map(parsePath);
  const paths = parsed.filter(isPath).filter((path) => !isIdentity(path));
  const wrong = parsed.find((one) => !isPath(one) || isIdentity(one));
  if (wrong === undefined) return { mark, paths };
  return {
    mark,
    paths,
    problem: isPath(wrong) ? "name a field that is not the identity of the object" : wrong.problem,
  };
}

/** Paths between commas; those in quotes and brackets belong to a path. */
function splitList(text: string): readonly string[] {
  const parts = text.match(/(?:[^,"[\]]|"(?:[^"\\]|\\.)*"|\[(?:[^"\]]|"(?:[^"\\]|\\.)*")*\]|[[\]"])+/g);
  return (parts ?? []).map((part) => part.trim()).filter((part) => part !== "");
}

function problemsOf({ mark, problem }: NamedPaths, ref: Ref): readonly Problem[] {
  if (problem === undefined) return [];
  return [
    {
      code: "ignore-invalid",
      // Whoever wrote ours into Git means a field that would be written otherwise; another tool's may say more than ours can.
      level: mark.key === OWN_MARK && !mark.isLive ? "blocker" : "caution",
      message: `${formatRef(ref)}: ${formatMark(mark)} names a field in a way that cannot be read`,
      remedy: problem,
    },
  ];
}

function asidesOf(found: readonly PlacedMark[]): Omit<Asides, "problems"> {
  const othersStay = reasonOf(found, "others-stay");
  const driftUncounted = reasonOf(found, "drift");
  return { ...(othersStay !== undefined && { othersStay }), ...(driftUncounted !== undefined && { driftUncounted }) };
}

function reasonOf(found: readonly PlacedMark[], effect: IgnoreEffect): string | undefined {
  const first = found.find(({ mark }) => mark.effect === effect);
  return first && formatMark(first);
}

/** Without its value where that may be any text. */
function formatMark({ mark, key, value, on, isLive }: PlacedMark): string {
  const written = mark.value === undefined || mark.effect === "orphan" ? key : `${key}: ${value}`;
  return `${on} ${written} ${isLive ? "on the live object" : "in Git"}`;
}

function formatRule({ kind, name, namespace }: IgnoreRule): string {
  const names = [namespace, name].filter((part) => part !== undefined).join("/");
  return `ignore rule of the configuration for ${kind}${names === "" ? "" : ` ${names}`}`;
}
