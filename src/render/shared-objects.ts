import { parseManifests } from "../manifest/parse.ts";
import type { SourceObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import type { JobAnswer } from "./job.ts";

/** The answers of several renders; an object that they have in common stands there once. */
export interface SharedAnswer {
  readonly objects: readonly SourceObject[];
  /** `objects` are positions in the list above. */
  readonly answers: readonly { readonly objects: readonly number[]; readonly problems: readonly Problem[] }[];
}

export function shareObjects(answers: readonly JobAnswer[]): SharedAnswer {
  const positions = new Map<SourceObject, number>();
  for (const { objects } of answers)
    for (const object of objects) if (!positions.has(object)) positions.set(object, positions.size);
  return {
    objects: [...positions.keys()],
    answers: answers.map(({ objects, problems }) => ({
      objects: objects.flatMap((object) => positions.get(object) ?? []),
      problems,
    })),
  };
}

/** Reads a file once: who comes again with the same text of the same file gets the same objects. */
export function parseOnce(): typeof parseManifests {
  const known = new Map<string, ReturnType<typeof parseManifests>>();
  return (text, file) => {
    const key = `${file}\0${text}`;
    const manifests = known.get(key) ?? parseManifests(text, file);
    known.set(key, manifests);
    return manifests;
  };
}
