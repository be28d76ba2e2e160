import { formatJson, isList, isMap, type Json } from "../model/json.ts";
import type { SourceObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { subjectOf } from "./subject.ts";

/** What etcd takes in one request by default. */
const MAX_BYTES = 1.5 * 1024 * 1024;
/** No character takes more than this in JSON text. */
const BYTES_PER_CHARACTER = 6;

/** An object that the cluster's store cannot hold. */
export function checkSize({ object, at }: SourceObject): readonly Problem[] {
  if (characters(object) * BYTES_PER_CHARACTER <= MAX_BYTES) return [];
  const bytes = Buffer.byteLength(formatJson(object));
  if (bytes <= MAX_BYTES) return [];
  return [
    {
      code: "too-large",
      level: "blocker",
      message: `${subjectOf(object)}: ${(bytes / 1024 / 1024).toFixed(1)} MiB, and a cluster stores at most 1.5 MiB`,
      remedy: "split it, or keep the content in an image or a volume",
      at,
    },
  ];
}

/** A cheap bound for the length of the JSON text: a number or word counts as 24. */
function characters(value: Json | undefined): number {
  if (typeof value === "string") return value.length + 3;
  if (isList(value)) return value.reduce<number>((sum, item) => sum + characters(item), 3);
  if (!isMap(value)) return 24;
  return Object.keys(value).reduce((sum, key) => sum + key.length + 4 + characters(value[key]), 3);
}
