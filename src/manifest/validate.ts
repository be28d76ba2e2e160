import type { SourceObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { findDuplicates } from "./duplicate-object.ts";
import { findEncrypted } from "./encrypted-value.ts";
import { checkName } from "./name.ts";
import { findNotBase64 } from "./binary-value.ts";
import { findServerOwned } from "./server-owned-field.ts";
import { checkSize } from "./object-size.ts";
import { findVariables } from "./unresolved-variable.ts";

/** What can be said about the objects of a target without asking a server; none of it repeats a value. Problems stand in the order of the objects. */
export function validateObjects(objects: readonly SourceObject[]): readonly Problem[] {
  const single = objects.flatMap((source) => CHECKS.flatMap((check) => check(source)));
  return [...single, ...findDuplicates(objects)];
}

const CHECKS: readonly ((source: SourceObject) => readonly Problem[])[] = [
  checkName,
  findServerOwned,
  findEncrypted,
  findVariables,
  findNotBase64,
  checkSize,
];
