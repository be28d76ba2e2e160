import { isList, isMap, type Json } from "../model/json.ts";
import type { Metadata, SourceObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { subjectOf } from "./subject.ts";
import { listSome } from "./texts.ts";

// The server refuses a write with these, or takes it for a statement about one moment of the live object.
const REFUSED = ["managedFields", "uid", "resourceVersion"];
const IGNORED = ["creationTimestamp", "deletionTimestamp", "generation", "selfLink"];

/** Fields of metadata that are not a manifest's to set: the server's, and the marks by which Plumbline knows what it owns. */
export function findServerOwned(source: SourceObject): readonly Problem[] {
  return [...findServerFields(source), ...findOwnershipMarks(source)];
}

function findServerFields({ object, at }: SourceObject): readonly Problem[] {
  const { metadata } = object;
  const refused = REFUSED.filter((key) => isSet(metadata[key]));
  const fields = [...refused, ...IGNORED.filter((key) => isSet(metadata[key]))].map((key) => `metadata.${key}`);
  if (fields.length === 0) return [];
  return [
    {
      code: "server-owned-field",
      level: refused.length > 0 ? "blocker" : "caution",
      message: `${subjectOf(object)}: only the server sets ${fields.join(", ")}`,
      remedy: "remove what an export of the live object left behind",
      at,
    },
  ];
}

/** A manifest that carries our marks would have itself adopted, or pruned, as if we had made it. */
function findOwnershipMarks({ object, at }: SourceObject): readonly Problem[] {
  const marks = [
    ...keysOf(object.metadata, "labels").filter(isOurLabel),
    ...keysOf(object.metadata, "annotations").filter(isOurAnnotation),
  ];
  if (marks.length === 0) return [];
  const message = `${subjectOf(object)}: only the tool that applies an object sets ${listSome(marks)}`;
  return [{ code: "server-owned-field", level: "blocker", message, remedy: "remove it", at }];
}

function isOurLabel(key: string): boolean {
  // On a CustomResourceDefinition this label is its author's to set: objects of it may be parents of sets.
  if (key === "applyset.kubernetes.io/is-parent-type") return false;
  return key.startsWith("applyset.kubernetes.io/") || key.startsWith("plumbline.dev/");
}

/** Other annotations below plumbline.dev/ are settings that people write. */
function isOurAnnotation(key: string): boolean {
  return key.startsWith("applyset.kubernetes.io/") || key === "plumbline.dev/holder" || key === "plumbline.dev/run";
}

function keysOf(metadata: Metadata, field: "labels" | "annotations"): readonly string[] {
  return Object.keys(metadata[field] ?? {});
}

function isSet(value: Json | undefined): boolean {
  if (isList(value)) return value.length > 0;
  return isMap(value) || (value !== undefined && value !== null && value !== "" && value !== 0);
}
