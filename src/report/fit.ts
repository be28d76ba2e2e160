/** A part of a text that is kept or shortened as a whole, so that nothing is ever cut inside it. It ends with its own line ends. */
export interface Part {
  readonly text: string;
  /** What takes its place when space is short, from the longest to the shortest. Empty: it is always kept. */
  readonly shorter: readonly ShorterForm[];
  /** It is one of the objects that the note counts. */
  readonly counted?: true;
}

export interface ShorterForm {
  /** When it is used: all of round 1 before any of round 2, the largest parts of a round first. */
  readonly round: number;
  readonly text: string;
  /** What of the object is left to see. */
  readonly shows: Shown;
}

export type Shown = "all" | "name" | "nothing";

/** How many objects there are and how much of them is shown. */
export interface Cut {
  readonly total: number;
  readonly all: number;
  readonly name: number;
}

export interface Budget {
  /** UTF-8 bytes. */
  readonly limit: number;
  /** What to say when something was shortened; put in front of `after`. */
  readonly note: (cut: Cut) => string;
}

/**
 * The parts one after another, shortened until they fit. Parts that are always kept are never touched: a text of
 * them alone that is larger than the limit stays too large.
 */
export function fit(before: readonly Part[], after: readonly Part[], { limit, note }: Budget): string {
  const parts = [...before, ...after];
  const whole = parts.map(({ text }) => text).join("");
  if (byteLength(whole) <= limit) return whole;
  const total = parts.filter(({ counted }) => counted).length;
  const reserved = byteLength(note({ total, all: total, name: total }));
  const forms = shorten(parts, limit - reserved);
  const texts = forms.map(({ text }) => text);
  const said = note(cutOf(parts, forms));
  return [...texts.slice(0, before.length), said, ...texts.slice(before.length)].join("");
}

interface Form {
  readonly text: string;
  readonly shows: Shown;
}

function shorten(parts: readonly Part[], limit: number): readonly Form[] {
  const forms: Form[] = parts.map(({ text }) => ({ text, shows: "all" }));
  let size = forms.reduce((sum, { text }) => sum + byteLength(text), 0);
  for (const { part, form } of sacrifices(parts)) {
    if (size <= limit) break;
    size += byteLength(form.text) - byteLength(forms[part]?.text ?? "");
    forms[part] = form;
  }
  return forms;
}

interface Sacrifice {
  readonly part: number;
  readonly form: ShorterForm;
  readonly size: number;
}

/** All shortenings in the order in which they are made. */
function sacrifices(parts: readonly Part[]): readonly Sacrifice[] {
  const all = parts.flatMap(({ text, shorter }, part) =>
    shorter.map((form) => ({ part, form, size: byteLength(text) })),
  );
  return all.toSorted((a, b) => a.form.round - b.form.round || b.size - a.size || b.part - a.part);
}

function cutOf(parts: readonly Part[], forms: readonly Form[]): Cut {
  const counted = forms.filter((_, index) => parts[index]?.counted);
  return {
    total: counted.length,
    all: counted.filter(({ shows }) => shows === "all").length,
    name: counted.filter(({ shows }) => shows === "name").length,
  };
}

export function byteLength(text: string): number {
  return Buffer.byteLength(text, "utf8");
}
