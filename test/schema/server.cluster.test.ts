import { describe, expect, onTestFinished, test } from "vitest";
import { canonicalJson, isList, isMap, parseJson, type Json, type JsonMap } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { formatPath, type Path } from "../../src/model/path.ts";
import { readDefinition, type Definition } from "../../src/schema/definition.ts";
import { budgetOf } from "../../src/schema/budget.ts";
import { withDefaults } from "../../src/schema/defaults.ts";
import { prunedPaths } from "../../src/schema/pruned.ts";
import { typeOfValue } from "../../src/schema/value-type.ts";
import { violations, withoutOwnStatus } from "../../src/schema/violations.ts";
import { apiOf, type Answer, type Api } from "../cluster/api.ts";
import { cluster, freshNamespace } from "../cluster/cluster.ts";
import { wait } from "../cluster/wait.ts";
import { SERVER_CASES, type ServerCase } from "./server-cases.ts";

/** One object, with what the server and what we say of it. */
interface Trial extends Pick<ServerCase, "differs"> {
  readonly name: string;
  readonly server: readonly string[];
  readonly ours: readonly string[];
  /** What is stored of an object that is accepted, by the server's answer and by our defaults and pruning. */
  readonly stored?: string;
  readonly predicted: string;
}

describe("what we say of an object of a definition", () => {
  test("is what the API server says, for every case of the table", { timeout: 120_000 }, async () => {
    const namespace = await freshNamespace();
    const api = apiOf(cluster());
    const fields = SERVER_CASES.filter(({ atRoot }) => atRoot !== true);
    const roots = SERVER_CASES.filter(({ atRoot }) => atRoot === true);
    const definitions = [
      definitionOf(namespace, "all", { schema: rootOf(fields) }),
      ...roots.map((root, index) => definitionOf(namespace, `root${index}`, root)),
    ];
    await Promise.all(definitions.map((definition) => establish(api, definition, namespace)));
    const jobs = [
      ...fields.flatMap((one, index) =>
        one.values.map((value) => ({ one, definition: definitions[0]!, content: { spec: { [`f${index}`]: value } } })),
      ),
      ...roots.flatMap((one, index) =>
        one.values.map((value) => ({ one, definition: definitions[index + 1]!, content: value as JsonMap })),
      ),
    ];
    const trials = await Promise.all(
      jobs.map(({ one, definition, content }) => tryOut(api, { one, namespace, definition, content })),
    );
    const same = (line: (trial: Trial) => string, compared: readonly Trial[]): void =>
      expect(compared.map((trial) => `${trial.name} -> ${line({ ...trial, server: trial.ours })}`)).toEqual(
        compared.map((trial) => `${trial.name} -> ${line(trial)}`),
      );
    same(
      verdict,
      trials.filter(({ differs }) => differs?.in !== "verdict"),
    );
    same(
      ({ server }) => server.join(" "),
      trials.filter(({ differs }) => differs === undefined),
    );
    expect(trials.filter(({ differs }) => differs?.in === "verdict").map(verdict)).toEqual(["accepted", "refused"]);
    expect(trials.length).toBeGreaterThan(350);
    const accepted = trials.filter(({ stored }) => stored !== undefined);
    expect(accepted.map(({ name, predicted }) => [name, predicted])).toEqual(
      accepted.map(({ name, stored }) => [name, stored]),
    );
  });
});

function verdict({ server }: Trial): string {
  return server.length > 0 ? "refused" : "accepted";
}

function rootOf(cases: readonly ServerCase[]): JsonMap {
  const properties = Object.fromEntries(cases.map(({ schema }, index) => [`f${index}`, schema]));
  return { type: "object", properties: { spec: { type: "object", properties } } };
}

function definitionOf(
  namespace: string,
  name: string,
  { schema, status, scale }: Pick<ServerCase, "schema" | "status" | "scale">,
): JsonMap {
  const group = `${namespace}.example.com`;
  const subresources = { ...(status === true && { status: {} }), ...(scale && { scale }) };
  const version = { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema }, subresources };
  const kind = `Kind${name}`;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${name}s.${group}` },
    spec: { group, scope: "Namespaced", names: { kind, plural: `${name}s`, singular: name }, versions: [version] },
  };
}

async function establish(api: Api, definition: JsonMap, namespace: string): Promise<void> {
  const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const { name } = definition["metadata"] as { readonly name: string };
  const created = await api.call("POST", path, { type: "application/json", value: definition });
  expect([created.status, created.status === 201 ? "" : created.text]).toEqual([201, ""]);
  onTestFinished(async () => void (await api.call("DELETE", `${path}/${name}`)));
  const { group, plural } = readDefinition(definition) as Definition;
  const isServed = async (): Promise<boolean> => {
    const { status } = await api.call("GET", `/apis/${group}/v1/namespaces/${namespace}/${plural}`);
    return status === 200;
  };
  await wait({ what: `${name} served`, within: 30_000, of: [], until: isServed });
}

interface Job {
  readonly one: ServerCase;
  readonly namespace: string;
  readonly definition: JsonMap;
  readonly content: JsonMap;
}

async function tryOut(api: Api, { one, namespace, definition, content }: Job): Promise<Trial> {
  const read = readDefinition(definition) as Definition;
  const object = {
    apiVersion: `${read.group}/v1`,
    kind: read.kind,
    ...content,
    metadata: { name: "an-object", namespace, ...(isMap(content["metadata"]) && content["metadata"]) },
  } as KubeObject;
  const path = `/apis/${read.group}/v1/namespaces/${namespace}/${read.plural}/an-object`;
  const answer = await api.call("PATCH", `${path}?fieldManager=plumbline&force=true&dryRun=All`, {
    type: "application/apply-patch+yaml",
    value: sendable(object),
  });
  const { violations: found } = violations(object, read);
  const version = read.versions[0]!;
  const complete = withDefaults(withoutOwnStatus(object, version), version.schema, BUDGET) as JsonMap;
  const pruned = prunedPaths(complete, version.schema, BUDGET);
  const ours = found.map((violation) => plain(formatPath(violation.path)));
  const told = JSON.stringify(sendable(content)).slice(0, 120);
  return {
    name: `${one.name}: ${told}`,
    server: fieldsOf(answer),
    ours: [...new Set(ours)].toSorted(),
    predicted: contentOf(pruned.reduce(without, complete)),
    ...(answer.status === 201 && { stored: contentOf(parseJson(answer.text)) }),
    ...(one.differs && { differs: one.differs }),
  };
}

const BUDGET = budgetOf(100_000_000);

/** Everything but metadata. */
function contentOf(object: Json): string {
  return canonicalJson({ ...(asRead(object) as JsonMap), metadata: {} });
}

/** The server holds what is too large for 64 bits as a double. */
function asRead(value: Json | undefined): Json {
  if (typeof value === "bigint" && typeOfValue(value) === "number") return Number(value);
  if (isList(value)) return value.map(asRead);
  if (!isMap(value)) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asRead(member)]));
}

function without(value: Json, [step, ...rest]: Path): Json {
  if (isList(value) && typeof step === "object" && "index" in step)
    return value.map((item, index) => (index === step.index ? without(item, rest) : item));
  if (!isMap(value) || typeof step !== "string") return value;
  const { [step]: inner, ...others } = value;
  return rest.length === 0 || inner === undefined ? others : { ...others, [step]: without(inner, rest) };
}

function sendable(value: Json | undefined): unknown {
  if (typeof value === "bigint") return JSON.rawJSON(String(value));
  if (isList(value)) return value.map(sendable);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, sendable(member)]));
}

interface Status {
  readonly message: string;
  readonly details?: { readonly causes?: readonly { readonly field: string; readonly message: string }[] };
}

const NAMED_IN_TEXT = /"([^"]*)" must (?:not )?validate|must be of type .* in (\S+)$/;

/** The fields that an answer names; none: the object was accepted. */
function fieldsOf({ status, text }: Answer): readonly string[] {
  if (status === 200 || status === 201) return [];
  const { message, details } = JSON.parse(text) as Status;
  const causes = (details?.causes ?? []).filter(({ message: cause }) => !cause.includes("rules were not checked"));
  const fields = causes.map(({ field, message: cause }) =>
    field === "<nil>" ? (NAMED_IN_TEXT.exec(cause)?.slice(1).find(Boolean) ?? field) : field,
  );
  return [...new Set((fields.length > 0 ? fields : typedFields(message)).map(plain))].toSorted();
}

/** The fields in `failed to create typed patch object (...): .spec.a: field not declared in schema`. */
function typedFields(message: string): readonly string[] {
  const detail = message.replace(/^failed to create typed patch object \([^)]*\): (?:errors:)?/, "");
  return detail
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => /^(\S+?): /.exec(line)?.[1] ?? line);
}

function plain(path: string): string {
  return path.replace(/^\./, "").replaceAll('"', "");
}
