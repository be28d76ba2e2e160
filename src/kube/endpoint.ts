import type { Address, KubeKind } from "../model/kind.ts";

/** Where a kind or an object lives on the API server. */
export interface Endpoint {
  readonly path: string;
  /** `deployments.apps web in namespace shop`, as RBAC speaks of it. */
  readonly words: string;
}

/** All objects of a kind, in one namespace or in all. */
export function collectionEndpoint(kind: KubeKind, namespace?: string): Endpoint {
  if (!kind.namespaced) return { path: rootOf(kind, undefined), words: resourceWords(kind) };
  const where = namespace === undefined ? "in all namespaces" : `in namespace ${namespace}`;
  return { path: rootOf(kind, namespace), words: `${resourceWords(kind)} ${where}` };
}

/** One object, by its exact name. Throws where the URL would mean something else: an empty name addresses the whole collection. */
export function objectEndpoint({ kind, namespace, name }: Address): Endpoint {
  if (kind.namespaced && (namespace ?? "") === "") throw new TypeError(`${kind.kind} ${name} has no namespace`);
  const path = `${rootOf(kind, kind.namespaced ? namespace : undefined)}/${segment(name)}`;
  const where = kind.namespaced ? ` in namespace ${namespace}` : "";
  return { path, words: `${resourceWords(kind)} ${name}${where}` };
}

/** The path with the parameters that have a value. */
export function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

function rootOf(kind: KubeKind, namespace: string | undefined): string {
  const group = kind.group === "" ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  return `${group}${namespace === undefined ? "" : `/namespaces/${segment(namespace)}`}/${kind.resource}`;
}

function segment(name: string): string {
  if (name === "" || name === "." || name === "..") throw new TypeError(`"${name}" cannot be part of a URL`);
  return encodeURIComponent(name);
}

function resourceWords(kind: KubeKind): string {
  return kind.group === "" ? kind.resource : `${kind.resource}.${kind.group}`;
}
