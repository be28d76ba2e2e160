import { isAbsolute, join } from "node:path";
import { Failure } from "../model/failure.ts";
import { isMap, type Json, type JsonMap } from "../model/json.ts";
import { mapAt, mapsAt, textAt } from "./members.ts";

/** A kubeconfig as YAML says it. */
export interface ParsedKubeconfig {
  readonly content: Json;
  readonly name: string;
  readonly folder?: string;
}

/** One context with the entries it names; paths in them are absolute. */
export interface ChosenContext {
  readonly name: string;
  readonly cluster: JsonMap;
  readonly user: JsonMap;
}

/**
 * Merges as kubectl does: of entries with one name, and of several current contexts, the first counts. Throws Failure
 * `kubeconfig-invalid` that names the contexts there are, and nothing else of the content.
 */
export function chooseContext(parsed: readonly ParsedKubeconfig[], wanted: string | undefined): ChosenContext {
  const contexts = parsed.flatMap(({ content }) => mapsAt(content, "contexts"));
  const current = parsed.map(({ content }) => textAt(content, "current-context") ?? "").find((text) => text !== "");
  const name = wanted === undefined || wanted === "" ? current : wanted;
  if (name === undefined) throw invalid(`it has no current context; ${known(contexts)}`, "name one as context");
  const context = mapAt(named(contexts, name), "context");
  const cluster = textAt(context, "cluster");
  if (cluster === undefined)
    throw invalid(`there is no context ${name}; ${known(contexts)}`, "name one of these as context");
  const user = textAt(context, "user");
  return {
    name,
    cluster: entryIn(parsed, "cluster", cluster) ?? absent("cluster", cluster, name),
    user: user === undefined ? {} : (entryIn(parsed, "user", user) ?? absent("user", user, name)),
  };
}

function named(entries: readonly JsonMap[], name: string): JsonMap | undefined {
  return entries.find((entry) => textAt(entry, "name") === name);
}

function entryIn(parsed: readonly ParsedKubeconfig[], what: "cluster" | "user", name: string): JsonMap | undefined {
  for (const { content, folder } of parsed) {
    const entry = named(mapsAt(content, `${what}s`), name);
    if (entry !== undefined) return withAbsolutePaths(mapAt(entry, what), folder);
  }
  return undefined;
}

const PATH_FIELDS = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];

function withAbsolutePaths(entry: JsonMap, folder: string | undefined): JsonMap {
  if (folder === undefined) return entry;
  const paths = PATH_FIELDS.flatMap((field) => {
    const path = textAt(entry, field);
    return path === undefined || path === "" ? [] : [[field, absolute(path, folder)] as const];
  });
  return { ...entry, ...Object.fromEntries(paths), ...execWithin(entry["exec"], folder) };
}

// As kubectl: a command with a slash is relative to the kubeconfig, one without is looked up in PATH.
function execWithin(exec: Json | undefined, folder: string): JsonMap {
  const command = textAt(exec, "command");
  if (!isMap(exec) || command?.includes("/") !== true) return {};
  return { exec: { ...exec, command: absolute(command, folder) } };
}

function absolute(path: string, folder: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

const SHOWN = 20;

function known(contexts: readonly JsonMap[]): string {
  const names = contexts.map((context) => textAt(context, "name") ?? "").filter((name) => name !== "");
  if (names.length === 0) return "it has no contexts";
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return `its contexts are ${names.slice(0, SHOWN).join(", ")}${more}`;
}

function absent(what: string, name: string, context: string): never {
  throw invalid(
    `context ${context} names ${what} ${name}, which it does not have`,
    `add the ${what} or choose another context`,
  );
}

function invalid(what: string, remedy: string): Failure {
  return new Failure("kubeconfig-invalid", `kubeconfig: ${what}`, { remedy });
}
