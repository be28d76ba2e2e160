import { isList, isMap } from "../model/json.ts";
import type { KubeKind } from "../model/kind.ts";
import type { KubeObject, SourceObject } from "../model/object.ts";

/** What a change brings that other objects stand on. */
export interface Coming {
  readonly kinds: readonly KubeKind[];
  readonly namespaces: readonly string[];
  /** CustomResourceDefinitions. */
  readonly definitions: readonly KubeObject[];
}

/** What comes with a change and is not there yet. */
export interface ComingObjects {
  readonly namespaces: ReadonlySet<string>;
  /** By ref key. */
  readonly refs: ReadonlySet<string>;
  readonly definitions: readonly KubeObject[];
}

/** The kinds and namespaces that these objects make. */
export function comingWith(sources: readonly SourceObject[]): Coming {
  const objects = sources.map(({ object }) => object);
  return {
    kinds: objects.flatMap(definedKinds),
    namespaces: objects.filter(isNamespace).map(({ metadata }) => metadata.name),
    definitions: objects.filter(({ kind }) => kind === "CustomResourceDefinition"),
  };
}

function isNamespace({ apiVersion, kind }: KubeObject): boolean {
  return apiVersion === "v1" && kind === "Namespace";
}

/** The kinds that a CustomResourceDefinition will serve. */
function definedKinds(object: KubeObject): readonly KubeKind[] {
  const spec = object["spec"];
  if (object.kind !== "CustomResourceDefinition" || !isMap(spec) || !isMap(spec["names"])) return [];
  const { kind, plural } = spec["names"];
  const { group, scope, versions } = spec;
  if (typeof kind !== "string" || typeof plural !== "string" || typeof group !== "string" || !isList(versions))
    return [];
  return versions.filter(isMap).flatMap(({ name, served, subresources }) => {
    if (typeof name !== "string" || served === false) return [];
    const hasStatus = isMap(subresources) && subresources["status"] !== undefined;
    return [{ group, version: name, kind, resource: plural, namespaced: scope === "Namespaced", verbs: [], hasStatus }];
  });
}
