import { differences } from "./differences.ts";
import { isMap, type Json } from "../model/json.ts";
import { formatPath, valueAt } from "../model/path.ts";
import type { Refusal } from "../model/refusal.ts";
import { isImmutableRefusal } from "./immutable-field.ts";
import { replaceableBy, REPLACE_ANNOTATION } from "./replaceable.ts";
import type { Refused, RefusalRule } from "./refusal-rule.ts";
import { causesText, fieldText, relevantCauses, withoutSubject } from "./refusal-text.ts";
import { serverPath } from "./server-path.ts";

/** Values that the server does not take. */
export const VALUE_RULES: readonly RefusalRule[] = [
  {
    code: "too-large",
    applies: ({ httpStatus, message }) =>
      httpStatus === 413 || message === STORE_LIMIT || tooLong(message) !== undefined,
    says: sizeText,
    remedy: "split the object, or keep its content in an image or a volume",
  },
  {
    code: "uid-mismatch",
    applies: (refusal) => refusal.httpStatus === 422 && hasOnly(refusal, "metadata.uid"),
    says: () => "the live object has another uid: it was deleted and made anew meanwhile",
    remedy: "run again",
  },
  {
    code: "immutable-field",
    applies: isImmutableRefusal,
    says: (refused) => `${immutableFields(refused)} cannot be changed`,
    remedy: immutableRemedy,
  },
  {
    code: "invalid-name",
    applies: (refusal) => refusal.httpStatus === 422 && hasOnly(refusal, "metadata.name"),
    says: (refused) => causesText(refused.refusal, refused).replace(EXAMPLE, ""),
    remedy: "give the object a name that its kind allows",
  },
  {
    code: "server-owned-field",
    applies: ({ httpStatus, message }) => httpStatus === 400 && message === "metadata.managedFields must be nil",
    says: () => "only the server sets metadata.managedFields",
    remedy: "remove what an export of the live object left behind",
  },
  {
    code: "address-mismatch",
    applies: ({ httpStatus, message }) =>
      httpStatus === 400 && /^invalid object type: |^the name(?:space)? of the (?:provided )?object /.test(message),
    remedy: "write the apiVersion, kind, name and namespace under which the object is sent",
  },
  {
    code: "duplicate-key",
    applies: ({ httpStatus, message }) => httpStatus === 400 && message.includes("already set in map"),
    remedy: "keep one of the two",
  },
  {
    code: "invalid-object",
    applies: ({ httpStatus }) => httpStatus === 422 || httpStatus === 400,
    says: (refused) => causesText(refused.refusal, refused),
    remedy: ({ refusal }) =>
      refusal.causes.length > 0 ? "correct the field that is named" : "correct the object as the server says",
  },
];

// A regular expression, by which the server explains a sentence that is clear.
const EXAMPLE = / \(e\.g\. .*$/s;

const STORE_LIMIT = "etcdserver: request is too large";

function sizeText(refused: Refused): string {
  const { message, causes } = refused.refusal;
  if (message === STORE_LIMIT) return "larger than what the cluster's store takes in one request";
  const limit = tooLong(message) ?? Number(/limit is (\d+)/.exec(message)?.[1]);
  if (Number.isNaN(limit)) return withoutSubject(message);
  const field = fieldText(causes[0]?.field ?? "", refused);
  return `${field === "" ? "" : `${field}: `}larger than ${sizeName(limit)}`;
}

/** A limit in bytes. The same words with a small number are about a name. */
function tooLong(message: string): number | undefined {
  const bytes = Number(/Too long: may not be more than (\d+) bytes/.exec(message)?.[1]);
  return bytes >= 100_000 ? bytes : undefined;
}

function sizeName(bytes: number): string {
  return bytes >= 2 ** 20 ? `${bytes / 2 ** 20} MiB` : `${bytes / 2 ** 10} KiB`;
}

function hasOnly(refusal: Refusal, field: string): boolean {
  const causes = relevantCauses(refusal);
  return causes.length > 0 && causes.every((cause) => cause.field === field);
}

function immutableFields(refused: Refused): string {
  const fields = relevantCauses(refused.refusal).flatMap((cause) => {
    const changed = changedBelow(cause.field, cause.message, refused);
    return changed.length > 0 ? changed : [fieldText(cause.field, refused)];
  });
  // The first of its addresses is the one that people write.
  return [...new Set(fields)].join(", ").replace("spec.clusterIPs[0]", "spec.clusterIP");
}

/** Of a refused spec, the fields that really differ: the server names the spec as a whole, and those that may be changed. */
function changedBelow(field: string, message: string, { sent, live }: Refused): readonly string[] {
  const path = serverPath(field, sent, live);
  const [before, after] = [valueAt(live, path), valueAt(sent, path)];
  if (!message.startsWith("Forbidden: ") || !isMap(before) || !isMap(after)) return [];
  const free = [...message.matchAll(/'(\w+)'/g)].map(([, name]) => name);
  return Object.keys(after)
    .filter((name) => !free.includes(name) && isOther(before[name], after[name]))
    .map((name) => formatPath([...path, name]));
}

/** What is not written is left to the server, so it is no difference. */
function isOther(before: Json | undefined, after: Json | undefined): boolean {
  return differences(before, after).some((difference) => difference.after !== undefined);
}

function immutableRemedy({ refusal, sent, live }: Refused): string {
  const replacement = sent && live && replaceableBy(refusal, sent, live);
  if (replacement?.kind === "never") return `keep the old value, or give the object a new name; ${replacement.because}`;
  if (replacement?.kind !== "not-asked") return "keep the old value, or give the object a new name";
  return `keep the old value, or annotate the object with ${REPLACE_ANNOTATION}: "true" to have it deleted and made anew`;
}
