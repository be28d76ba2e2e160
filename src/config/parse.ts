import type { Problem } from "../model/problem.ts";
import { APP_KEYS } from "./app-schema.ts";
import { nameOf, toProblems, unknownKey, valueAt } from "./mistake.ts";
import { configSchema, type Config } from "./schema.ts";
import { findUnbuilt, type UnbuiltKey } from "./unbuilt.ts";
import { parseYamlText, type YamlStep, type YamlText } from "./yaml-text.ts";

type Path = readonly PropertyKey[];

/** Reads a configuration. All mistakes are found at once, each with its place in `file`, in the order of the text. */
export function parseConfig(text: string, file: string): { config: Config } | { problems: readonly Problem[] } {
  const read = parseYamlText(text, file);
  if ("problems" in read) return read;
  const { yaml } = read;
  if (yaml.value === null) return { problems: [emptyFile(file)] };
  const parsed = configSchema.safeParse(yaml.value);
  const problems = findProblems(yaml, parsed.error?.issues ?? []);
  if (problems.length > 0 || !parsed.success) return { problems };
  return { config: parsed.data };
}

function emptyFile(file: string): Problem {
  const at = { file, line: 1, column: 1 };
  return {
    code: "config-invalid",
    level: "error",
    message: "the file is empty",
    remedy: "write version: 1, or delete it",
    at,
  };
}

function findProblems(
  yaml: YamlText,
  issues: NonNullable<ReturnType<typeof configSchema.safeParse>["error"]>["issues"],
): readonly Problem[] {
  const environments = environmentsOf(yaml.value);
  const unknown = findUnknownAppKeys(yaml.value, environments);
  const wrong = issues.filter(({ path }) => !unknown.some((key) => isWithin(path, key)));
  const places = [...unknown, ...wrong.filter(({ code }) => code !== "unrecognized_keys").map(({ path }) => path)];
  const unbuilt = findUnbuilt(yaml.value).filter(
    ({ path }) => !places.some((place) => isWithin(path, place) || isWithin(place, path)),
  );
  return [
    ...unknown.map((path) => unknownKey(path, yaml, environments)),
    ...wrong.flatMap((issue) => toProblems(issue, yaml)),
    ...unbuilt.map((key) => notSupported(key, yaml)),
  ].toSorted(byPlace);
}

function environmentsOf(written: unknown): readonly string[] {
  const environments = valueAt(written, ["environments"]);
  return environments === undefined ? ["default"] : keysOf(environments);
}

// The schema cannot know the names of environments, so it takes every key of an app for one of them.
function findUnknownAppKeys(written: unknown, environments: readonly string[]): readonly (readonly YamlStep[])[] {
  return keysOf(valueAt(written, ["apps"])).flatMap((app) =>
    keysOf(valueAt(written, ["apps", app]))
      .filter((key) => !APP_KEYS.includes(key) && !environments.includes(key))
      .map((key) => ["apps", app, key]),
  );
}

function keysOf(value: unknown): readonly string[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

function isWithin(path: Path, ancestor: Path): boolean {
  return ancestor.every((step, index) => step === path[index]);
}

function notSupported({ path, hasBuiltValue, remedy }: UnbuiltKey, yaml: YamlText): Problem {
  const message = `${nameOf(path)} is not supported yet${hasBuiltValue ? " with this value" : ""}`;
  return { code: "not-supported-yet", level: "error", message, remedy, at: yaml.placeOfKey(path) };
}

function byPlace({ at: a }: Problem, { at: b }: Problem): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}
