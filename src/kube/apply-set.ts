import { createHash } from "node:crypto";
import { Failure } from "../model/failure.ts";
import type { AppliedRevision, Inventory, RepositoryId } from "../model/inventory.ts";
import { isMap, parseJson, canonicalJson, type Json, type JsonMap } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import { compareText } from "../model/ref.ts";
import type { Target } from "../model/target.ts";
import { mapAt, textAt } from "./members.ts";
import { SYSTEM_LABELS, systemName } from "./system-name.ts";

// The form of KEP-3659 as kubectl reads it: https://kep.k8s.io/3659. The version is that of our data, not the product's.
const ID_LABEL = "applyset.kubernetes.io/id";
const TOOLING = "applyset.kubernetes.io/tooling";
const KINDS = "applyset.kubernetes.io/contains-group-kinds";
const NAMESPACES = "applyset.kubernetes.io/additional-namespaces";
const OUR_TOOLING = "plumbline/v1.0.0";

/** The parent object of a set, as its id is computed from. */
export interface SetParent {
  readonly name: string;
  /** Empty for a cluster-scoped parent. */
  readonly namespace: string;
  readonly kind: string;
  readonly group: string;
}

/** The id of a target's set, which its members carry in the label `applyset.kubernetes.io/part-of`. */
export function setId(target: Target, namespace: string): string {
  return idOf({ name: systemName(target), namespace, kind: "ConfigMap", group: "" });
}

/** The id of any set, as KEP-3659 computes it. */
export function idOf({ name, namespace, kind, group }: SetParent): string {
  const hash = createHash("sha256").update(`${name}.${namespace}.${kind}.${group}`).digest("base64url");
  return `applyset-${hash}-v1`;
}

/** The set's parent with this inventory; whatever else `live` holds is kept. */
export function encodeInventory(
  inventory: Inventory,
  place: { readonly target: Target; readonly namespace: string },
  live: KubeObject | undefined,
): KubeObject {
  const { namespace } = place;
  return {
    ...live,
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      ...live?.metadata,
      name: systemName(place.target),
      namespace,
      labels: { ...live?.metadata.labels, ...SYSTEM_LABELS, [ID_LABEL]: inventory.id },
      annotations: { ...live?.metadata.annotations, ...annotationsOf(inventory, namespace) },
    },
    data: { ...mapAt(live, "data"), ...recordOf(inventory, namespace) },
  };
}

/** Throws Failure `cluster-error` when the object is not an inventory that we wrote. */
export function decodeInventory(
  object: KubeObject,
  place: { readonly target: Target; readonly namespace: string },
): Inventory {
  const { labels = {}, annotations = {} } = object.metadata;
  const id = setId(place.target, place.namespace);
  const kinds = annotations[KINDS];
  const repository = repositoryIn(object);
  if (labels[ID_LABEL] !== id || !isOurs(annotations[TOOLING]) || kinds === undefined || repository === undefined) {
    throw notOurs(place.target, place.namespace);
  }
  const applied = appliedIn(object);
  return {
    id,
    kinds: items(kinds).map(parseGroupKind),
    namespaces: namespacesIn(object, place.namespace),
    repository,
    ...(applied === undefined ? {} : { applied }),
    ...admissionIn(object),
  };
}

function annotationsOf({ kinds, namespaces }: Inventory, own: string): Readonly<Record<string, string>> {
  return {
    [TOOLING]: OUR_TOOLING,
    [KINDS]: sortedList(kinds.map(({ group, kind }) => (group === "" ? kind : `${kind}.${group}`))),
    [NAMESPACES]: sortedList(namespaces.filter((namespace) => namespace !== own)),
  };
}

// The annotation may not name the parent's own namespace, so that members live there too is told beside it.
function recordOf({ repository, applied, admission, namespaces }: Inventory, own: string): JsonMap {
  return {
    repository: canonicalJson({ ...repository }),
    applied: applied === undefined ? "" : canonicalJson({ ...applied }),
    admission: admission === undefined ? "" : canonicalJson({ ...admission }),
    "members-beside": String(namespaces.includes(own)),
  };
}

function namespacesIn(object: KubeObject, own: string): readonly string[] {
  const others = items(object.metadata.annotations?.[NAMESPACES] ?? "");
  return textAt(mapAt(object, "data"), "members-beside") === "true" ? [...others, own].toSorted(compareText) : others;
}

// The tool is what stands before the last slash; any version of ours can be read.
function isOurs(tooling: string | undefined): boolean {
  return tooling !== undefined && tooling.slice(0, tooling.lastIndexOf("/")) === "plumbline";
}

function repositoryIn(object: KubeObject): RepositoryId | undefined {
  const record = recordAt(object, "repository");
  const name = textAt(record, "name");
  const id = textAt(record, "id");
  return name === undefined ? undefined : { name, ...(id === undefined ? {} : { id }) };
}

function appliedIn(object: KubeObject): AppliedRevision | undefined {
  const record = recordAt(object, "applied");
  const [commit, digest, time] = ["commit", "digest", "time"].map((key) => textAt(record, key));
  return commit === undefined || digest === undefined || time === undefined ? undefined : { commit, digest, time };
}

function admissionIn(object: KubeObject): Pick<Inventory, "admission"> {
  const marks = Object.entries(recordAt(object, "admission")).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return marks.length === 0 ? {} : { admission: Object.fromEntries(marks) };
}

function recordAt(object: KubeObject, key: string): JsonMap {
  try {
    const record: Json = parseJson(textAt(mapAt(object, "data"), key) ?? "");
    return isMap(record) ? record : {};
  } catch {
    return {};
  }
}

// A kind has no dot, a group may have many.
function parseGroupKind(text: string): { readonly group: string; readonly kind: string } {
  const dot = text.indexOf(".");
  return dot < 0 ? { group: "", kind: text } : { group: text.slice(dot + 1), kind: text.slice(0, dot) };
}

function sortedList(texts: readonly string[]): string {
  return [...new Set(texts)].toSorted(compareText).join(",");
}

function items(list: string): readonly string[] {
  return list.split(",").filter((item) => item !== "");
}

function notOurs(target: Target, namespace: string): Failure {
  return new Failure(
    "cluster-error",
    `ConfigMap ${namespace}/${systemName(target)}: exists, but is no inventory of this target`,
    {
      remedy: "look who made it; remove it, or choose another system.namespace",
    },
  );
}
