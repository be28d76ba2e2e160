import {
  addressOf,
  apiVersionOf,
  findKind,
  preferredKind,
  type Address,
  type Kinds,
  type KubeKind,
} from "../model/kind.ts";
import { groupOf, refOf, versionOf, type KubeObject, type SourceObject } from "../model/object.ts";
import type { Place } from "../model/place.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef, type Ref } from "../model/ref.ts";
import { matchesGlob } from "../model/glob.ts";
import { prepare } from "../manifest/normalize.ts";
import { PART_OF_LABEL } from "../model/ownership-marks.ts";
import type { Coming } from "./coming.ts";
import { withLabel, withoutStatus } from "../diff/comparable.ts";

/** An object as it will be sent: namespace filled in, carrying our set's label. */
export interface Desired {
  readonly ref: Ref;
  readonly object: KubeObject;
  readonly at: Place;
  /** Where the server has it; absent when its kind comes with this very change. */
  readonly address?: Address;
  /** The kind comes with a CustomResourceDefinition of the same change. */
  readonly pendingKind: boolean;
  /** Where the object may be found already although its own version comes only with this change: in another version. */
  readonly readAt?: Address;
  /** Status is a field like any other; otherwise it is the server's, and no part of `object`. */
  readonly keepsStatus: boolean;
}

export interface DesireRules {
  /** For namespaced objects that name none. */
  readonly namespace: string;
  /** Patterns; empty: any. */
  readonly allowedNamespaces: readonly string[];
  readonly setId: string;
  /** Absent when no cluster is asked. */
  readonly kinds?: Kinds;
  /** By source: what was made before under the same rules. Two commits share the sources of files that they share. */
  readonly made?: Map<KubeObject, DesireResult>;
  /** Kinds that come with the change. */
  readonly coming: Pick<Coming, "kinds">;
}

/** Brings rendered objects into the form in which they are sent; objects of kinds that nobody knows become problems. */
export function desire(
  sources: readonly SourceObject[],
  rules: DesireRules,
): { readonly desired: readonly Desired[]; readonly problems: readonly Problem[] } {
  const { made = new Map<KubeObject, DesireResult>() } = rules;
  const results = sources.map((source) => {
    const known = made.get(source.object);
    if (known !== undefined) return known;
    const result = desireOne(source, rules);
    made.set(source.object, result);
    return result;
  });
  return {
    desired: results.flatMap((result) => ("desired" in result ? [result.desired] : [])),
    problems: results.flatMap((result) => ("problem" in result ? [result.problem] : [])),
  };
}

export type DesireResult = { readonly desired: Desired } | { readonly problem: Problem };

function desireOne({ object, at }: SourceObject, rules: DesireRules): DesireResult {
  const { kinds, coming } = rules;
  if (kinds === undefined) return { desired: finish(object, at, rules, undefined) };
  const served = findKind(kinds, object.apiVersion, object.kind);
  const kind = served ?? coming.kinds.find((candidate) => isKindOf(candidate, object));
  if (kind === undefined) return { problem: unknownKind(object, at, kinds) };
  const problem = namespaceProblem(object, kind, rules, at);
  if (problem !== undefined) return { problem };
  return { desired: finish(object, at, rules, { kind, pending: served === undefined }) };
}

function finish(
  object: KubeObject,
  at: Place,
  rules: DesireRules,
  known: { readonly kind: KubeKind; readonly pending: boolean } | undefined,
): Desired {
  const placed = known?.kind.namespaced === true ? withNamespace(object, rules.namespace) : object;
  const keepsStatus = known?.kind.hasStatus === false;
  const prepared = prepare(keepsStatus ? placed : withoutStatus(placed));
  const sent = withLabel(prepared, PART_OF_LABEL, rules.setId);
  const ref = refOf(sent);
  const desired = { ref, object: sent, at, keepsStatus, pendingKind: known?.pending === true };
  if (known === undefined) return desired;
  if (!known.pending) return { ...desired, address: addressOf(known.kind, ref) };
  const sibling = rules.kinds && preferredKind(rules.kinds, ref.group, ref.kind);
  return sibling === undefined ? desired : { ...desired, readAt: addressOf(sibling, ref) };
}

function withNamespace(object: KubeObject, namespace: string): KubeObject {
  if (object.metadata.namespace !== undefined) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}

function namespaceProblem(object: KubeObject, kind: KubeKind, rules: DesireRules, at: Place): Problem | undefined {
  if (!kind.namespaced && object.metadata.namespace !== undefined)
    return {
      code: "namespace-on-cluster-scoped",
      level: "blocker",
      message: `${formatRef(refOf(object))}: ${object.kind} is not namespaced, but metadata.namespace is set`,
      remedy: "remove metadata.namespace",
      at,
    };
  const namespace = kind.namespaced ? (object.metadata.namespace ?? rules.namespace) : undefined;
  const { allowedNamespaces } = rules;
  if (
    namespace === undefined ||
    allowedNamespaces.length === 0 ||
    allowedNamespaces.some((pattern) => matchesGlob(namespace, pattern))
  )
    return undefined;
  return {
    code: "namespace-not-allowed",
    level: "blocker",
    message: `${formatRef(refOf(object))}: namespace ${namespace} is not in this app's list (${allowedNamespaces.join(", ")})`,
    remedy: "use an allowed namespace, or extend `namespaces` in the configuration of the base branch",
    at,
  };
}

function unknownKind(object: KubeObject, at: Place, kinds: Kinds): Problem {
  const group = groupOf(object.apiVersion);
  const subject = formatRef(refOf(object));
  if (kinds.unavailable.includes(group))
    return {
      code: "group-unavailable",
      level: "error",
      message: `${subject}: the API group ${group} does not answer, so nothing can be said of it`,
      remedy: "look at the APIService that serves the group",
      at,
    };
  const versions = kinds.served.filter((kind) => kind.kind === object.kind && kind.group === group);
  const known = versions.length === 0 ? "" : `; it serves ${versions.map(apiVersionOf).join(", ")}`;
  return {
    code: "missing-kind",
    level: "blocker",
    message: `${subject}: neither the cluster nor this change knows ${object.apiVersion} ${object.kind}${known}`,
    remedy: "correct apiVersion and kind, or add the CustomResourceDefinition",
    at,
  };
}

function isKindOf(kind: KubeKind, object: KubeObject): boolean {
  return (
    kind.kind === object.kind &&
    kind.group === groupOf(object.apiVersion) &&
    kind.version === versionOf(object.apiVersion)
  );
}
