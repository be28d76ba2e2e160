import { isFailure } from "../model/failure.ts";
import type { KubeKind } from "../model/kind.ts";
import { versionOf, type KubeObject } from "../model/object.ts";
import type { Cluster } from "../ports.ts";
import { readDefinition } from "../schema/definition.ts";

const DEFINITIONS: KubeKind = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  resource: "customresourcedefinitions",
  namespaced: false,
  verbs: [],
  hasStatus: true,
};

/**
 * Whether the schema of a custom kind can ask for a certain `metadata.name`: by a rule at its root, where alone a name can be
 * read, or by a schema of metadata. Where the definition may not be read, it can. Built-in kinds have no definition.
 */
export async function mayReadName(
  object: KubeObject,
  kind: KubeKind,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<boolean> {
  // Only groups with a dot can be custom.
  if (!kind.group.includes(".")) return false;
  try {
    const address = { kind: DEFINITIONS, name: `${kind.resource}.${kind.group}` };
    const definition = await cluster.read(address, signal);
    return definition !== undefined && readsName(definition, versionOf(object.apiVersion));
  } catch (error) {
    if (isFailure(error) && error.code === "cluster-forbidden") return true;
    throw error;
  }
}

function readsName(definition: KubeObject, version: string): boolean {
  const schema = readDefinition(definition)?.versions.find(({ name }) => name === version)?.schema;
  if (schema === undefined) return true;
  return schema.rules.some(({ rule }) => rule.includes("metadata")) || schema.properties.has("metadata");
}
