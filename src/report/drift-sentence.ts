import type { Author, Drift, DriftClass, Value } from "../model/change.ts";
import { formatRef } from "../model/ref.ts";
import { excerpt, excerpts } from "./excerpt.ts";
import { code } from "./markdown.ts";
import { ageText, momentText } from "./moment.ts";
import { valueText } from "./value-text.ts";

const LONGEST_NAME = 300;
const LONGEST_VALUE = 120;

/** How names and values that others wrote are set off: as Markdown's code, as visible text, as HTML. */
export type Quote = (text: string) => string;

/** One difference as a sentence: who did what to which field, and when. */
export function driftSentence(drift: Drift, now: string, quote: Quote = code): string {
  const object = quote(excerpt(formatRef(drift.ref), LONGEST_NAME));
  return `${object}: ${whatHappened(drift, quote)}${when(drift.by, now)}`;
}

function whatHappened(drift: Drift, quote: Quote): string {
  const who = drift.by === undefined ? "somebody" : quote(excerpt(drift.by.manager, LONGEST_NAME));
  const path = quote(excerpt(drift.path, LONGEST_NAME));
  return HAPPENINGS[drift.class](drift, { who, path, quote });
}

interface Words {
  readonly who: string;
  readonly path: string;
  readonly quote: Quote;
}

const HAPPENINGS: Readonly<Record<DriftClass, (drift: Drift, words: Words) => string>> = {
  changed: changedText,
  missing: () => "it is in Git and missing in the cluster",
  extra: ({ live }, { who, path, quote }) => `${who} set ${path} to ${shown(live, quote)}, which Git does not declare`,
  taken: (drift, { who, path }) => `${who} took ${drift.path === "" ? "the object" : path} over`,
  orphan: () => "it left Git and is still in the cluster",
  stuck: () => "it is being deleted and does not go",
};

function changedText({ git, live }: Drift, { who, path, quote }: Words): string {
  if (live === undefined) return `${who} removed ${path}, in Git it is ${shown(git, quote)}`;
  if (git === undefined) return `${who} set ${path} to ${shown(live, quote)}, which Git does not have`;
  const { before, after } = excerpts(valueText(git), valueText(live), LONGEST_VALUE);
  return `${who} set ${path} ${quote(before)} → ${quote(after)}`;
}

function shown(value: Value | undefined, quote: Quote): string {
  return value === undefined ? "nothing" : quote(excerpt(valueText(value), LONGEST_VALUE));
}

function when(by: Author | undefined, now: string): string {
  if (by?.time === undefined) return "";
  const age = ageText(by.time, now);
  return age === "" ? "" : `, ${age} (${momentText(by.time)})`;
}
