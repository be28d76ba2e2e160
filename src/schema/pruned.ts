import { isList, isMap, type Json, type JsonMap } from "../model/json.ts";
import type { Path } from "../model/path.ts";
import type { Budget } from "./budget.ts";
import { schemaOfKey } from "./defaults.ts";
import type { Schema } from "./schema.ts";

/** Fields that the server drops silently because the schema of the node they are in does not have them. */
export function prunedPaths(object: JsonMap, schema: Schema, budget: Budget): readonly Path[] {
  return ofValue(object, { ...schema, embedded: true }, { path: [], budget });
}

interface Place {
  readonly path: Path;
  readonly budget: Budget;
}

const META = ["apiVersion", "kind", "metadata"];

function ofValue(value: Json, schema: Schema | undefined, place: Place): readonly Path[] {
  if (!place.budget.spend(1)) return [];
  if (isList(value))
    return value.flatMap((item, index) =>
      ofValue(item, itemSchema(schema), { ...place, path: [...place.path, { index }] }),
    );
  return isMap(value) ? ofMap(value, schema, place) : [];
}

// A list below a node that keeps everything keeps everything as well, unlike a map's properties.
function itemSchema(schema: Schema | undefined): Schema | undefined {
  if (schema?.preservesUnknown !== true) return schema?.items;
  return { ...(schema.items ?? schema), preservesUnknown: true };
}

function ofMap(map: JsonMap, schema: Schema | undefined, place: Place): readonly Path[] {
  return Object.entries(map).flatMap(([key, value]) => {
    const path = [...place.path, key];
    if (value === undefined || (schema?.embedded === true && META.includes(key))) return [];
    const isKnown = schema !== undefined && (schema.properties.has(key) || schema.additional !== undefined);
    if (isKnown && isDroppedNull(value, schemaOfKey(key, schema))) return [path];
    if (isKnown) return ofValue(value, schemaOfKey(key, schema), { ...place, path });
    return schema?.preservesUnknown === true ? [] : [path];
  });
}

// Of a schema with a type it would be refused; one without lets it pass, and then it is not stored.
function isDroppedNull(value: Json, schema: Schema | undefined): boolean {
  return value === null && schema !== undefined && !schema.nullable && schema.default === undefined;
}
