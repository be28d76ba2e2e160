import { formatJson, isList, isMap, type Json } from "../model/json.ts";
import { groupOf, type KubeObject, type SourceObject } from "../model/object.ts";
import type { Place } from "../model/place.ts";
import type { Problem } from "../model/problem.ts";
import { subjectOf } from "./subject.ts";

/** What etcd takes in one request by default. */
const MAX_BYTES = 1.5 * 1024 * 1024;
/** No character takes more than this in JSON text. */
const BYTES_PER_CHARACTER = 6;

/** An object that the cluster's store cannot hold, whatever the server adds to it. */
export function checkSize({ object, at }: SourceObject): readonly Problem[] {
  return tooLarge(object, at);
}

/**
 * The same of a dry-run's answer, which holds what the server adds; of `metadata.managedFields` that can be more than the
 * object itself. A dry-run accepts what the store then refuses.
 */
export function checkStoredSize(answer: KubeObject, at: Place | undefined): readonly Problem[] {
  return tooLarge(answer, at);
}

/** Surely no object that is too large. `lengthOf` a text may be more than its length, to have its object looked at closely. */
export function isSmall(object: KubeObject, lengthOf: LengthOf = (text) => text.length): boolean {
  return characters(object, lengthOf) * BYTES_PER_CHARACTER <= MAX_BYTES;
}

function tooLarge(object: KubeObject, at: Place | undefined): readonly Problem[] {
  if (isSmall(object)) return [];
  const bytes = storedBytes(object);
  if (bytes <= MAX_BYTES) return [];
  return [
    {
      code: "too-large",
      level: "blocker",
      message: `${subjectOf(object)}: ${(bytes / 1024 / 1024).toFixed(1)} MiB, and a cluster stores at most 1.5 MiB`,
      remedy: "split it, or keep the content in an image or a volume",
      ...(at && { at }),
    },
  ];
}

/** What an object takes in the store at least: custom kinds lie there as JSON, built-in ones in a form without names of fields. */
function storedBytes(object: KubeObject): number {
  const { resourceVersion: _, managedFields = [], ...metadata } = object.metadata;
  if (isCustom(object)) {
    const claims = object.metadata.managedFields === undefined ? {} : { managedFields };
    return bytesOf({ ...object, metadata: { ...metadata, ...claims } }) + requestBytes(object);
  }
  const claims = managedFields.reduce((sum, { fieldsV1 = {} }) => sum + bytesOf(fieldsV1), 0);
  return textBytes({ ...object, metadata }) + claims;
}

// Kinds of these groups may be custom as well; then this says less than it could.
function isCustom({ apiVersion }: KubeObject): boolean {
  const group = groupOf(apiVersion);
  return group.includes(".") && !group.endsWith(".k8s.io");
}

/** The request names the object's key three times; the rest was measured. */
function requestBytes({ apiVersion, kind, metadata: { namespace = "", name } }: KubeObject): number {
  const key = `/registry/${groupOf(apiVersion)}/${kind}s/${namespace}/${name}`;
  return 3 * Buffer.byteLength(key) + 46;
}

function bytesOf(value: Json): number {
  return Buffer.byteLength(formatJson(value));
}

function textBytes(value: Json | undefined): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (isList(value)) return value.reduce<number>((sum, item) => sum + textBytes(item), 0);
  return isMap(value) ? Object.values(value).reduce<number>((sum, member) => sum + textBytes(member), 0) : 0;
}

type LengthOf = (text: string) => number;

/** A cheap bound for the length of the JSON text: a number or word counts as 24. */
function characters(value: Json | undefined, lengthOf: LengthOf): number {
  if (typeof value === "string") return lengthOf(value) + 3;
  if (typeof value !== "object" || value === null) return 24;
  let sum = 3;
  if (isList(value)) for (const item of value) sum += characters(item, lengthOf);
  else for (const key in value) sum += key.length + 4 + characters(value[key], lengthOf);
  return sum;
}
