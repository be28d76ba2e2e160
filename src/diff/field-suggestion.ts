import { isList, isMap, type Json } from "../model/json.ts";
import { nearest } from "../model/nearest.ts";
import type { KubeObject } from "../model/object.ts";
import { formatPath, placesAt, valueAt, type Path, type Step } from "../model/path.ts";

/** Objects that show which fields a kind has: the one that was sent, the live one, and others of the same kind. */
export interface KnownObjects {
  readonly sent?: KubeObject;
  readonly live?: KubeObject;
  readonly siblings?: readonly KubeObject[];
}

/** The field that was probably meant by one that its kind does not have: a similar name beside it, or the same name elsewhere. */
export function suggestField(path: Path, known: KnownObjects): string | undefined {
  const word = path.at(-1);
  if (typeof word !== "string") return undefined;
  const parent = path.slice(0, -1);
  const written = keysAt(known.sent, parent);
  const similar = nearest(
    word,
    fieldsAt(parent, known).filter((name) => name !== word && !written.includes(name)),
  );
  if (similar !== undefined) return formatPath([...parent, similar]);
  const elsewhere = [known.live, ...(known.siblings ?? [])].flatMap((object) => placesOf(word, object, []));
  return elsewhere[0] === undefined ? undefined : formatPath(elsewhere[0]);
}

const EVERYWHERE: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["apiVersion", "kind", "metadata", "spec"]],
  ["metadata", ["name", "namespace", "labels", "annotations", "finalizers", "ownerReferences"]],
]);

/** The names that fields of this place have: in any item, where the place is one of a list. */
function fieldsAt(parent: Path, { sent, live, siblings = [] }: KnownObjects): readonly string[] {
  const anyItem = parent.map((step): Step => (typeof step === "string" ? step : { any: true }));
  const objects = [live, ...siblings, sent].filter((object) => object !== undefined);
  const seen = objects.flatMap((object) => placesAt(object, anyItem).flatMap((place) => keysAt(object, place)));
  return [...new Set([...seen, ...(EVERYWHERE.get(formatPath(parent)) ?? [])])];
}

function keysAt(object: Json | undefined, path: Path): readonly string[] {
  const value = valueAt(object, path);
  return isMap(value) ? Object.keys(value) : [];
}

// The server's own parts, and maps whose keys are content.
const NOT_SEARCHED = ["status", "managedFields", "annotations", "labels", "data", "stringData", "binaryData"];

function placesOf(word: string, value: Json | undefined, path: Path): readonly Path[] {
  if (isList(value)) return value.slice(0, 1).flatMap((item) => placesOf(word, item, [...path, itemStep(item)]));
  if (!isMap(value)) return [];
  const here = Object.hasOwn(value, word) ? [[...path, word]] : [];
  const below = Object.keys(value).filter((name) => !NOT_SEARCHED.includes(name));
  return [...here, ...below.flatMap((name) => placesOf(word, value[name], [...path, name]))];
}

function itemStep(item: Json): Step {
  const name = isMap(item) ? item["name"] : undefined;
  return typeof name === "string" ? { item: { name } } : { index: 0 };
}
