import type { Json, JsonMap } from "../../src/model/json.ts";

/** A schema and objects of it, as `spec`. */
export interface ServerCase {
  readonly name: string;
  /** Of one field, `spec.f`. */
  readonly schema: JsonMap;
  readonly values: readonly Json[];
  /** The value stands for the whole object's fields, `schema` for those of the root. */
  readonly atRoot?: boolean;
  readonly status?: boolean;
  readonly scale?: JsonMap;
  /** Why the two may differ, and in what: the verdict itself, or only the field that is named. */
  readonly differs?: { readonly in: "verdict" | "field"; readonly because: string };
}

const text: JsonMap = { type: "string" };
const integer: JsonMap = { type: "integer" };
const object = (properties: JsonMap, more: JsonMap = {}): JsonMap => ({ type: "object", properties, ...more });
const list = (items: JsonMap, more: JsonMap = {}): JsonMap => ({ type: "array", items, ...more });
const keyed = (keys: readonly string[], properties: JsonMap): JsonMap =>
  list(object(properties, { required: keys.filter((key) => !("default" in (properties[key] as JsonMap))) }), {
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": keys,
  });
const format = (name: string): JsonMap => ({ type: "string", format: name });

const TYPES: readonly ServerCase[] = [
  { name: "string", schema: text, values: ["a", "", 1, true, 1.5, [], {}, null] },
  {
    name: "integer",
    schema: integer,
    values: [1, -1, 0, 1.5, "1", false, null, 9223372036854775807n, 9223372036854775808n],
  },
  { name: "number", schema: { type: "number" }, values: [1, 1.5, "1", 1e300, 12345678901234567890n, []] },
  { name: "boolean", schema: { type: "boolean" }, values: [true, "true", 0] },
  { name: "array", schema: list(text), values: [["a"], [], ["a", 1], "a", {}, [null], [["a"]]] },
  { name: "object", schema: object({ a: text }), values: [{}, { a: "x" }, { a: 1 }, { b: 1 }, [], "x", { a: null }] },
  { name: "free-form object", schema: { type: "object" }, values: [{}, { anything: { goes: 1 } }, "x"] },
  {
    name: "map of integers",
    schema: { type: "object", additionalProperties: integer },
    values: [{ a: 1, b: 2 }, { a: "1" }, { a: null }, { a: {} }],
  },
  {
    name: "map of anything",
    schema: { type: "object", additionalProperties: true },
    values: [{ a: 1, b: { c: [1] } }, "x"],
  },
  {
    name: "int-or-string",
    schema: { "x-kubernetes-int-or-string": true },
    values: [1, "50%", 1.5, true, {}, [], null],
  },
  {
    name: "int-or-string with a pattern",
    schema: { "x-kubernetes-int-or-string": true, pattern: "^\\d+%$", maximum: 10 },
    values: [5, 11, "50%", "50"],
  },
  {
    name: "nullable",
    schema: object({ a: { ...text, nullable: true }, b: list({ ...integer, nullable: true }) }),
    values: [{ a: null }, { b: [null, 1] }, { b: null }],
  },
  {
    name: "nullable with values",
    schema: { type: "string", nullable: true, enum: ["a", null] },
    values: ["a", "b", null],
  },
];

const UNKNOWN: readonly ServerCase[] = [
  {
    name: "unknown field, nested",
    schema: object({ a: object({ b: text }), l: list(object({ b: text })) }),
    values: [{ a: { b: "x", c: 1 } }, { l: [{ b: "x" }, { d: 1 }] }, { a: { b: "x" } }],
  },
  {
    name: "preserve-unknown-fields",
    schema: object({ a: object({ b: text }) }, { "x-kubernetes-preserve-unknown-fields": true }),
    values: [{ z: { y: 1 } }, { a: { b: 1 } }, { a: { b: "x", c: 1 } }],
  },
  {
    name: "anything at all",
    schema: { "x-kubernetes-preserve-unknown-fields": true },
    values: [1, "x", { a: [1, { b: null }] }, [1, "a"], null],
  },
  {
    name: "an unknown field at the root",
    atRoot: true,
    schema: object({ spec: { type: "object" } }),
    values: [{ spec: {} }, { spce: {} }],
  },
  {
    name: "metadata",
    atRoot: true,
    schema: object({ spec: { type: "object" } }),
    values: [
      { metadata: { labels: { a: "b", "example.com/c": "d" } } },
      { metadata: { labels: { a: 1 } } },
      { metadata: { lables: { a: "b" } } },
      { metadata: { labels: { "a b": "c" } } },
      { metadata: { labels: { a: "not a label value!" } } },
      { metadata: { annotations: { "A.b/C": "anything at all" } } },
      { metadata: { annotations: { "a/b/c": "x" } } },
      { metadata: { annotations: { a: "x".repeat(270_000) } } },
      { metadata: { finalizers: ["example.com/x"] } },
      { metadata: { finalizers: ["not a name"] } },
      { metadata: { finalizers: ["example.com/x", "example.com/x"] } },
    ],
  },
  {
    name: "metadata where unknown fields are kept",
    atRoot: true,
    schema: object({}, { "x-kubernetes-preserve-unknown-fields": true }),
    values: [{ anything: { a: 1 }, metadata: { labels: { a: "b" } } }, { metadata: { lables: { a: "b" } } }],
  },
  {
    name: "metadata that the definition narrows",
    atRoot: true,
    schema: object({ metadata: object({ name: { type: "string", maxLength: 3 } }) }),
    values: [{}],
  },
];

const REQUIRED_AND_DEFAULTS: readonly ServerCase[] = [
  {
    name: "required",
    schema: object({ a: text, b: text }, { required: ["a", "b"] }),
    values: [{ a: "x", b: "y" }, { a: "x" }, {}, { a: null, b: "y" }],
  },
  {
    name: "required with a default",
    schema: object({ a: { ...text, default: "x" } }, { required: ["a"] }),
    values: [{}, { a: null }, { a: 1 }],
  },
  {
    name: "nested defaults",
    schema: object({
      a: object({ b: { ...integer, default: 7, minimum: 5 }, c: text }, { required: ["c"], default: { c: "x" } }),
    }),
    values: [{}, { a: {} }, { a: { c: "y" } }, { a: { b: 1, c: "y" } }],
  },
  {
    name: "null in a map with a default",
    schema: { type: "object", additionalProperties: { ...text, default: "d" } },
    values: [{ a: null }],
  },
  {
    name: "null in a list with a default",
    schema: list({ ...text, default: "d" }),
    values: [[null]],
  },
  {
    name: "required at the root",
    atRoot: true,
    schema: object({ spec: object({ a: text }) }, { required: ["spec"] }),
    values: [{}, { spec: {} }],
  },
];

const SCALARS: readonly ServerCase[] = [
  { name: "enum", schema: { type: "string", enum: ["r", "g"] }, values: ["r", "z", "", "R"] },
  { name: "enum of integers", schema: { type: "integer", enum: [1, 2] }, values: [1, 3, 9007199254740993n] },
  { name: "pattern", schema: { type: "string", pattern: "^[a-z]+$" }, values: ["abc", "ab1", "", "abc\n"] },
  { name: "pattern anywhere", schema: { type: "string", pattern: "b" }, values: ["abc", "ac"] },
  { name: "pattern in RE2's dialect", schema: { type: "string", pattern: "^(?i:ab)\\pL\\z" }, values: ["aBé", "ab1"] },
  {
    name: "minimum and maximum",
    schema: { ...integer, minimum: 1, maximum: 3 },
    values: [1, 3, 0, 4, -9007199254740993n],
  },
  {
    name: "exclusive limits",
    schema: { type: "number", minimum: 1, maximum: 3, exclusiveMinimum: true, exclusiveMaximum: true },
    values: [1, 1.01, 3, 2.99],
  },
  {
    name: "fractions as limits of numbers",
    schema: { type: "number", minimum: 1.5, maximum: 2.5 },
    values: [1, 1.4, 1.5, 2, 2.6, 3],
  },
  { name: "a fraction as limit of integers", schema: { ...integer, minimum: 1.5 }, values: [1, 2] },
  { name: "a big limit", schema: { ...integer, maximum: 4294967295, format: "int32" }, values: [1] },
  { name: "multipleOf", schema: { ...integer, multipleOf: 3 }, values: [9, 10, 0, -3] },
  { name: "multipleOf a fraction", schema: { type: "number", multipleOf: 0.1 }, values: [0.3, 0.35, 1.1] },
  { name: "int32", schema: { ...integer, format: "int32" }, values: [2147483647, 2147483648, -2147483649] },
  { name: "int64", schema: { ...integer, format: "int64" }, values: [9007199254740993n, 9223372036854775808n] },
  { name: "float", schema: { type: "number", format: "float" }, values: [1.5, 1e39] },
  { name: "double", schema: { type: "number", format: "double" }, values: [1e39] },
  { name: "an unknown format of integers", schema: { ...integer, format: "uint8" }, values: [300] },
  {
    name: "length in code points",
    schema: { type: "string", minLength: 2, maxLength: 3 },
    values: ["ab", "a", "abcd", "😀😀😀", "😀"],
  },
  { name: "length and pattern", schema: { type: "string", maxLength: 3, pattern: "^a" }, values: ["bbbb", "bb"] },
];

const COLLECTIONS: readonly ServerCase[] = [
  { name: "items", schema: list(integer, { minItems: 1, maxItems: 2 }), values: [[1], [], [1, 2, 3]] },
  {
    name: "properties",
    schema: { type: "object", additionalProperties: text, minProperties: 1, maxProperties: 2 },
    values: [{ a: "x" }, {}, { a: "x", b: "x", c: "x" }],
  },
  {
    name: "list map",
    schema: keyed(["name"], { name: text, v: integer }),
    values: [
      [{ name: "a" }, { name: "b" }],
      [{ name: "a" }, { name: "a" }],
      [{ v: 1 }],
      [null],
      ["a"],
      [{ name: "a", v: "1" }],
      [{ name: "a", w: 1 }],
    ],
  },
  {
    name: "list map with two keys, one with a default",
    schema: keyed(["port", "protocol"], { port: integer, protocol: { ...text, default: "TCP" } }),
    values: [
      [{ port: 80 }, { port: 80, protocol: "UDP" }],
      [{ port: 80 }, { port: 80, protocol: "TCP" }],
      [{ port: 80 }, { port: 81 }],
      [{}],
    ],
  },
  {
    name: "list set",
    differs: { in: "field", because: "the server names an element of a set by its value, we by its index" },
    schema: list(text, { "x-kubernetes-list-type": "set" }),
    values: [
      ["a", "b"],
      ["a", "a"],
      [null, "a"],
      ["a", 1],
    ],
  },
  {
    name: "list set of numbers",
    schema: list({ type: "number" }, { "x-kubernetes-list-type": "set" }),
    values: [
      [1, 2],
      [1, 1],
      [1, 1.5],
    ],
  },
  { name: "atomic list", schema: list(text, { "x-kubernetes-list-type": "atomic" }), values: [["a", "a"]] },
  {
    name: "atomic map",
    schema: { type: "object", additionalProperties: text, "x-kubernetes-map-type": "atomic" },
    values: [{ a: "b" }, { a: 1 }],
  },
];

const ALTERNATIVES: readonly ServerCase[] = [
  {
    name: "anyOf",
    schema: object({ a: text, b: text }, { anyOf: [{ required: ["a"] }, { required: ["b"] }] }),
    values: [{ a: "x" }, { b: "x" }, { a: "x", b: "x" }, {}],
  },
  {
    name: "oneOf",
    schema: object({ a: text, b: text }, { oneOf: [{ required: ["a"] }, { required: ["b"] }] }),
    values: [{ a: "x" }, { a: "x", b: "x" }, {}],
  },
  {
    name: "allOf",
    schema: { ...integer, allOf: [{ minimum: 1 }, { maximum: 5 }] },
    values: [3, 0, 6],
  },
  { name: "not", schema: { type: "string", not: { enum: ["x"] } }, values: ["a", "x"] },
  {
    name: "nested alternatives",
    schema: object(
      { kind: text, size: integer, name: text },
      {
        oneOf: [
          { properties: { kind: { enum: ["big"] }, size: { minimum: 10 } }, required: ["kind", "size"] },
          { properties: { kind: { enum: ["named"] }, name: { minLength: 3 } }, required: ["kind", "name"] },
        ],
      },
    ),
    values: [
      { kind: "big", size: 12 },
      { kind: "big", size: 2 },
      { kind: "named", name: "ab" },
      { kind: "named", name: "abc" },
      { kind: "other" },
      {},
    ],
  },
  {
    name: "anyOf with formats and patterns",
    schema: { type: "string", anyOf: [{ format: "ipv4" }, { pattern: "^host-" }, { maxLength: 0 }] },
    values: ["10.0.0.1", "host-1", "", "nothing"],
  },
];

const EMBEDDED: readonly ServerCase[] = [
  {
    name: "embedded resource",
    schema: { type: "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true },
    values: [
      { apiVersion: "v1", kind: "ConfigMap", data: { a: 1 } },
      { kind: "ConfigMap" },
      { apiVersion: "v1" },
      { apiVersion: "", kind: "" },
      { apiVersion: "a/b/c", kind: "X" },
      { apiVersion: "v1", kind: "Not a kind" },
      { apiVersion: 1, kind: "X" },
      { apiVersion: "v1", kind: "X", metadata: { labels: { a: 1 } } },
      { apiVersion: "v1", kind: "X", metadata: { nope: 1 } },
      { apiVersion: "v1", kind: "X", metadata: { labels: { "a b": "c" } } },
      { apiVersion: "v1", kind: "X", metadata: { name: "a", namespace: "b" } },
    ],
  },
  {
    name: "embedded resource with a schema",
    schema: { ...object({ spec: object({ a: integer }) }), "x-kubernetes-embedded-resource": true },
    values: [
      { apiVersion: "v1", kind: "X", spec: { a: 1 } },
      { apiVersion: "v1", kind: "X", spec: { b: 1 } },
      { apiVersion: "v1", kind: "X", data: {} },
    ],
  },
];

const SUBRESOURCES: readonly ServerCase[] = [
  {
    name: "status is a field",
    atRoot: true,
    schema: object({ status: object({ n: { ...integer, minimum: 1 } }) }),
    values: [{ status: { n: 1 } }, { status: { n: 0 } }],
  },
  {
    name: "status is a subresource",
    atRoot: true,
    status: true,
    schema: object(
      { spec: { type: "object" }, status: object({ n: { ...integer, minimum: 1 } }, { required: ["n"] }) },
      {},
    ),
    values: [{ status: { n: 1 } }, { status: { n: 0 } }, {}],
  },
  {
    name: "required status that is a subresource",
    atRoot: true,
    status: true,
    schema: object({ status: object({ n: integer }) }, { required: ["status"] }),
    values: [{ status: { n: 1 } }, {}],
  },
  {
    name: "scale",
    atRoot: true,
    scale: {
      specReplicasPath: ".spec.replicas",
      statusReplicasPath: ".status.replicas",
      labelSelectorPath: ".status.selector",
    },
    schema: object({
      spec: object({ replicas: integer }),
      status: object({ replicas: integer, selector: text }),
    }),
    values: [
      { spec: { replicas: 1 } },
      { spec: { replicas: -1 } },
      { spec: {} },
      { spec: { replicas: 3_000_000_000 } },
    ],
  },
];

const RULES: readonly ServerCase[] = [
  {
    name: "CEL rules",
    differs: { in: "verdict", because: "CEL rules are named, not evaluated" },
    schema: object(
      { min: integer, max: integer },
      { "x-kubernetes-validations": [{ rule: "self.min <= self.max" }, { rule: "self.min == oldSelf.min" }] },
    ),
    values: [
      { min: 1, max: 2 },
      { min: 3, max: 2 },
    ],
  },
];

/** Texts for each format that a server of 1.36 checks, and for two that it does not know. */
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  "date-time": [
    "2026-11-20T10:00:00Z",
    "2026-11-20T10:00:00.5+01:00",
    "2026-11-20",
    "2026-11-20T25:00:00Z",
    "2026-02-30T10:00:00Z",
    "2026-11-20 10:00:00Z",
    "2026-11-20t10:00:00z",
    "2026-11-20T10:00:00",
  ],
  datetime: ["2026-11-20T10:00:00Z", "x"],
  date: ["2026-11-20", "2026-2-3", "2028-02-29", "2027-02-29", "20261120"],
  duration: ["1h30m", "1.5s", "22 ns", "5 minutes", "1d", "abc", "", "5", "0", "-3m", "about 5 hours", "1y", "P1D"],
  byte: ["aGVsbG8=", "aGVsbG8", "", "aGV?bG8=", "YQ=="],
  ipv4: ["10.0.0.1", "256.0.0.1", "10.0.0", "010.0.0.1", "::1", "::ffff:10.0.0.1"],
  ipv6: ["::1", "fe80::1%eth0", "10.0.0.1", "fd00::zz", "::ffff:10.0.0.1"],
  cidr: ["10.0.0.0/8", "10.0.0.0/33", "10.0.0.0", "fd00::/64", "fd00::/129", "10.0.0.0/08"],
  mac: ["00:11:22:33:44:55", "00-11-22-33-44-55", "0011.2233.4455", "00:11:22", "00:11-22:33:44:55"],
  uuid: ["123e4567-e89b-12d3-a456-426614174000", "123E4567E89B12D3A456426614174000", "123e4567", ""],
  uuid3: ["123e4567-e89b-32d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174000"],
  uuid4: ["123e4567-e89b-42d3-a456-426614174000", "123e4567-e89b-42d3-c456-426614174000"],
  uuid5: ["123e4567-e89b-52d3-a456-426614174000", "123e4567-e89b-42d3-a456-426614174000"],
  email: ["a@example.com", "nobody", "", "a.b+c@localhost"],
  hostname: [
    "example.com",
    "my-host",
    "a-b",
    "my-host.example.com",
    "-a.com",
    "a.c",
    "exa_mple.com",
    "1.example.com",
    "",
  ],
  uri: ["https://example.com/a?b=c", "/a/b", "a/b", "", "example.com", "http://example.com:80", "urn"],
  isbn: ["0321751043", "978-0321751041", "0321751044", "x"],
  isbn10: ["0321751043", "978-0321751041"],
  isbn13: ["978-0321751041", "978-0321751042"],
  creditcard: ["4111-1111-1111-1111", "4111-1111-1111-1112", "1"],
  ssn: ["123-45-6789", "123456789", "123-45-678"],
  hexcolor: ["#fff", "00ff00", "#ffff"],
  rgbcolor: ["rgb(1,2,3)", "rgb( 1, 2, 255 )", "rgb(256,1,1)", "rgb(01,1,1)"],
  password: ["anything", ""],
  bsonobjectid: ["507f1f77bcf86cd799439011", "507f"],
  "k8s-short-name": ["a-b", "A", "a.b", "-a"],
  "k8s-long-name": ["a-b.c", "A.b", "a..b"],
  "int-or-string": ["anything"],
  "no-such-format": ["anything"],
};

const FORMATTED: readonly ServerCase[] = [
  ...Object.entries(FORMATS).map(([name, values]) => ({ name: `format ${name}`, schema: format(name), values })),
  { name: "a format of no text", schema: format("date-time"), values: [1, true, [], {}] },
  { name: "an unknown format of no text", schema: format("no-such-format"), values: [1] },
  { name: "bytes of no text", schema: format("byte"), values: [1] },
];

export const SERVER_CASES: readonly ServerCase[] = [
  ...TYPES,
  ...UNKNOWN,
  ...REQUIRED_AND_DEFAULTS,
  ...SCALARS,
  ...COLLECTIONS,
  ...ALTERNATIVES,
  ...EMBEDDED,
  ...SUBRESOURCES,
  ...RULES,
  ...FORMATTED,
];
