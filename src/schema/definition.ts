import { isList, isMap, type Json, type JsonMap } from "../model/json.ts";
import { groupOf, type KubeObject } from "../model/object.ts";
import { readSchema, type Schema } from "./schema.ts";

/** A CustomResourceDefinition, read: which kind it makes and what each version of it allows. */
export interface Definition {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly versions: readonly Version[];
  /** Objects of different versions are the same but for apiVersion; otherwise a webhook converts them. */
  readonly convertsByName: boolean;
  /** Versions in which objects may lie in storage; empty for a definition that is not live. */
  readonly storedVersions: readonly string[];
  /** Grows with every change of the spec; 0 for a definition that is not live. */
  readonly generation: number;
}

export interface Version {
  readonly name: string;
  readonly served: boolean;
  /** Objects are stored in this version. */
  readonly storage: boolean;
  readonly schema: Schema;
  /** The schema as it is written. */
  readonly source: Json;
  /** Status is a subresource: a `status` in a manifest is ignored. */
  readonly hasStatus: boolean;
  readonly scale?: Scale;
}

/** Where the scale subresource finds its numbers: `.spec.replicas`. */
export interface Scale {
  readonly specReplicas: string;
  readonly statusReplicas: string;
  readonly selector?: string;
}

/** `undefined` for any other object, and for a definition that lacks what it cannot be without. */
export function readDefinition(object: JsonMap): Definition | undefined {
  const { apiVersion, kind: ownKind, spec, metadata } = object;
  if (ownKind !== "CustomResourceDefinition" || apiVersion !== "apiextensions.k8s.io/v1" || !isMap(spec))
    return undefined;
  const { group, scope, versions, conversion, names } = spec;
  if (typeof group !== "string" || !isList(versions) || !isMap(names)) return undefined;
  const { kind, plural } = names;
  if (typeof kind !== "string" || typeof plural !== "string") return undefined;
  const preserves = spec["preserveUnknownFields"] === true;
  return {
    group,
    kind,
    plural,
    namespaced: scope === "Namespaced",
    versions: versions.filter(isMap).map((version) => readVersion(version, preserves)),
    convertsByName: !isMap(conversion) || conversion["strategy"] !== "Webhook",
    storedVersions: storedVersions(object["status"]),
    generation: isMap(metadata) ? Number(metadata["generation"] ?? 0) : 0,
  };
}

/** Whether an object is of the kind that a definition makes, in whatever version. */
export function defines({ group, kind }: Definition, object: Pick<KubeObject, "apiVersion" | "kind">): boolean {
  return object.kind === kind && groupOf(object.apiVersion) === group;
}

export function servedVersions({ versions }: Definition): readonly string[] {
  return versions.filter(({ served }) => served).map(({ name }) => name);
}

function readVersion(version: JsonMap, preserves: boolean): Version {
  const { name, served, storage, schema, subresources } = version;
  const scale = isMap(subresources) ? readScale(subresources["scale"]) : undefined;
  const source = (isMap(schema) ? schema["openAPIV3Schema"] : undefined) ?? {};
  const root = readSchema(source);
  return {
    name: typeof name === "string" ? name : "",
    served: served === true,
    storage: storage === true,
    source,
    // A definition from before apiextensions.k8s.io/v1 may still say this for all of its nodes.
    schema: preserves ? { ...root, preservesUnknown: true } : root,
    hasStatus: isMap(subresources) && isMap(subresources["status"]),
    ...(scale && { scale }),
  };
}

function readScale(json: Json | undefined): Scale | undefined {
  if (!isMap(json)) return undefined;
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = json;
  if (typeof specReplicasPath !== "string" || typeof statusReplicasPath !== "string") return undefined;
  return {
    specReplicas: specReplicasPath,
    statusReplicas: statusReplicasPath,
    ...(typeof labelSelectorPath === "string" && { selector: labelSelectorPath }),
  };
}

function storedVersions(status: Json | undefined): readonly string[] {
  const stored = isMap(status) ? status["storedVersions"] : undefined;
  return isList(stored) ? stored.filter((version) => typeof version === "string") : [];
}
