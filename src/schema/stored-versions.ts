import { refOf, versionOf, type KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef } from "../model/ref.ts";
import { readDefinition, servedVersions, type Definition } from "./definition.ts";
import type { DefinitionChange } from "./definition-change.ts";

/** Versions that a definition loses although objects are stored in them or written through them, and a scope that changes. */
export function lostVersions(change: DefinitionChange): readonly Problem[] {
  const [before, after] = [readDefinition(change.before), readDefinition(change.after)];
  if (before === undefined || after === undefined) return [];
  return [
    ...droppedStored(change, before, after),
    ...otherScope(change, before, after),
    ...unserved(change, before, after),
  ];
}

function droppedStored(
  change: DefinitionChange,
  { storedVersions }: Definition,
  after: Definition,
): readonly Problem[] {
  const kept = new Set(after.versions.map(({ name }) => name));
  const dropped = storedVersions.filter((name) => !kept.has(name));
  if (dropped.length === 0) return [];
  const storage = after.versions.find(({ storage: isStorage }) => isStorage)?.name ?? "the new version";
  const names = dropped.join(", ");
  return [
    problemOf(change, {
      code: "stored-version-dropped",
      level: "blocker",
      message: `drops version ${names}, in which objects may still be stored (status.storedVersions: ${storedVersions.join(", ")})`,
      remedy: `write every object anew as ${storage}, take ${names} out of status.storedVersions, then drop it`,
    }),
  ];
}

function otherScope(change: DefinitionChange, before: Definition, after: Definition): readonly Problem[] {
  if (before.namespaced === after.namespaced) return [];
  const scope = ({ namespaced }: Definition): string => (namespaced ? "Namespaced" : "Cluster");
  return [
    problemOf(change, {
      code: "immutable-field",
      level: "blocker",
      message: `spec.scope cannot be changed from ${scope(before)} to ${scope(after)}`,
      remedy: "keep the scope, or define the kind under another name",
    }),
  ];
}

function unserved(change: DefinitionChange, before: Definition, after: Definition): readonly Problem[] {
  const served = new Set(servedVersions(after));
  return servedVersions(before)
    .filter((name) => !served.has(name))
    .flatMap((name) => {
      const users = [...new Set(change.live.flatMap((object) => writersThrough(object, name)))];
      if (users.length === 0) return [];
      return [
        problemOf(change, {
          code: "definition-changes",
          level: "caution",
          message: `version ${name} is no longer served, but live objects were written through it by ${users.slice(0, 5).join(", ")}`,
          remedy: "move whoever writes them to another version first",
        }),
      ];
    });
}

function writersThrough({ metadata }: KubeObject, version: string): readonly string[] {
  return (metadata.managedFields ?? []).flatMap(({ apiVersion, manager }) =>
    versionOf(apiVersion) === version && manager !== undefined ? [manager] : [],
  );
}

function problemOf({ after, at }: DefinitionChange, told: Omit<Problem, "at">): Problem {
  return { ...told, message: `${formatRef(refOf(after))}: ${told.message}`, ...(at && { at }) };
}
