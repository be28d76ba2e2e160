import type { Json } from "../model/json.ts";
import type { KubeObject, ManagedFields } from "../model/object.ts";
import { stepInto, type Path, type Scalar, type Step } from "../model/path.ts";
import { isOurs } from "../model/ownership-marks.ts";
import type { Author } from "../model/change.ts";
import { below, isMeant, membersOf, readMember, type FieldSet, type Member } from "./field-set.ts";

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

/** A manager as its entry names it. */
export function toAuthor(entry: ManagedFields): Author {
  return {
    manager: entry.manager ?? "unknown",
    operation: entry.operation,
    ...(entry.subresource === undefined ? {} : { subresource: entry.subresource }),
    ...(entry.time === undefined ? {} : { time: entry.time }),
  };
}

/** The entry claims the path itself, something inside it, or an atomic value around it. */
export function claimsPath(live: KubeObject, entry: ManagedFields, path: Path): boolean {
  let fields: FieldSet | undefined = entry.fieldsV1;
  let value: Json | undefined = live;
  for (const step of path) {
    if (fields === undefined) return false;
    if (membersOf(fields).length === 0) return fields !== entry.fieldsV1;
    fields = stepFields(fields, value, step);
    value = stepInto(value, step);
  }
  return fields !== undefined;
}

function stepFields(fields: FieldSet, value: Json | undefined, step: Step): FieldSet | undefined {
  if (typeof step === "string") return below(fields, `f:${step}`);
  const item = stepInto(value, step);
  if (item === undefined) return undefined;
  const member = membersOf(fields).find((text) => means(text, item));
  return member === undefined ? undefined : below(fields, member);
}

function means(text: string, item: Json): boolean {
  const member = readMember(text);
  return member?.kind === "item" && isMeant(item, member);
}

/** The step into a value that a member of a field set stands for; the items of a set of scalars have none. */
export function stepOf(member: Member): Step | undefined {
  if (member.kind === "field") return member.name;
  if (member.kind !== "item") return undefined;
  return { item: Object.fromEntries(Object.entries(member.keys).filter(isScalarEntry)) };
}

function isScalarEntry(entry: [string, Json | undefined]): entry is [string, Scalar] {
  return ["string", "number", "bigint", "boolean"].includes(typeof entry[1]);
}
