import { canonicalJson, isList, isMap, type Json, type JsonList, type JsonMap } from "../model/json.ts";

/** One node of a structural schema (`openAPIV3Schema` of apiextensions.k8s.io/v1), read. What the server does not check is left out. */
export interface Schema extends Limits {
  /** `object`, `array`, `string`, `integer`, `number`, `boolean`; absent: any, as in int-or-string. */
  readonly type?: string;
  readonly format?: string;
  readonly nullable: boolean;
  readonly intOrString: boolean;
  /** Unknown fields of this node are kept; those of nodes below are only accepted. */
  readonly preservesUnknown: boolean;
  /** A whole object with apiVersion, kind and metadata of its own. */
  readonly embedded: boolean;
  readonly list: "atomic" | "set" | "map";
  readonly listKeys: readonly string[];
  readonly properties: ReadonlyMap<string, Schema>;
  /** What keys have that are no properties: `any`, a schema of their own, or absent. */
  readonly additional?: Schema | "any";
  readonly items?: Schema;
  readonly required: readonly string[];
  /** The only values allowed, in their canonical spelling. */
  readonly values?: ReadonlySet<string>;
  readonly pattern?: string;
  readonly allOf: readonly Schema[];
  readonly anyOf: readonly Schema[];
  readonly oneOf: readonly Schema[];
  readonly not?: Schema;
  readonly default?: Json;
  readonly rules: readonly Rule[];
}

interface Limits {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum: boolean;
  readonly exclusiveMaximum: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

/** A CEL rule of `x-kubernetes-validations`. */
export interface Rule {
  readonly rule: string;
  /** Speaks of the object before (`oldSelf`), so it is not asked when an object is created. */
  readonly ofTransition: boolean;
}

// YAML aliases make one map the child of many: read each time anew, a small file would become a huge schema.
const READ = new WeakMap<JsonMap, Schema>();

/** Anything that is no map reads as the schema that allows everything. */
export function readSchema(json: Json | undefined): Schema {
  const map: JsonMap = isMap(json) ? json : {};
  const schema = READ.get(map) ?? readNode(map);
  READ.set(map, schema);
  return schema;
}

function readNode(map: JsonMap): Schema {
  return {
    ...readLimits(map),
    ...optional("type", text(map["type"])),
    ...optional("format", text(map["format"])),
    ...optional("pattern", text(map["pattern"])),
    ...optional("values", isList(map["enum"]) ? readValues(map["enum"]) : undefined),
    ...optional("additional", readAdditional(map["additionalProperties"])),
    ...optional("items", map["items"] === undefined ? undefined : readSchema(map["items"])),
    ...optional("not", map["not"] === undefined ? undefined : readSchema(map["not"])),
    // A default of null is none.
    ...optional("default", map["default"] ?? undefined),
    nullable: map["nullable"] === true,
    intOrString: map["x-kubernetes-int-or-string"] === true,
    preservesUnknown: map["x-kubernetes-preserve-unknown-fields"] === true,
    embedded: map["x-kubernetes-embedded-resource"] === true,
    list: listType(map["x-kubernetes-list-type"]),
    listKeys: texts(map["x-kubernetes-list-map-keys"]),
    properties: readProperties(map["properties"]),
    required: texts(map["required"]),
    allOf: readSchemas(map["allOf"]),
    anyOf: readSchemas(map["anyOf"]),
    oneOf: readSchemas(map["oneOf"]),
    rules: readRules(map["x-kubernetes-validations"]),
  };
}

/** The types a value may have by the schema's own word; empty: any. */
export function typesOf({ type, intOrString }: Schema): readonly string[] {
  if (intOrString) return ["integer", "string"];
  return type === undefined ? [] : [type];
}

function readLimits(map: JsonMap): Limits {
  return {
    ...optional("minimum", number(map["minimum"])),
    ...optional("maximum", number(map["maximum"])),
    ...optional("multipleOf", number(map["multipleOf"])),
    ...optional("minLength", number(map["minLength"])),
    ...optional("maxLength", number(map["maxLength"])),
    ...optional("minItems", number(map["minItems"])),
    ...optional("maxItems", number(map["maxItems"])),
    ...optional("minProperties", number(map["minProperties"])),
    ...optional("maxProperties", number(map["maxProperties"])),
    exclusiveMinimum: map["exclusiveMinimum"] === true,
    exclusiveMaximum: map["exclusiveMaximum"] === true,
  };
}

// An allowed null allows no null: the server leaves it out of its comparison.
function readValues(list: JsonList): ReadonlySet<string> {
  return new Set(list.filter((value) => value !== null).map(canonicalJson));
}

function readAdditional(json: Json | undefined): Schema | "any" | undefined {
  if (json === true) return "any";
  return isMap(json) ? readSchema(json) : undefined;
}

function readProperties(json: Json | undefined): ReadonlyMap<string, Schema> {
  return new Map(Object.entries(isMap(json) ? json : {}).map(([name, schema]) => [name, readSchema(schema)]));
}

function readSchemas(json: Json | undefined): readonly Schema[] {
  return isList(json) ? json.map(readSchema) : [];
}

function readRules(json: Json | undefined): readonly Rule[] {
  if (!isList(json)) return [];
  return json.filter(isMap).flatMap(({ rule, optionalOldSelf }) => {
    if (typeof rule !== "string") return [];
    return [{ rule, ofTransition: optionalOldSelf !== true && /\boldSelf\b/.test(rule) }];
  });
}

function listType(json: Json | undefined): Schema["list"] {
  return json === "set" || json === "map" ? json : "atomic";
}

function text(json: Json | undefined): string | undefined {
  return typeof json === "string" && json !== "" ? json : undefined;
}

function texts(json: Json | undefined): readonly string[] {
  return isList(json) ? json.filter((item) => typeof item === "string") : [];
}

// The server reads these as doubles as well.
function number(json: Json | undefined): number | undefined {
  return typeof json === "number" || typeof json === "bigint" ? Number(json) : undefined;
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]?: Value });
}
