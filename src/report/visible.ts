// Characters that a reader cannot see or that change the order of what is read: controls, format characters (direction
// marks, zero-width, tags), line separators, halves of surrogate pairs, and letters that are drawn as nothing.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
// A joiner and the selector of the coloured form belong to the emoji before them.
const EMOJI_PARTS = ["\u200d", "\ufe0f"];
const EMOJI = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]$/u;

/** The text with every unseen character spelled out (`\u202E`, `\n`); an emoji that is joined from several stays one. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character, at: number) =>
    EMOJI_PARTS.includes(character) && EMOJI.test(text.slice(Math.max(0, at - 2), at)) ? character : spell(character),
  );
}

/** The same for a text of several lines: line ends and tabs stay as they are. */
export function visibleLines(text: string): string {
  return text
    .split("\n")
    .map((line) => line.split("\t").map(visible).join("\t"))
    .join("\n");
}

function spell(character: string): string {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex}`;
}
