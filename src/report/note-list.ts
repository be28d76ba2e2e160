import { excerpt } from "./excerpt.ts";
import type { Part } from "./fit.ts";
import { alert, prose } from "./markdown.ts";
import { ROUNDS } from "./rounds.ts";

const LONGEST_NOTE = 600;
const MOST_NOTES = 5;

/** What the run itself has to say, as one block. */
export function notePart(notes: readonly string[]): readonly Part[] {
  // A list item without text would make a heading of the line above it.
  const texts = notes.map((note) => prose(excerpt(note, LONGEST_NOTE))).filter((text) => text.trim() !== "");
  if (texts.length === 0) return [];
  const draw = (most: number): string => {
    const more = texts.length > most ? [`- and ${texts.length - most} more`] : [];
    const items = texts.slice(0, most).map((text) => `- ${text}`);
    return `${alert("NOTE", [...items, ...more])}\n\n`;
  };
  const shorter =
    texts.length > MOST_NOTES ? [{ round: ROUNDS.tables, text: draw(MOST_NOTES), shows: "all" as const }] : [];
  return [{ text: draw(texts.length), shorter }];
}
