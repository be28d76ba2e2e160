import path from "node:path";
import type { Place } from "../model/place.ts";
import { startOf } from "./problems.ts";

export interface RenderedChart {
  /** The chart's folder. */
  readonly chart: string;
  /** The files that are there, as repository paths. */
  readonly files: readonly string[];
}

const SOURCE = /^# Source: [^/\n]+\/(.+)$/;

/**
 * From a line of what helm printed to the template it came from, as helm's own comments name it. Which line of the template it
 * was is not known. A template of a packed subchart is no file: the chart stands for it.
 */
export function templatePlaces(output: string, { chart, files }: RenderedChart): (at: Place) => Place {
  const lines = output.split("\n");
  const known = new Set(files);
  return ({ line }) => {
    const template = sourceAt(lines, line - 1);
    const file = template === undefined ? undefined : path.posix.join(chart, template);
    return startOf(file !== undefined && known.has(file) ? file : path.posix.join(chart, "Chart.yaml"));
  };
}

/** helm writes the comment between the separator and the object: first among the comments from here on, else above. */
function sourceAt(lines: readonly string[], index: number): string | undefined {
  for (let below = index; /^(---.*|#.*|\s*)$/.test(lines[below] ?? "x"); below += 1) {
    const found = SOURCE.exec(lines[below] ?? "")?.[1];
    if (found !== undefined) return found;
  }
  for (let above = index; above >= 0; above -= 1) {
    const found = SOURCE.exec(lines[above] ?? "")?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

const NAMED = /(?:^|[\s("])[^\s/("]+\/((?:charts\/[^\s/]+\/)*templates\/[^\s:]+):(\d+)/g;

/** The last template that helm names in an error, which is the innermost; `undefined` when it names none that is a file. */
export function templateInMessage(message: string, { chart, files }: RenderedChart): Place | undefined {
  const places = [...message.matchAll(NAMED)].map(([, template = "", line = "1"]) => ({
    file: path.posix.join(chart, template),
    line: Number(line),
    column: 1,
  }));
  return places.findLast(({ file, line }) => files.includes(file) && line > 0);
}
