import * as z from "zod";
import { configSchema } from "./schema.ts";

/** The part of a JSON Schema that ours use. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
}

/** JSON Schema (2020-12) of what people write, for editors; a key with a default may be left out. */
export function configJsonSchema(): JsonSchema {
  return z.toJSONSchema(configSchema, { io: "input", target: "draft-2020-12" }) as JsonSchema;
}

/** The keys that may be written in the map at a path. */
export function keysAt(schema: JsonSchema, path: readonly (string | number)[]): readonly string[] {
  const [step, ...rest] = path;
  const alternatives = schema.anyOf ?? [schema];
  if (step === undefined) return alternatives.flatMap(({ properties }) => Object.keys(properties ?? {}));
  return alternatives
    .map((one) => stepInto(one, step))
    .flatMap((next) => (next === undefined ? [] : keysAt(next, rest)));
}

function stepInto(schema: JsonSchema, step: string | number): JsonSchema | undefined {
  if (typeof step === "number") return schema.items;
  const { properties = {}, additionalProperties } = schema;
  if (Object.hasOwn(properties, step)) return properties[step];
  return typeof additionalProperties === "object" ? additionalProperties : undefined;
}
