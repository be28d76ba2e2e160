import { z } from "zod";
import { isMap, type Json, parseJson } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
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
const COUNT = z.number().int().min(1).max(1_000_000_000);

const PLACE = z.strictObject({
  file: z
    .string()
    .max(4096)
    .refine((file) => repositoryPath(".", file) === file),
  line: COUNT,
  column: COUNT,
});

const PROBLEM = z
  .strictObject({
    code: z.enum(CODES),
    level: z.enum(["error", "blocker", "caution"]),
    message: TEXT,
    remedy: TEXT,
    at: PLACE.optional(),
  })
  .transform(({ at, ...problem }): Problem => (at === undefined ? problem : { ...problem, at }));

const OBJECT = z.custom<KubeObject>((value) => isKubeObject(value as Json));

const OBJECTS = z.array(z.strictObject({ object: OBJECT, at: PLACE }));

const ANSWER = z
  .strictObject({ objects: OBJECTS, problems: z.array(PROBLEM).max(10_000), again: OBJECTS.optional() })
  .transform(({ again, ...answer }): JobAnswer => (again === undefined ? answer : { ...answer, again }));

/** The child's answer; `undefined` when it is not one. Every place in it is a path inside the repository. */
export function parseAnswer(text: string): JobAnswer | undefined {
  if (isTooDeep(text)) return undefined;
  const answer = ANSWER.safeParse(jsonOf(text));
  return answer.success ? answer.data : undefined;
}

function jsonOf(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** What the manifest reader promises of an object. A missing name is for a later check to report, with a better message. */
function isKubeObject(value: Json): boolean {
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

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Counts brackets outside of texts; a parser would have to recurse to know. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let index = 0; index < text.length && depth <= MAX_DEPTH; index += 1) {
    const code = text.charCodeAt(index);
    if (inText && code === BACKSLASH) index += 1;
    else if (code === QUOTE) inText = !inText;
    else if (!inText) depth += nesting(code);
  }
  return depth > MAX_DEPTH;
}

function nesting(code: number): number {
  if (code === 0x5b || code === 0x7b) return 1;
  return code === 0x5d || code === 0x7d ? -1 : 0;
}
