import type { SourceObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { findAmbiguous } from "./ambiguous-scalar.ts";
import { formatPath, type Path } from "./composition.ts";
import { readDocuments } from "./documents.ts";
import type { Fault } from "./fault.ts";
import { checkLimits, LIMITS } from "./limits.ts";
import { Lines } from "./lines.ts";
import { toObjects } from "./objects.ts";

export interface Manifests {
  readonly objects: readonly SourceObject[];
  readonly problems: readonly Problem[];
}

/**
 * The objects of one file of YAML or JSON with exactly the values that kubectl reads, in the order of the file, each with the
 * place of its first key. What cannot be read is an error; what kubectl drops in silence (a duplicate key, text behind `...`)
 * or reads otherwise than a person does (`on`, `0123`) is a caution. No problem repeats a value of the file. Never throws.
 */
export function parseManifests(text: string, file: string): Manifests {
  const refused = checkLimits(text, file);
  if (refused !== undefined) return { objects: [], problems: [refused] };
  const lines = new Lines(text, file);
  const { documents, faults, unread } = readDocuments(text);
  const read = documents.map((document) => toObjects(document, lines));
  const problems = [
    ...faults.map((fault) => unreadable(fault, lines)),
    ...read.flatMap((one) => one.problems),
    ...unread.map((offset) => unreadText(offset, lines)),
    ...documents.flatMap(({ duplicates }) => duplicates.map(({ offset, path }) => duplicate(path, offset, lines))),
    ...someAmbiguous(
      documents.flatMap((document) => findAmbiguous(document, lines)),
      file,
    ),
  ];
  const unlisted = documents.reduce((sum, document) => sum + document.unlisted, 0);
  return { objects: read.flatMap((one) => one.objects), problems: cut(problems, unlisted, file) };
}

// Whoever writes one scalar like that writes all of them so.
const MOST_AMBIGUOUS = 20;

function someAmbiguous(found: readonly Problem[], file: string): readonly Problem[] {
  const more = found.length - MOST_AMBIGUOUS;
  if (more <= 0) return found;
  const rest: Problem = {
    code: "ambiguous-scalar",
    level: "caution",
    message: `${file}: ${more} more values or keys without quotes are read otherwise than they are written`,
    remedy: "put them in quotes like the ones above",
  };
  return [...found.slice(0, MOST_AMBIGUOUS), rest];
}

function unreadable({ offset, message, remedy }: Fault, lines: Lines): Problem {
  const at = lines.placeOf(offset);
  return { code: "yaml-invalid", level: "error", message: `${at.file}: ${message}`, remedy, at };
}

function unreadText(offset: number, lines: Lines): Problem {
  const at = lines.placeOf(offset);
  return {
    code: "document-invalid",
    level: "caution",
    message: `${at.file}: nothing behind the end mark '...' is read`,
    remedy: "separate documents with ---",
    at,
  };
}

function duplicate(path: Path, offset: number, lines: Lines): Problem {
  const at = lines.placeOf(offset);
  return {
    code: "duplicate-key",
    level: "caution",
    message: `${at.file}: ${formatPath(path)} is written twice, and only the last one counts`,
    remedy: "remove one of them",
    at,
  };
}

function cut(problems: readonly Problem[], unlisted: number, file: string): readonly Problem[] {
  const more = problems.length + unlisted - LIMITS.problems;
  if (more <= 0) return problems;
  const worst = problems.some((problem) => problem.level === "error") ? "error" : "caution";
  const rest: Problem = {
    code: "document-invalid",
    level: worst,
    message: `${file}: ${more} more problems are not listed`,
    remedy: "mend the ones above first",
  };
  return [...problems.slice(0, LIMITS.problems), rest];
}
