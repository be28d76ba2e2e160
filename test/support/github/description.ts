import { readFileSync } from "node:fs";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import type { OperationId } from "./operations.ts";

/** One operation of GitHub's own description. */
export interface Operation {
  readonly id: OperationId;
  readonly method: string;
  /** `/repos/{owner}/{repo}/pulls` */
  readonly path: string;
}

export interface Match {
  readonly operation: Operation;
  /** Decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

interface Schema {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}
interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}
type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
interface OperationObject {
  readonly operationId: OperationId;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly $ref?: string; readonly content?: Content }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Parameters that may hold slashes. */
const DEEP = new Set(["path", "ref", "branch", "basehead"]);

const document = JSON.parse(readFileSync(new URL("description.json", import.meta.url), "utf8")) as Document;
const bodies = validator({});
/** Queries and paths are texts: `per_page=5` is a number there. */
const texts = validator({ coerceTypes: "array" });
const compiled = new Map<string, ValidateFunction>();
const routes = Object.entries(document.paths)
  .flatMap(([path, item]) => Object.entries(item).map(([method, { operationId }]) => route(operationId, method, path)))
  // The concrete before the general: `/commits/{ref}/check-runs` before `/commits/{ref}`, whose `ref` may hold slashes.
  .toSorted((a, b) => a.placeholders - b.placeholders || b.operation.path.length - a.operation.path.length);

/** The operation of a method and a path as it was sent. */
export function matchOperation(method: string, path: string): Match | undefined {
  for (const { operation, pattern } of routes) {
    const found = operation.method === method ? pattern.exec(path) : null;
    if (found === null) continue;
    const parameters = Object.entries(found.groups ?? {}).map(([name, text]) => [name, decodeURIComponent(text)]);
    return { operation, parameters: Object.fromEntries(parameters) };
  }
  return undefined;
}

/** What a request has against the description. Unknown keys count: GitHub ignores them, so a typo would go unseen. */
export function requestErrors(match: Match, query: Readonly<Record<string, string>>, body: unknown): readonly string[] {
  const operation = objectOf(match.operation);
  const parameters = (operation.parameters ?? []).map((parameter) => resolved(parameter));
  const known = new Set(parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name));
  return [
    ...parameters.flatMap((parameter) =>
      parameterErrors(parameter, parameter.in === "path" ? match.parameters : query),
    ),
    ...Object.keys(query)
      .filter((name) => !known.has(name))
      .map((name) => `query.${name} is unknown`),
    ...bodyErrors(match.operation, operation, body),
  ];
}

/** What an answer has against the description. Few operations describe every error, so the common ones are always allowed. */
export function answerErrors(operation: Operation, status: number, body: unknown): readonly string[] {
  const place = answerPlace(operation, status);
  if (place === undefined) return [`status ${status} is not described`];
  const content = resolved(at(place) as OperationObject["responses"][string]).content;
  if (content === undefined) return body === undefined ? [] : ["a body is not described"];
  const type = ["application/json", ...Object.keys(content)].find(
    (name) => content[name]?.schema !== undefined && /json/.test(name),
  );
  if (type === undefined) return [];
  if (body === undefined) return ["a body is described, none was given"];
  const validate = compile(bodies, [...pointerOf(place), "content", type, "schema"]);
  return validate(body) ? [] : messages("body", validate.errors);
}

function validator(options: { readonly coerceTypes?: "array" }): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false, validateSchema: false, ...options });
  formats.default(ajv);
  ajv.addFormat("repo.nwo", /^[^/]+\/[^/]+$/);
  // Where there is no address, GitHub writes an empty text (`target_url` of a deployment's status).
  ajv.addFormat("uri", (text: string) => text === "" || URL.canParse(text));
  return ajv.addSchema(document, "github");
}

interface Route {
  readonly operation: Operation;
  readonly placeholders: number;
  readonly pattern: RegExp;
}

function route(id: OperationId, method: string, path: string): Route {
  const pattern = path
    .replaceAll(".", String.raw`\.`)
    .replaceAll(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>${DEEP.has(name) ? ".*" : "[^/]+"})`);
  const operation = { id, method: method.toUpperCase(), path };
  return { operation, placeholders: path.split("{").length, pattern: new RegExp(`^${pattern}$`) };
}

function objectOf({ path, method }: Operation): OperationObject {
  return at(["paths", path, method.toLowerCase()]) as OperationObject;
}

function parameterErrors(parameter: Parameter, values: Readonly<Record<string, string>>): readonly string[] {
  const place = `${parameter.in}.${parameter.name}`;
  const value = values[parameter.name];
  if (value === undefined) return parameter.required === true ? [`${place} is missing`] : [];
  const key = `${place} ${JSON.stringify(parameter.schema)}`;
  const schema = JSON.stringify({ type: "object", properties: { value: parameter.schema } }).replaceAll(
    '"#/',
    '"github#/',
  );
  const validate = compiled.get(key) ?? texts.compile(JSON.parse(schema));
  compiled.set(key, validate);
  return validate({ value }) ? [] : messages(place, validate.errors);
}

function bodyErrors(operation: Operation, { requestBody }: OperationObject, body: unknown): readonly string[] {
  if (body === undefined) return requestBody?.required === true ? ["body is missing"] : [];
  const schema = requestBody?.content["application/json"]?.schema;
  if (schema === undefined) return ["body: none is described"];
  const place = ["paths", operation.path, operation.method.toLowerCase(), "requestBody", "content", "application/json"];
  const validate = compile(bodies, [...place, "schema"]);
  const known = propertiesOf(schema);
  const unknown = Object.keys(body as object).filter((name) => known.size > 0 && !known.has(name));
  return [
    ...(validate(body) ? [] : messages("body", validate.errors)),
    ...unknown.map((name) => `body.${name} is unknown`),
  ];
}

function propertiesOf(schema: Schema): ReadonlySet<string> {
  const { properties = {}, allOf = [], anyOf = [], oneOf = [] } = resolved(schema);
  const variants = [...allOf, ...anyOf, ...oneOf].flatMap((variant) => [...propertiesOf(variant)]);
  return new Set([...Object.keys(properties), ...variants]);
}

function answerPlace(operation: Operation, status: number): readonly string[] | undefined {
  const place = ["paths", operation.path, operation.method.toLowerCase(), "responses", String(status)];
  if (at(place) !== undefined) return place;
  return status >= 400 ? ["components", "responses", "not_found"] : undefined;
}

function compile(ajv: Ajv, pointer: readonly string[]): ValidateFunction {
  const key = pointer.join(" ");
  const fragment = pointer
    .map((step) => encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1")))
    .join("/");
  const validate = compiled.get(key) ?? ajv.compile({ $ref: `github#/${fragment}` });
  compiled.set(key, validate);
  return validate;
}

function at(place: readonly string[]): unknown {
  return place.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], document);
}

/** Where an object really is, when only a reference to it is here. */
function pointerOf(place: readonly string[]): readonly string[] {
  const reference = (at(place) as { readonly $ref?: string }).$ref;
  return reference === undefined ? place : stepsOf(reference);
}

function resolved<T extends { readonly $ref?: string }>(value: T): T {
  return value.$ref === undefined ? value : resolved(at(stepsOf(value.$ref)) as T);
}

function stepsOf(reference: string): readonly string[] {
  return reference.split("/").slice(1);
}

function messages(place: string, errors: readonly ErrorObject[] | null | undefined): readonly string[] {
  return (errors ?? []).map(({ instancePath, message, params }) => {
    const name = (params as { readonly additionalProperty?: string }).additionalProperty;
    return `${place}${instancePath} ${message ?? ""}${name === undefined ? "" : ` (${name})`}`;
  });
}
