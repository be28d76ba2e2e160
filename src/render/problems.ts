import { Lines } from "../manifest/lines.ts";
import type { Place } from "../model/place.ts";
import type { Problem, ProblemCode } from "../model/problem.ts";

/** A mistake without which there would be objects: level `error`, because of an incomplete render nothing may be concluded. */
export function renderError(
  code: ProblemCode,
  at: Place | string,
  text: { readonly message: string; readonly remedy: string },
): Problem {
  return { code, level: "error", ...text, at: typeof at === "string" ? startOf(at) : at };
}

export function startOf(file: string): Place {
  return { file, line: 1, column: 1 };
}

/** Where a text first stands in a file; its start when it is not written there in this form. */
export function placeOfText(file: string, content: string, text: string): Place {
  const offset = content.indexOf(text);
  return offset < 0 ? startOf(file) : new Lines(content, file).placeOf(offset);
}
