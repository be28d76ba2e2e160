import type { Problem } from "../model/problem.ts";
import { Fault } from "./fault.ts";

/** What a file of manifests may cost before it is refused. Far above every real repository, far below what stalls a run. */
export const LIMITS = {
  /** Of one file. */
  bytes: 20_000_000,
  /** Of one line, in UTF-16 units: a List in JSON may be one line. */
  line: 4_000_000,
  documents: 50_000,
  /** Maps and lists inside each other. */
  depth: 100,
  /** Values that the aliases of one file may stand for, together; kubectl's own bound for a document. */
  aliased: 400_000,
  /** Problems listed for one file; the rest is counted. */
  problems: 200,
} as const;

/** What forbids to hand this text to a reader, if anything. */
export function checkLimits(text: string, file: string): Problem | undefined {
  if (text.length > LIMITS.bytes) return tooLarge(file);
  const start = longLine(text);
  if (start !== undefined) {
    return refused(file, lineAt(text, start), `a line is longer than ${LIMITS.line} characters`, "break the line");
  }
  const nul = text.indexOf("\0");
  if (nul >= 0) {
    return refused(file, lineAt(text, nul), "holds a NUL character", "remove it, or keep binary content in base64");
  }
  return undefined;
}

/** A file beyond the size limit. */
export function tooLarge(file: string): Problem {
  return {
    ...refused(file, 1, `larger than ${LIMITS.bytes / 1_000_000} MB`, "split it, or keep large content elsewhere"),
    code: "too-large",
  };
}

/** Thrown where maps and lists are nested too deep. */
export function tooDeep(offset: number): Fault {
  return new Fault(offset, `nested deeper than ${LIMITS.depth} levels`, "flatten the structure");
}

function refused(file: string, line: number, what: string, remedy: string): Problem {
  return {
    code: "yaml-invalid",
    level: "error",
    message: `${file}: ${what}`,
    remedy,
    at: { file, line, column: 1 },
  };
}

function longLine(text: string): number | undefined {
  let start = 0;
  while (start + LIMITS.line < text.length) {
    const end = text.indexOf("\n", start);
    if ((end < 0 ? text.length : end) - start > LIMITS.line) return start;
    start = end + 1;
  }
  return undefined;
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let end = text.indexOf("\n"); end >= 0 && end < offset; end = text.indexOf("\n", end + 1)) line += 1;
  return line;
}
