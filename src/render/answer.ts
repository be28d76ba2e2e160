import { isList, isMap, type Json, type JsonMap, parseJson } from "../model/json.ts";
import type { Place } from "../model/place.ts";
import type { ProblemCode, ProblemLevel } from "../model/problem.ts";
import type { JobAnswer } from "./job.ts";
import { repositoryPath } from "./repository-path.ts";
import type { SharedAnswer } from "./shared-objects.ts";

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

const LEVELS: readonly ProblemLevel[] = ["error", "blocker", "caution"];

// All of it by hand: a thousand objects cost a schema 20 ms.

/** The child's answer; `undefined` when it is not one. Every place in it is a path inside the repository. */
export function parseAnswer(text: string): JobAnswer | undefined {
  const parsed = jsonOf(text);
  return parsed !== undefined && !isTooDeep(parsed) && isAnswer(parsed) ? parsed : undefined;
}

/** The child's answers to several jobs; `undefined` when they are none. What they have in common are the same objects. */
export function parseSharedAnswer(text: string): readonly JobAnswer[] | undefined {
  const parsed = jsonOf(text);
  if (parsed === undefined || isTooDeep(parsed) || !isShared(parsed)) return undefined;
  const { objects, answers } = parsed;
  const found = answers.map((answer) => ({ ...answer, objects: answer.objects.flatMap((at) => objects[at] ?? []) }));
  return found.every((answer, index) => answer.objects.length === answers[index]?.objects.length) ? found : undefined;
}

function jsonOf(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function isAnswer(value: Json): value is Json & JobAnswer {
  if (!isMap(value)) return false;
  const { again, ...answer } = value;
  return (
    hasOnly(answer, ["objects", "problems"]) &&
    areSources(answer["objects"]) &&
    areProblems(answer["problems"]) &&
    (again === undefined || areSources(again))
  );
}

function isShared(value: Json): value is Json & SharedAnswer {
  if (!hasOnly(value, ["objects", "answers"]) || !areSources(value["objects"])) return false;
  const { answers } = value;
  return isList(answers) && answers.every(isPositioned);
}

function isPositioned(value: Json): boolean {
  return hasOnly(value, ["objects", "problems"]) && isPositions(value["objects"]) && areProblems(value["problems"]);
}

function isPositions(value: Json | undefined): boolean {
  return isList(value) && value.every((position) => Number.isInteger(position) && Number(position) >= 0);
}

const MOST_PROBLEMS = 10_000;

function areProblems(value: Json | undefined): boolean {
  return isList(value) && value.length <= MOST_PROBLEMS && value.every(isProblem);
}

function isProblem(value: Json): boolean {
  if (!isMap(value)) return false;
  const { at, ...problem } = value;
  if (!hasOnly(problem, ["code", "level", "message", "remedy"]) || (at !== undefined && !isPlaceInside(at)))
    return false;
  const { code, level, message, remedy } = problem;
  return isAmong(code, CODES) && isAmong(level, LEVELS) && isSentence(message) && isSentence(remedy);
}

function isAmong(value: Json | undefined, words: readonly string[]): boolean {
  return typeof value === "string" && words.includes(value);
}

function isSentence(value: Json | undefined): boolean {
  return typeof value === "string" && value.length <= 20_000;
}

function isPlaceInside(value: Json): boolean {
  return isPlace(value) && isInside(value.file);
}

/** A file with a thousand objects is looked at once. */
function areSources(value: Json | undefined): boolean {
  if (!isList(value)) return false;
  const files = new Set<string>();
  for (const source of value) {
    if (!hasOnly(source, ["object", "at"]) || !isKubeObject(source["object"]) || !isPlace(source["at"])) return false;
    files.add(source["at"].file);
  }
  return [...files].every(isInside);
}

function isPlace(value: Json | undefined): value is Json & Place {
  if (!hasOnly(value, ["file", "line", "column"])) return false;
  const { file, line, column } = value;
  return typeof file === "string" && file.length <= 4096 && isCount(line) && isCount(column);
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
  if (isList(value)) return value.some((item) => isTooDeep(item, levels - 1));
  // The fastest way over the members of many small maps.
  for (const key in value) if (isTooDeep(value[key] ?? null, levels - 1)) return true;
  return false;
}
