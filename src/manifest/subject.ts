import { type KubeObject, refOf } from "../model/object.ts";
import { formatRef } from "../model/ref.ts";

/** How a message names an object of a manifest: its ref on one line, or its kind alone where it has no name. */
export function subjectOf(object: KubeObject): string {
  return oneLine(hasName(object) ? formatRef(refOf(object)) : object.kind);
}

export function hasName(object: KubeObject): boolean {
  // The type promises a name; a manifest is what has to keep the promise.
  return typeof object.metadata.name === "string" && object.metadata.name !== "";
}

/** Text of a manifest as part of a message, with everything escaped that is not plainly visible. */
export function oneLine(text: string): string {
  return text.replaceAll(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`,
  );
}
