import type { SourceObject } from "../model/object.ts";
import { refOf, type KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef, refKey, type Ref } from "../model/ref.ts";
import { namedObjects } from "./named-objects.ts";
import { listed, textAt } from "./reading.ts";

/** Whether an object is in the cluster; `unknown` where nobody may look. */
export type Known = (ref: Ref) => "yes" | "no" | "unknown";

/** Objects that are named but neither come with this change nor are in the cluster, one caution for each object that names some. */
export function missingReferences(objects: readonly SourceObject[], known: Known): readonly Problem[] {
  const provided = new Set(objects.flatMap(({ object }) => providedBy(object)));
  return objects.flatMap(({ object, at }) => {
    const missing = namedObjects(object).filter((ref) => !provided.has(refKey(ref)) && known(ref) === "no");
    if (missing.length === 0) return [];
    const names = listed(missing.map(formatRef), 10);
    return [
      {
        code: "missing-reference",
        level: "caution",
        message: `${formatRef(refOf(object))}: names ${names}, which neither this change nor the cluster has`,
        remedy: "add what is missing, or correct the name",
        at,
      },
    ];
  });
}

/** Names to ask for in the cluster: those that some objects need and none of `all` provides. */
export function outsideReferences(objects: readonly KubeObject[], all = objects): readonly Ref[] {
  const outside = new Map(objects.flatMap(namedObjects).map((ref) => [refKey(ref), ref]));
  if (outside.size > 0) for (const key of all.flatMap(providedBy)) outside.delete(key);
  return [...outside.values()];
}

/** The object itself, and the Secret that a controller makes of it. */
function providedBy(object: KubeObject): readonly string[] {
  const { namespace } = object.metadata;
  const secret = namespace === undefined ? undefined : secretOf(object);
  const own = refKey(refOf(object));
  return secret === undefined
    ? [own]
    : [own, refKey({ group: "", kind: "Secret", namespace: namespace ?? "", name: secret })];
}

// Kinds of which a controller makes a Secret: Sealed Secrets, External Secrets, cert-manager.
function secretOf(object: KubeObject): string | undefined {
  if (object.kind === "SealedSecret") return object.metadata.name;
  if (object.kind === "ExternalSecret") return textAt(object, "spec", "target", "name") ?? object.metadata.name;
  return object.kind === "Certificate" ? textAt(object, "spec", "secretName") : undefined;
}
