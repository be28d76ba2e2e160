import type { KubeObject, SourceObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { findDuplicates } from "./duplicate-object.ts";
import { findEncrypted, isEncrypted } from "./encrypted-value.ts";
import { checkName } from "./name.ts";
import { findNotBase64 } from "./binary-value.ts";
import { findServerOwned } from "./server-owned-field.ts";
import { checkSize, isSmall } from "./object-size.ts";
import { findVariables, mayHoldVariable } from "./unresolved-variable.ts";

/** What can be said about the objects of a target without asking a server; none of it repeats a value. Problems stand in the order of the objects. */
export function validateObjects(objects: readonly SourceObject[]): readonly Problem[] {
  const single = objects.flatMap((source) => (isPlain(source.object) ? QUICK : ALL).flatMap((check) => check(source)));
  return [...single, ...findDuplicates(objects)];
}

type Check = (source: SourceObject) => readonly Problem[];

const ALL: readonly Check[] = [checkName, findServerOwned, findEncrypted, findVariables, findNotBase64, checkSize];

/** Those that find something in plain objects, too. */
const QUICK: readonly Check[] = [checkName, findServerOwned, findNotBase64];

/** Small, and without a text for the checks that look at every text: one pass tells it of most objects. */
function isPlain(object: KubeObject): boolean {
  return object["sops"] === undefined && isSmall(object, lengthUnlessMarked);
}

function lengthUnlessMarked(text: string): number {
  return mayHoldVariable(text) || isEncrypted(text) ? Infinity : text.length;
}
