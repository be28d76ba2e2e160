import { isList, isMap, type Json, type JsonMap } from "../model/json.ts";
import type { Path } from "../model/path.ts";
import { schemaOfKey } from "./defaults.ts";
import { checkSharedMeta } from "./object-meta.ts";
import type { Schema } from "./schema.ts";
import type { Walk } from "./walk.ts";

/** Finds what keeps an embedded resource from being an object: its apiVersion, kind and metadata. */
export function checkEmbedded(value: Json, schema: Schema | undefined, path: Path, walk: Walk): void {
  if (schema === undefined || !walk.budget.spend(1)) return;
  if (isList(value))
    for (const [index, item] of value.entries()) checkEmbedded(item, schema.items, [...path, { index }], walk);
  if (!isMap(value)) return;
  if (schema.embedded) checkResource(value, path, walk);
  for (const [key, member] of Object.entries(value))
    if (member !== undefined) checkEmbedded(member, schemaOfKey(key, schema), [...path, key], walk);
}

function checkResource(object: JsonMap, path: Path, walk: Walk): void {
  for (const key of ["apiVersion", "kind"]) {
    const value = object[key];
    if (value === undefined) walk.found([...path, key], "is required");
    if (value === "") walk.found([...path, key], "must not be empty");
  }
  const { apiVersion, kind, metadata } = object;
  if (typeof apiVersion === "string" && apiVersion.split("/").length > 2)
    walk.found([...path, "apiVersion"], "must be a version or a group and a version");
  if (typeof kind === "string" && kind !== "" && !/^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/i.test(kind))
    walk.found([...path, "kind"], "may have mixed case, but should otherwise be a DNS-1035 label");
  if (isMap(metadata)) checkSharedMeta(metadata, [...path, "metadata"], walk);
}
