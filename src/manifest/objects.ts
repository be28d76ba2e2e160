import { isList, isMap, type Json, type JsonMap } from "../model/json.ts";
import type { KubeObject, SourceObject } from "../model/object.ts";
import type { Place } from "../model/place.ts";
import type { Problem } from "../model/problem.ts";
import type { Composition } from "./composition.ts";
import { formatPath, type Path } from "./composition.ts";
import type { Lines } from "./lines.ts";

export interface Objects {
  readonly objects: readonly SourceObject[];
  readonly problems: readonly Problem[];
}

/** The objects of one document: itself, or the items of a List, each with its own place. Empty documents have none. */
export function toObjects({ value, offset, items }: Composition, lines: Lines): Objects {
  if (value === null) return NONE;
  const objects: SourceObject[] = [];
  const problems: Problem[] = [];
  for (const { value: one, offset: at } of flatten({ value, offset }, items)) {
    const read = toObject(one, lines.placeOf(at));
    if ("object" in read) objects.push(read);
    else problems.push(read);
  }
  return { objects, problems };
}

const NONE: Objects = { objects: [], problems: [] };

interface Found {
  readonly value: Json;
  readonly offset: number;
}

function flatten(found: Found, places: ReadonlyMap<Json, number>): readonly Found[] {
  const { value, offset } = found;
  if (!isMap(value) || !isListObject(value)) return [found];
  if (value["items"] === null) return [];
  if (!isList(value["items"])) return [found];
  return value["items"].flatMap((item) =>
    flatten({ value: typedItem(value, item), offset: places.get(item) ?? offset }, places),
  );
}

function isListObject(value: JsonMap): boolean {
  return typeof value["kind"] === "string" && value["kind"].endsWith("List") && Object.hasOwn(value, "items");
}

/** `kind: ConfigMapList` says what its items are, so that they need not. */
function typedItem({ apiVersion, kind }: JsonMap, item: Json): Json {
  if (!isMap(item) || typeof kind !== "string" || kind === "List") return item;
  if (isPresent(item["apiVersion"]) || isPresent(item["kind"])) return item;
  return { ...item, apiVersion: apiVersion ?? null, kind: kind.slice(0, -"List".length) };
}

function isPresent(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== "";
}

function toObject(value: Json, at: Place): SourceObject | Problem {
  if (!isMap(value)) {
    return invalid(at, `a document is ${typeName(value)}`, "write an object with apiVersion, kind and metadata");
  }
  const missing = ["apiVersion", "kind"].filter((key) => !isPresent(value[key]));
  if (missing.length > 0) {
    return invalid(at, `a document has no ${missing.join(" and no ")}`, "add it, or keep the file elsewhere");
  }
  const wrong = findWrongType(value);
  if (wrong !== undefined) {
    return invalid(at, `${formatPath(wrong.path)} is ${typeName(wrong.found)}, not ${wrong.wanted}`, wrong.remedy);
  }
  const metadata = withoutNullNamespace(value["metadata"]);
  return { object: (metadata === value["metadata"] ? value : { ...value, metadata }) as KubeObject, at };
}

/** kubectl takes `namespace: null` for none. */
function withoutNullNamespace(metadata: Json | undefined): JsonMap {
  if (!isMap(metadata)) return {};
  const { namespace, ...rest } = metadata;
  return namespace === null ? rest : metadata;
}

interface WrongType {
  readonly path: Path;
  readonly found: Json;
  readonly wanted: string;
  readonly remedy: string;
}

/** The first field of those which kubectl itself decodes that has a type it refuses. Null counts as absent. */
function findWrongType(object: JsonMap): WrongType | undefined {
  const metadata = object["metadata"] ?? null;
  if (isListObject(object) && !isList(object["items"])) return wrong(["items"], object["items"], "a list");
  if (metadata !== null && !isMap(metadata)) return wrong(["metadata"], metadata, "a map");
  return (
    findNoText(object, ["apiVersion", "kind"], []) ??
    findNoText(metadata ?? {}, METADATA_TEXTS, ["metadata"]) ??
    findNoTextMap(metadata ?? {}, "labels") ??
    findNoTextMap(metadata ?? {}, "annotations")
  );
}

const METADATA_TEXTS = ["name", "generateName", "namespace", "uid", "resourceVersion", "selfLink"];

function findNoText(map: JsonMap, keys: readonly string[], path: Path): WrongType | undefined {
  const key = keys.find((one) => typeof map[one] !== "string" && isPresent(map[one]));
  return key === undefined ? undefined : wrong([...path, key], map[key], "text");
}

function findNoTextMap(metadata: JsonMap, key: string): WrongType | undefined {
  const map = metadata[key] ?? null;
  if (map === null) return undefined;
  if (!isMap(map)) return wrong(["metadata", key], map, "a map");
  return findNoText(map, Object.keys(map), ["metadata", key]);
}

function wrong(path: Path, found: Json | undefined, wanted: string): WrongType {
  const remedy = wanted === "text" ? "put it in quotes" : `write ${wanted}`;
  return { path, found: found ?? null, wanted, remedy };
}

function invalid(at: Place, what: string, remedy: string): Problem {
  return { code: "document-invalid", level: "error", message: `${at.file}: ${what}`, remedy, at };
}

function typeName(value: Json): string {
  if (isList(value)) return "a list";
  if (isMap(value)) return "a map";
  if (typeof value === "string") return "text";
  return value === null ? "null" : typeof value === "boolean" ? "a boolean" : "a number";
}
