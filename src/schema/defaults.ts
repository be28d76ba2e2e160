import { isList, isMap, type Json, type JsonMap } from "../model/json.ts";
import type { Budget } from "./budget.ts";
import type { Schema } from "./schema.ts";

/** The value as the server checks it: absent fields and nulls that their schema does not allow have their defaults, if any. */
export function withDefaults(value: Json, schema: Schema | undefined, budget: Budget): Json {
  if (schema === undefined || !budget.spend(1 + schema.properties.size / 4)) return value;
  if (isList(value)) return value.map((item) => withDefaults(replaced(item, schema.items), schema.items, budget));
  return isMap(value) ? mapWithDefaults(value, schema, budget) : value;
}

function mapWithDefaults(map: JsonMap, schema: Schema, budget: Budget): JsonMap {
  const missing = [...schema.properties].flatMap(([key, property]) =>
    property.default === undefined || (Object.hasOwn(map, key) && !isRefusedNull(map[key], property))
      ? []
      : [[key, property.default] as const],
  );
  const entries = [...Object.entries(map), ...missing].flatMap(([key, value]) => {
    if (value === undefined) return [];
    const inner = schemaOfKey(key, schema);
    return [[key, withDefaults(replaced(value, inner), inner, budget)] as const];
  });
  return Object.fromEntries(entries);
}

/** The schema of a key: its property's, or the one of all other keys. */
export function schemaOfKey(key: string, { properties, additional }: Schema): Schema | undefined {
  return properties.get(key) ?? (additional === "any" ? undefined : additional);
}

function replaced(value: Json, schema: Schema | undefined): Json {
  return isRefusedNull(value, schema) ? (schema?.default ?? null) : value;
}

function isRefusedNull(value: Json | undefined, schema: Schema | undefined): boolean {
  return value === null && schema !== undefined && !schema.nullable;
}
