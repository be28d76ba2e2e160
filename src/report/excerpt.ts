/** The beginning of a text, at most `limit` UTF-16 units and whole characters, with a mark where it was cut. */
export function excerpt(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, Math.max(0, limit - 1));
  return `${cut.replace(/[\ud800-\udbff]$/, "")}…`;
}

/** The beginning and the end of a text, at most `limit` UTF-16 units, with a mark where the middle was cut out. */
export function excerptOfEnds(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.floor(limit / 2);
  return `${excerpt(text, half)}${text.slice(text.length - half).replace(/^[\udc00-\udfff]/, "")}`;
}

export interface Excerpts {
  readonly before: string;
  readonly after: string;
}

/** Two texts cut alike, so that the place where they begin to differ is in both. */
export function excerpts(before: string, after: string, limit: number): Excerpts {
  const shorter = Math.min(before.length, after.length);
  let common = 0;
  while (common < shorter && before[common] === after[common]) common += 1;
  const start = Math.max(0, common - Math.floor(limit / 2));
  const isNeeded = Math.max(before.length, after.length) > limit && start > 0;
  return isNeeded
    ? { before: excerptFrom(before, start, limit), after: excerptFrom(after, start, limit) }
    : { before: excerpt(before, limit), after: excerpt(after, limit) };
}

function excerptFrom(text: string, start: number, limit: number): string {
  return `…${excerpt(text.slice(start).replace(/^[\udc00-\udfff]/, ""), limit - 1)}`;
}
