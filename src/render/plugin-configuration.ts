import { isList, isMap, type Json, type JsonMap } from "../model/json.ts";
import { sameKey } from "./kustomization-fields.ts";
import { isRemoteFile } from "./reference.ts";

const FUNCTION = /^config\.(kubernetes|k8s)\.io\/function$/i;

/** What in the configuration of a generator, transformer or validator would run a program or fetch something; `undefined`: nothing. */
export function pluginRefusal(value: Json): string | undefined {
  if (isList(value)) return firstOf(value, pluginRefusal);
  if (!isMap(value)) return undefined;
  return runsHelm(value) ?? firstOf(Object.entries(value), ([key, member]) => memberRefusal(key, member ?? null));
}

function runsHelm(value: JsonMap): string | undefined {
  return value["kind"] === "HelmChartInflationGenerator" ? "runs Helm" : undefined;
}

function memberRefusal(key: string, member: Json): string | undefined {
  if (FUNCTION.test(key)) return "runs a program or a container";
  const texts = (isList(member) ? member : [member]).filter((text) => typeof text === "string");
  const fetched = texts.find(isRemoteFile);
  if (fetched !== undefined && FILE_KEYS.some((known) => sameKey(key, known))) return `fetches ${fetched}`;
  return pluginRefusal(member);
}

// The fields through which kustomize's own generators and transformers load files.
const FILE_KEYS = [
  "path",
  "paths",
  "targetFilePath",
  "files",
  "envs",
  "env",
  "argsFromFile",
  "valuesFile",
  "additionalValuesFiles",
];

function firstOf<Item>(items: readonly Item[], refusal: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const found = refusal(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
