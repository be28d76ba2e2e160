import type { Ref } from "./ref.ts";

/** A kind as one version of it is served. */
export interface KubeKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The plural in URLs. */
  readonly resource: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** Status is a subresource: a `status` in a manifest is ignored by the server. */
  readonly hasStatus: boolean;
}

/** What the server serves. A group in `unavailable` could not be asked (a dead aggregated API), so nothing may be concluded about it. */
export interface Kinds {
  readonly served: readonly KubeKind[];
  readonly unavailable: readonly string[];
}

/** One object as the server addresses it. */
export interface Address {
  readonly kind: KubeKind;
  readonly namespace?: string;
  readonly name: string;
}

export function apiVersionOf(kind: { readonly group: string; readonly version: string }): string {
  return kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
}

export function findKind(kinds: Kinds, apiVersion: string, kind: string): KubeKind | undefined {
  return kinds.served.find((served) => served.kind === kind && apiVersionOf(served) === apiVersion);
}

/** The first served version of a kind that can be listed; for objects of which only group and kind are known. */
export function preferredKind(kinds: Kinds, group: string, kind: string): KubeKind | undefined {
  return kinds.served.find((served) => served.kind === kind && served.group === group && served.verbs.includes("list"));
}

export function addressOf(kind: KubeKind, ref: Pick<Ref, "namespace" | "name">): Address {
  return ref.namespace === undefined || !kind.namespaced
    ? { kind, name: ref.name }
    : { kind, namespace: ref.namespace, name: ref.name };
}
