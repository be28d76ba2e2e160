import type { Masker } from "../model/masker.ts";
import { createKnownTexts, SHORTEST, type Span } from "./known-texts.ts";
import { secretParts } from "./secret-parts.ts";
import { secretShapes } from "./secret-shapes.ts";
import { spellings } from "./spellings.ts";

const MASK = "«masked»";

/** A masker that starts knowing only shapes; it learns values as they are met. */
export function createMasker(): Masker {
  const learned = new Set<string>();
  const known = createKnownTexts();
  return {
    learn(secret) {
      if (learned.has(secret)) return;
      learned.add(secret);
      for (const text of [secret, ...secretParts(secret)])
        if (isWorthHiding(text.trim())) for (const spelling of spellings(text)) known.add(spelling);
    },
    text: (text) => masked(text, [...known.find(text), ...secretShapes(text)]),
  };
}

/** One mask for all that lies together: where one secret ends and the next begins is nobody's to know. */
function masked(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  const parts: string[] = [];
  let shownTo = 0;
  for (const { start, end } of merged(spans)) {
    parts.push(text.slice(shownTo, start), MASK);
    shownTo = end;
  }
  return parts.join("") + text.slice(shownTo);
}

function merged(spans: readonly Span[]): readonly Span[] {
  const all: { readonly start: number; end: number }[] = [];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = all.at(-1);
    if (last === undefined || start > last.end) all.push({ start, end });
    else last.end = Math.max(last.end, end);
  }
  return all;
}

// Many Secrets hold words such as `postgres`; hiding those in every text would make reports unreadable and protect nothing.
const PLAIN_WORDS = /^[A-Za-z][a-z]*(?:[ ._-][A-Za-z][a-z]*)*$/;

function isWorthHiding(text: string): boolean {
  return text.length >= SHORTEST && !(text.length < 20 && PLAIN_WORDS.test(text));
}
