import * as z from "zod";
import { isList, isMap, type Json, type JsonList, type JsonMap, parseJson } from "../model/json.ts";
import type { SourceObject } from "../model/object.ts";
import type { Place } from "../model/place.ts";
import type { Problem, ProblemCode } from "../model/problem.ts";
import type { JobAnswer } from "./job.ts";
import { repositoryPath } from "./repository-path.ts";

// The child read what strangers wrote, so its answer is checked like theirs: what does not fit exactly is no answer at all.

const CODES: readonly ProblemCode[] = [
  "yaml-invalid",
  "document-invalid",
  "file-unreadable",
  "remote-reference",
  "outside-repository",
  "render-failed",
  "name-missing",
  "duplicate-object",
  "duplicate-key",
  "ambiguous-scalar",
  "server-owned-field",
  "encrypted-value",
  "unresolved-variable",
  "too-large",
  "nothing-to-deploy",
  "not-supported-yet",
  "input-invalid",
  "invalid-object",
];

const TEXT = z.string().max(20_000);

const PLACE = z.custom<Place>((value) => isPlace(value as Json));

const PROBLEM = z
  .strictObject({
    code: z.enum(CODES),
    level: z.enum(["error", "blocker", "caution"]),
    message: TEXT,
    remedy: TEXT,
    at: PLACE.optional(),
  })
  .transform(({ at, ...problem }): Problem => (at === undefined ? problem : { ...problem, at }));

// By hand: a thousand objects cost a schema 20 ms.
const OBJECTS = z.custom<readonly SourceObject[]>(
  (value) => isList(value as Json) && (value as JsonList).every(isSourceObject),
);

const ANSWER = z
  .strictObject({ objects: OBJECTS, problems: z.array(PROBLEM).max(10_000), again: OBJECTS.optional() })
  .transform(({ again, ...answer }): JobAnswer => (again === undefined ? answer : { ...answer, again }));

/** The child's answer; `undefined` when it is not one. Every place in it is a path inside the repository. */
export function parseAnswer(text: string): JobAnswer | undefined {
  const parsed = jsonOf(text);
  if (parsed === undefined || isTooDeep(parsed)) return undefined;
  const answer = ANSWER.safeParse(parsed);
  return answer.success ? answer.data : undefined;
}

const SHARED = z.strictObject({
  objects: OBJECTS,
  answers: z.array(
    z.strictObject({ objects: z.custom<readonly number[]>(isPositions), problems: z.array(PROBLEM).max(10_000) }),
  ),
});

/** The child's answers to several jobs; `undefined` when they are none. What they have in common are the same objects. */
export function parseSharedAnswer(text: string): readonly JobAnswer[] | undefined {
  const parsed = jsonOf(text);
  if (parsed === undefined || isTooDeep(parsed)) return undefined;
  const shared = SHARED.safeParse(parsed);
  if (!shared.success) return undefined;
  const { objects, answers } = shared.data;
  const found = answers.map((answer) => ({ ...answer, objects: answer.objects.flatMap((at) => objects[at] ?? []) }));
  return found.every((answer, index) => answer.objects.length === answers[index]?.objects.length) ? found : undefined;
}

function isPositions(value: unknown): boolean {
  return Array.isArray(value) && value.every((position) => Number.isInteger(position) && position >= 0);
}

function jsonOf(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function isSourceObject(value: Json): boolean {
  return hasOnly(value, ["object", "at"]) && isKubeObject(value["object"]) && isPlace(value["at"]);
}

function isPlace(value: Json | undefined): boolean {
  if (!hasOnly(value, ["file", "line", "column"])) return false;
  const { file, line, column } = value;
  return typeof file === "string" && file.length <= 4096 && isInside(file) && isCount(line) && isCount(column);
}

function isInside(file: string): boolean {
  return repositoryPath(".", file) === file;
}

function isCount(value: Json | undefined): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 1_000_000_000;
}

function hasOnly(value: Json | undefined, keys: readonly string[]): value is JsonMap {
  return isMap(value) && Object.keys(value).length === keys.length && keys.every((key) => Object.hasOwn(value, key));
}

/** What the manifest reader promises of an object. A missing name is for a later check to report, with a better message. */
function isKubeObject(value: Json | undefined): boolean {
  if (!isMap(value) || !isPresentText(value["apiVersion"]) || !isPresentText(value["kind"])) return false;
  const { metadata } = value;
  if (!isMap(metadata)) return false;
  const { name, namespace, labels, annotations } = metadata;
  return isTextOrAbsent(name) && isTextOrAbsent(namespace) && isTextMap(labels) && isTextMap(annotations);
}

function isPresentText(value: Json | undefined): boolean {
  return typeof value === "string" && value !== "";
}

function isTextOrAbsent(value: Json | undefined): boolean {
  return value === undefined || value === null || typeof value === "string";
}

function isTextMap(value: Json | undefined): boolean {
  return value === undefined || value === null || (isMap(value) && Object.values(value).every(isTextOrAbsent));
}

// Later code walks objects recursively. The manifest reader allows 100 levels; the answer adds four of its own.
const MAX_DEPTH = 200;

/** Goes no deeper than allowed itself; Node's own reader of JSON does not recurse. */
function isTooDeep(value: Json, levels = MAX_DEPTH): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((member) => member !== undefined && isTooDeep(member, levels - 1));
}
