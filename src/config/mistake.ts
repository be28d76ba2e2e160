import type { core } from "zod";
import { formatPath } from "../model/path.ts";
import type { Problem } from "../model/problem.ts";
import { nearest } from "../model/nearest.ts";
import { ENVIRONMENT_VARIABLE } from "./scalar-schema.ts";
import { configJsonSchema, keysAt } from "./json-schema.ts";
import type { YamlStep, YamlText } from "./yaml-text.ts";

type Issue = core.$ZodIssue;
type Path = readonly YamlStep[];

/** What the schema found wrong, in words: which key, what is written there, what to write instead. One problem per key. */
export function toProblems(issue: Issue, yaml: YamlText, base: Path = []): readonly Problem[] {
  const path = [...base, ...issue.path.map(toStep)];
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey([...path, key], yaml));
  if (issue.code === "invalid_union") return unionProblems(issue, { path, yaml });
  const level = { code: "config-invalid", level: "error" } as const;
  if (issue.code === "invalid_key")
    return [
      {
        ...level,
        message: `the name ${quote(path.at(-1))} is not allowed`,
        remedy: remedyOf(issue.issues),
        at: yaml.placeOfKey(path),
      },
    ];
  const written = valueAt(yaml.value, path);
  const message = describe(issue, { name: nameOf(path), written });
  return [{ ...level, message, remedy: remedyOf([issue]), at: yaml.placeOfValue(path) }];
}

/** A key that the schema does not have; names the nearest one that it has. */
export function unknownKey(path: Path, yaml: YamlText, alsoKnown: readonly string[] = []): Problem {
  const key = String(path.at(-1));
  const known = [...new Set([...keysAt(configJsonSchema(), path.slice(0, -1)), ...alsoKnown])];
  const near = nearest(key, known);
  return {
    code: "unknown-key",
    level: "error",
    message: `${nameOf(path)} is not a known key`,
    remedy: near === undefined ? `remove it; the keys here are ${known.join(", ")}` : `write ${near}, or remove it`,
    at: yaml.placeOfKey(path),
  };
}

/** How a message names a key: `apps.web.path`, `notify[0].slack`; the file itself where the path is empty. */
export function nameOf(path: Path): string {
  if (path.length === 0) return "the configuration";
  return formatPath(path.map((step) => (typeof step === "number" ? { index: step } : step)));
}

/** The value at a path of plain data; `undefined` when there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, step)
        ? (inner as Record<YamlStep, unknown>)[step]
        : undefined,
    value,
  );
}

function unionProblems(
  issue: core.$ZodIssueInvalidUnion,
  { path, yaml }: { readonly path: Path; readonly yaml: YamlText },
): readonly Problem[] {
  // The alternative in which the check came furthest is the one that was meant.
  const [closest = []] = issue.errors.toSorted((a, b) => depthOf(b) - depthOf(a));
  if (depthOf(closest) > 0) return closest.flatMap((inner) => toProblems(inner, yaml, path));
  const all = issue.errors.flat();
  const message = describe(all[0] ?? issue, { name: nameOf(path), written: valueAt(yaml.value, path) });
  return [{ code: "config-invalid", level: "error", message, remedy: remedyOf(all), at: yaml.placeOfValue(path) }];
}

function depthOf(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === "unrecognized_keys" ? 1 : 0)));
}

interface Subject {
  readonly name: string;
  readonly written: unknown;
}

function describe(issue: Issue, { name, written }: Subject): string {
  if (written === undefined) return `${name} is missing`;
  if (isCredentialName(issue)) return `${name} is not the name of an environment variable`;
  if (written === null) return `${name} has no value`;
  if (Array.isArray(written)) return `${name} is ${written.length === 0 ? "an empty list" : "a list"}`;
  if (issue.code === "custom" && typeof written === "object") return `${name} is not valid`;
  if (typeof written === "object") return `${name} is a map`;
  return `${name} is ${quote(written)}`;
}

// What stands here instead of a name may be the credential itself.
function isCredentialName(issue: Issue): boolean {
  return issue.code === "invalid_format" && "pattern" in issue && issue.pattern === String(ENVIRONMENT_VARIABLE);
}

/** A check of ours carries its remedy as the message; the checks that zod has are put into words here. */
function remedyOf(issues: readonly Issue[]): string {
  return [...new Set(issues.map(remedyOfOne))].join(", or ");
}

function remedyOfOne(issue: Issue): string {
  if (issue.code === "invalid_type") return `write ${NOUNS[issue.expected] ?? issue.expected}`;
  if (issue.code === "invalid_value")
    return `write ${issue.values.length === 1 ? "" : "one of "}${issue.values.join(", ")}`;
  if (issue.code === "too_small") return atLeast(issue);
  if (issue.code === "too_big") return `write at most ${issue.maximum}`;
  return issue.message;
}

const NOUNS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

function atLeast({ origin, minimum }: core.$ZodIssueTooSmall): string {
  if (origin === "string") return "write a text that is not empty";
  return origin === "array" ? "write a list with at least one entry" : `write at least ${minimum}`;
}

const MAX_QUOTED = 80;

/** Half of a secret would be told: the masker knows whole ones only. */
function quote(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > MAX_QUOTED ? "too long to be repeated" : text;
}

function toStep(step: PropertyKey): YamlStep {
  return typeof step === "symbol" ? String(step) : step;
}
