import { isMap, parseJson, type JsonMap } from "../model/json.ts";
import type { KubeObject, ManagedFields } from "../model/object.ts";
import { stepInto, type Path, type Step } from "../model/path.ts";
import { isOurs } from "../model/ownership-marks.ts";
import type { Author } from "../model/change.ts";
import type { Json } from "../model/json.ts";

/** Who last wrote a field: the newest foreign claim on it, or `undefined` when nobody claims it. */
export function authorOf(live: KubeObject, path: Path): Author | undefined {
  const claims = (live.metadata.managedFields ?? []).filter((entry) => !isOurs(entry) && claimsPath(live, entry, path));
  return newest(claims);
}

/** Who wrote the object last, ourselves excepted: the only hint when a field is gone. */
export function lastWriter(live: KubeObject): Author | undefined {
  return newest(
    (live.metadata.managedFields ?? []).filter((entry) => !isOurs(entry) && entry.subresource !== "status"),
  );
}

function newest(entries: readonly ManagedFields[]): Author | undefined {
  const entry = entries.toSorted((a, b) => ((a.time ?? "") < (b.time ?? "") ? 1 : -1))[0];
  return entry === undefined ? undefined : toAuthor(entry);
}

export function toAuthor(entry: ManagedFields): Author {
  return {
    manager: entry.manager ?? "unknown",
    operation: entry.operation,
    ...(entry.subresource === undefined ? {} : { subresource: entry.subresource }),
    ...(entry.time === undefined ? {} : { time: entry.time }),
  };
}

/** The entry claims the path itself, something inside it, or an atomic value around it. */
function claimsPath(live: KubeObject, entry: ManagedFields, path: Path): boolean {
  let fields: JsonMap | undefined = entry.fieldsV1;
  let value: Json | undefined = live;
  for (const step of path) {
    if (fields === undefined) return false;
    if (Object.keys(fields).every((key) => key === ".")) return fields !== entry.fieldsV1;
    fields = stepFields(fields, value, step);
    value = stepInto(value, step);
  }
  return fields !== undefined;
}

function stepFields(fields: JsonMap, value: Json | undefined, step: Step): JsonMap | undefined {
  if (typeof step === "string") return subfields(fields, `f:${step}`);
  const item = stepInto(value, step);
  const key = Object.keys(fields).find((candidate) => isMap(item) && keyMatches(candidate, item));
  return key === undefined ? undefined : subfields(fields, key);
}

function keyMatches(candidate: string, item: JsonMap): boolean {
  const keys = itemKeys(candidate);
  return keys !== undefined && Object.entries(keys).every(([key, value]) => item[key] === value);
}

/** The key values in a `k:{...}` member of fieldsV1. */
export function itemKeys(member: string): JsonMap | undefined {
  if (!member.startsWith("k:")) return undefined;
  const keys = parseJson(member.slice(2));
  return isMap(keys) ? keys : undefined;
}

function subfields(fields: JsonMap, key: string): JsonMap | undefined {
  const inner = fields[key];
  return isMap(inner) ? inner : undefined;
}
