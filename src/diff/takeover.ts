import type { Author } from "../model/change.ts";
import { isMap, sameJson, type Json } from "../model/json.ts";
import type { KubeObject, ManagedFields } from "../model/object.ts";
import { isOurs } from "../model/ownership-marks.ts";
import { formatPath, stepInto, type Path } from "../model/path.ts";
import type { Place } from "../model/place.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef, type Ref } from "../model/ref.ts";
import { stepIntoDeclared } from "./declared-place.ts";
import { below, membersOf, readMember, type FieldSet } from "./field-set.ts";
import { stepOf, toAuthor } from "./ownership.ts";

/** A field that another manager claims and to which writing gives another value. */
export interface Takeover {
  readonly path: Path;
  readonly by: Author;
  /** The other manager will want its value back: it applies from files of its own, as we do. */
  readonly declarative: boolean;
}

export interface TakeoverOptions {
  /** Entries of the live object that become ours before we apply. */
  readonly absorbed?: readonly ManagedFields[];
}

/**
 * What writing takes from other managers. `sent` is the object that is written, or what the server makes of it, which tells
 * more exactly: there a quantity in another notation is no other value.
 */
export function takeovers(
  sent: KubeObject,
  live: KubeObject,
  { absorbed = [] }: TakeoverOptions = {},
): readonly Takeover[] {
  const entries = live.metadata.managedFields ?? [];
  const others = entries.filter(
    (entry) => !isOurs(entry) && !absorbed.includes(entry) && entry.subresource !== "status",
  );
  return others.flatMap((entry) => {
    const by = toAuthor(entry);
    const sets = entries.filter((other) => other !== entry).map(({ fieldsV1 }) => fieldsV1 ?? {});
    const paths = changedPaths(entry.fieldsV1 ?? {}, { sent, live, sets }, []);
    return paths.map((path) => ({ path, by, declarative: isDeclarative(by) }));
  });
}

interface Site {
  readonly sent: Json | undefined;
  readonly live: Json | undefined;
  /** What all others claim here. */
  readonly sets: readonly FieldSet[];
}

function changedPaths(claimed: FieldSet, { sent, live, sets }: Site, path: Path): readonly Path[] {
  if (sent === undefined || live === undefined) return [];
  const members = membersOf(claimed);
  if (members.length === 0) return isOneValue(live, sets) && !sameJson(sent, live) ? [path] : [];
  return members.flatMap((text) => {
    const member = readMember(text);
    const step = member && stepOf(member);
    const inner = below(claimed, text);
    if (step === undefined || inner === undefined) return [];
    const site = {
      sent: stepIntoDeclared(sent, step),
      live: stepInto(live, step),
      sets: sets.map((set) => below(set, text)).filter((set) => set !== undefined),
    };
    return changedPaths(inner, site, [...path, step]);
  });
}

/** A map that was once written empty is claimed like a scalar, and shared all the same. */
function isOneValue(live: Json, sets: readonly FieldSet[]): boolean {
  return !isMap(live) || !sets.some((set) => membersOf(set).length > 0);
}

const DECLARATIVE = /^(argocd|flux|helm|kapp|kustomize-controller|kluctl|fleet)/;

function isDeclarative({ manager, operation }: Author): boolean {
  return operation === "Apply" || DECLARATIVE.test(manager);
}

export interface TakeoverContext {
  /** The app may take over what other tools applied. */
  readonly adopting: boolean;
  readonly at?: Place;
}

/** One problem for each manager that loses fields: another tool's are a blocker unless we may adopt, a person's are a caution. */
export function takeoverProblems(
  ref: Ref,
  taken: readonly Takeover[],
  { adopting, at }: TakeoverContext,
): readonly Problem[] {
  const byManager = Map.groupBy(taken, ({ by }) => managerText(by));
  return [...byManager].map(([manager, fields]) => {
    const isBlocked = !adopting && fields.some(({ declarative }) => declarative);
    const names = fieldNames(fields.map(({ path }) => formatPath(path)));
    const problem: Problem = isBlocked
      ? {
          code: "field-owned-by-another",
          level: "blocker",
          message: `${formatRef(ref)}: ${names} would be taken from ${manager}, which applies from files of its own`,
          remedy: "take the field out of one of the two, or set adopt: true for the app",
        }
      : {
          code: "field-taken",
          level: "caution",
          message: `${formatRef(ref)}: ${names} will be taken from ${manager}`,
          remedy: "take the field out of Git, or list it under ignore, to leave it as it is",
        };
    return at === undefined ? problem : { ...problem, at };
  });
}

function managerText({ manager, subresource }: Author): string {
  return subresource === undefined ? manager : `${manager} (${subresource})`;
}

const MOST_NAMES = 5;

function fieldNames(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  const shown = distinct.slice(0, MOST_NAMES).join(", ");
  return distinct.length <= MOST_NAMES ? shown : `${shown} and ${distinct.length - MOST_NAMES} more`;
}
