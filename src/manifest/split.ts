/** A part of a file that holds one YAML document, and what stands behind its end mark. */
export interface Chunk {
  readonly text: string;
  /** Of `text`, in the file. */
  readonly offset: number;
  /** Where text follows `...`, which nobody reads. */
  readonly unread?: number;
}

export interface Chunks {
  readonly chunks: readonly Chunk[];
  /** Separators with text behind them, such as `--- {a: 1}`; kubectl refuses the whole file. */
  readonly badSeparators: readonly number[];
}

/** Cuts a text as kubectl does before any parser sees it: at every line that starts with `---`, wherever that line stands. */
export function splitDocuments(text: string, offset = 0): Chunks {
  const chunks: Chunk[] = [];
  const badSeparators: number[] = [];
  let start = offset;
  let separator = text.startsWith("---", start) ? start : nextSeparator(text, start);
  while (separator !== undefined) {
    if (separator > start) chunks.push(toChunk(text, start, separator));
    const lineEnd = text.indexOf("\n", separator);
    const end = lineEnd < 0 ? text.length : lineEnd + 1;
    const rest = text.slice(separator + 3, end).trim();
    if (rest !== "" && !rest.startsWith("#")) badSeparators.push(separator);
    start = end;
    separator = text.startsWith("---", start) ? start : nextSeparator(text, start);
  }
  if (start < text.length) chunks.push(toChunk(text, start, text.length));
  return { chunks, badSeparators };
}

function nextSeparator(text: string, from: number): number | undefined {
  const found = text.indexOf("\n---", from);
  return found < 0 ? undefined : found + 1;
}

const END_MARK = /^\.\.\.(?=\s|$)/m;
const BYTE_ORDER_MARK = "\uFEFF";

function toChunk(text: string, from: number, to: number): Chunk {
  const offset = text.startsWith(BYTE_ORDER_MARK, from) ? from + 1 : from;
  const whole = text.slice(offset, to);
  const mark = whole.includes("...") ? whole.search(END_MARK) : -1;
  if (mark < 0) return { text: whole, offset };
  const tail = whole.slice(mark + 3);
  const read = { text: whole.slice(0, mark), offset };
  const unread = tail.search(/^(?![ \t\r]*(?:#|$))/m);
  return unread < 0 ? read : { ...read, unread: offset + mark + 3 + unread };
}
