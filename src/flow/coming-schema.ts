import { sameJson } from "../model/json.ts";
import type { KubeKind } from "../model/kind.ts";
import { versionOf, type KubeObject } from "../model/object.ts";
import { isDeniedByAdmission, type Refusal } from "../model/refusal.ts";
import type { Cluster } from "../ports.ts";
import { isSchemaRefusal } from "../diff/refusal-text.ts";
import { defines, readDefinition, type Definition } from "../schema/definition.ts";
import { toProblems } from "../schema/problems.ts";
import { violations } from "../schema/violations.ts";
import type { ComingObjects } from "./coming.ts";
import type { Desired } from "./desired.ts";
import { unlessForbidden } from "./permitted.ts";
import type { Unpredicted } from "./prediction.ts";

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
 * An object whose definition changes with the same change: the server refused it by the old schema, and the write will meet
 * the new one, so it is checked against that. `undefined`: the refusal stands.
 */
export async function byComingSchema(
  refusal: Refusal,
  { object, ref, at }: Desired,
  { cluster, coming }: { readonly cluster: Cluster; readonly coming: ComingObjects },
  signal: AbortSignal,
): Promise<Unpredicted | undefined> {
  if (!isOfSchema(refusal)) return undefined;
  const after = coming.definitions.flatMap((one) => readDefinition(one) ?? []).find((one) => defines(one, object));
  if (after === undefined) return undefined;
  const name = `${after.plural}.${after.group}`;
  const live = await unlessForbidden(cluster.read({ kind: DEFINITIONS, name }, signal));
  const before = live === "forbidden" || live === undefined ? undefined : readDefinition(live);
  if (before === undefined || sameJson(schemaOf(before, object), schemaOf(after, object))) return undefined;
  const because = "the schema of its kind changes with this change";
  return { kind: "unpredicted", because, problems: toProblems(ref, at, violations(object, after)) };
}

function isOfSchema(refusal: Refusal): boolean {
  return isSchemaRefusal(refusal) || (refusal.httpStatus === 422 && !isDeniedByAdmission(refusal));
}

function schemaOf({ versions }: Definition, { apiVersion }: KubeObject): Definition["versions"][number]["source"] {
  return versions.find(({ name }) => name === versionOf(apiVersion))?.source ?? null;
}
