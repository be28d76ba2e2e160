import { isList, isMap, type Json, type JsonMap } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import type { Composition, Doubt, DoubtfulScalar, Path } from "./composition.ts";
import { formatPath } from "./composition.ts";
import type { Lines } from "./lines.ts";
import { subjectOf } from "./subject.ts";
import { needsText } from "./text-place.ts";

/**
 * Values and keys without quotes that kubectl reads otherwise than a person does, or as a number or truth value where only text is
 * allowed. Nothing is said where the reading does no harm: `replicas: 3`, `defaultMode: 0644`, `cpu: 0.10`, `hostNetwork: yes`.
 */
export function findAmbiguous({ value, doubtful }: Composition, lines: Lines): readonly Problem[] {
  return doubtful.flatMap((scalar) => {
    const found = objectAt(value, scalar.path);
    const why = found && reasonOf(found, scalar.doubt);
    if (found === undefined || why === undefined) return [];
    const at = lines.placeOf(scalar.offset);
    const what = scalar.doubt === "key" ? "the key " : "";
    const message = `${at.file}: ${what}${formatPath(found.path)} of ${subjectOf(found.object)} ${why}`;
    return [{ code: "ambiguous-scalar", level: "caution", message, remedy: REMEDIES[scalar.doubt], at }] as const;
  });
}

const REMEDIES: Readonly<Record<Doubt, string>> = {
  key: "put the key in quotes",
  word: "put it in quotes, or write true or false",
  octal: "put it in quotes, or leave out the leading zero",
  lossy: "put it in quotes",
  typed: "put it in quotes",
};

interface Found {
  readonly object: KubeObject;
  readonly path: Path;
}

/** The object that a place in a document belongs to: the document, or an item of its List. */
function objectAt(value: Json | undefined, path: Path): Found | undefined {
  if (!isMap(value)) return undefined;
  const { items } = value;
  const [first, index, ...rest] = path;
  if (isList(items) && first === "items" && typeof index === "number" && isKindOfList(value))
    return objectAt(items[index], rest);
  if (typeof value["kind"] !== "string" || typeof value["apiVersion"] !== "string") return undefined;
  const metadata = isMap(value["metadata"]) ? value["metadata"] : {};
  return { object: { ...value, metadata } as KubeObject, path };
}

function isKindOfList({ kind }: JsonMap): boolean {
  return typeof kind === "string" && kind.endsWith("List");
}

/** What is wrong with the reading at this place; `undefined` when nothing is. */
function reasonOf({ object, path }: Found, doubt: DoubtfulScalar["doubt"]): string | undefined {
  if (doubt === "key") return "is not written as it is read";
  const { apiVersion, kind } = object;
  if (needsText({ apiVersion, kind, path })) return `is read as ${READINGS[doubt]}, and only text is allowed`;
  const key = path.findLast((step) => typeof step === "string") ?? "";
  if (doubt === "octal" && !/(?:mode|mask)$/i.test(key)) return "is read as an octal number";
  if (doubt === "lossy" && /(?:version|tag|revision)$/i.test(key))
    return "is read as a number, and does not come out as it is written";
  return doubt === "word" && standsForText(object, path) ? "is read as a truth value" : undefined;
}

const READINGS: Readonly<Record<Exclude<Doubt, "key">, string>> = {
  word: "a truth value",
  octal: "an octal number",
  lossy: "a number",
  typed: "a number or truth value",
};

/** A word of a list whose other items are texts, as `no` among countries; or of the values that a definition allows. */
function standsForText(object: Json, path: Path): boolean {
  if (typeof path.at(-1) !== "number") return false;
  const list = path.slice(0, -1).reduce<Json | undefined>(stepInto, object);
  return path.at(-2) === "enum" || (isList(list) && list.some((item) => typeof item === "string"));
}

function stepInto(value: Json | undefined, step: string | number): Json | undefined {
  if (typeof step === "number") return isList(value) ? value[step] : undefined;
  return isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}
