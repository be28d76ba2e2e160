import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATIONS } from "../test/support/github/operations.ts";

// Cuts GitHub's own OpenAPI description to the operations of the stand-in, and writes it so that ajv can read it.
// The same version gives the same bytes. The package takes 385 MB on disk, so it is no dependency of the project.
const PACKAGE = "@octokit/openapi";
const VERSION = "23.0.2";
const TARGET = join(import.meta.dirname, "../test/support/github/description.json");

const NOT_FOR_VALIDATION = new Set([
  "default",
  "deprecated",
  "description",
  "discriminator",
  "example",
  "examples",
  "externalDocs",
  "headers",
  "summary",
  "tags",
  "title",
  "x-github",
  "x-multi-segment",
  "x-octokit",
]);
/** Maps whose keys are names that an author chose: a property may well be called `description`. */
const NAMED = new Set(["properties", "patternProperties", "schemas", "parameters", "responses", "paths"]);

type Json = string | number | boolean | null | readonly Json[] | JsonMap;
interface JsonMap {
  readonly [key: string]: Json;
}

const source = download();
const paths = operationPaths(source);
const text = format({ openapi: source["openapi"] ?? "", info: origin(), paths, components: components(paths) });
writeFileSync(TARGET, text);
console.log(`${OPERATIONS.length} operations of ${PACKAGE} ${VERSION}: ${(text.length / 1000).toFixed(0)} kB`);

function download(): JsonMap {
  const folder = mkdtempSync(join(tmpdir(), "github-description-"));
  try {
    writeFileSync(join(folder, "package.json"), "{}");
    const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];
    execFileSync("npm", ["install", ...options, `${PACKAGE}@${VERSION}`], { cwd: folder, stdio: "inherit" });
    // By path: `require` of the package loads every GitHub Enterprise description too.
    return JSON.parse(readFileSync(join(folder, "node_modules", PACKAGE, "generated/api.github.com.json"), "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function origin(): JsonMap {
  return { title: "GitHub's REST API, cut to the operations that the tests use", version: VERSION, source: PACKAGE };
}

function operationPaths(description: JsonMap): JsonMap {
  const wanted = new Map<string, JsonMap>();
  for (const [path, item] of Object.entries(mapOf(description["paths"]))) {
    const operations = Object.entries(mapOf(item)).filter(
      ([method, operation]) => method === "parameters" || isWanted(operation),
    );
    if (operations.some(([method]) => method !== "parameters")) wanted.set(path, Object.fromEntries(operations));
  }
  const found = [...wanted.values()].flatMap((item) => Object.values(item)).map((item) => mapOf(item)["operationId"]);
  const missing = OPERATIONS.filter((id) => !found.includes(id));
  if (missing.length > 0) throw new Error(`${PACKAGE} ${VERSION} has no operation ${missing.join(", ")}`);
  return mapOf(reduce(sorted(Object.fromEntries(wanted))));
}

function isWanted(operation: Json): boolean {
  const id = isMap(operation) ? operation["operationId"] : undefined;
  return OPERATIONS.some((wanted) => wanted === id);
}

/** Every component that the operations reach, however deep. */
function components(paths: JsonMap): JsonMap {
  const reached = new Map<string, Json>();
  const open = references(paths);
  for (let reference = open.pop(); reference !== undefined; reference = open.pop()) {
    if (reached.has(reference)) continue;
    const component = reduce(resolve(reference));
    reached.set(reference, component);
    open.push(...references(component));
  }
  const groups: Record<string, Record<string, Json>> = {};
  for (const reference of [...reached.keys()].toSorted()) {
    const [, , group = "", name = ""] = reference.split("/");
    (groups[group] ??= {})[name] = reached.get(reference) ?? null;
  }
  return groups;
}

function references(value: Json): string[] {
  if (isList(value)) return value.flatMap(references);
  if (!isMap(value)) return [];
  const own = value["$ref"];
  return [...(typeof own === "string" ? [own] : []), ...Object.values(value).flatMap(references)];
}

function resolve(reference: string): Json {
  const steps = reference.split("/").slice(1);
  return steps.reduce<Json>((value, step) => mapOf(value)[step] ?? null, source);
}

/** A value without what only people read, in JSON Schema's words where OpenAPI 3.0 has its own. */
function reduce(value: Json, keysAreNames = false): Json {
  if (isList(value)) return value.map((item) => reduce(item));
  if (!isMap(value)) return value;
  const kept = Object.entries(value)
    .filter(([key]) => keysAreNames || !NOT_FOR_VALIDATION.has(key))
    .map(([key, member]) => [key, reduce(member, !keysAreNames && NAMED.has(key) && isMap(member))] as const);
  const reduced: JsonMap = Object.fromEntries(kept);
  return keysAreNames ? reduced : nullable(reduced);
}

/** OpenAPI's `nullable` beside an enum or a reference: ajv wants the null spelled out. */
function nullable(schema: JsonMap): JsonMap {
  if (schema["nullable"] !== true) return schema;
  const { nullable: _, ...rest } = schema;
  const values = schema["enum"];
  if (isList(values) && !values.includes(null)) return nullable({ ...schema, enum: [...values, null] });
  return schema["type"] === undefined ? { anyOf: [{ type: "null" }, rest] } : schema;
}

function sorted(map: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** One operation and one component a line: a new version of the description is a diff that can be read. */
function format(description: JsonMap): string {
  return `${block(description, 2)}\n`;
}

function block(value: Json, depth: number): string {
  if (depth < 0 || !isMap(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${block(member, depth - 1)}`);
  return `{\n${members.join(",\n")}\n}`;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapOf(value: Json | undefined): JsonMap {
  if (!isMap(value)) throw new Error(`${PACKAGE} ${VERSION}: a map was expected, found ${JSON.stringify(value)}`);
  return value;
}
