/** Where a text stands in another: from `start` up to but not including `end`, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Texts that are looked for together, in time that grows with the text searched and not with how many are known. */
export interface KnownTexts {
  /** Texts shorter than `SHORTEST` are not kept. */
  add(known: string): void;
  /** The places of all known texts; what touches is one place. */
  find(text: string): readonly Span[];
}

/** The length of the shortest text that can be known. */
export const SHORTEST = 8;

// A longer text is known as pieces of this length, so that what is kept of it is a fraction of it, what is looked for at
// one place has a bounded number of lengths, and a part of it that was cut out is found as well.
const PIECE = 64;

/** Texts are first told by hashes, of which those of all beginnings in a text cost one pass; only what seems known is compared. */
export function createKnownTexts(): KnownTexts {
  const pieces = new Set<string>();
  const lengths = new Map<string, readonly number[]>();
  const [beginnings, wholes] = [createMarks(), createMarks()];

  const addPiece = (piece: string): void => {
    if (pieces.has(piece)) return;
    pieces.add(piece);
    const beginning = piece.slice(0, SHORTEST);
    const known = lengths.get(beginning) ?? [];
    // Longest first: a longer one leaves nothing to look for at the same place.
    lengths.set(beginning, known.includes(piece.length) ? known : [...known, piece.length].toSorted((a, b) => b - a));
    beginnings.mark(hashOf(beginning));
    wholes.mark(hashOf(piece));
  };

  // A ruler of dashes stands in many texts, and tells nothing of the one it was taken from.
  const addPart = (part: string): void => {
    if (/[\p{L}\p{N}]/u.test(part)) addPiece(part);
  };

  return {
    add(known) {
      if (known.length < SHORTEST) return;
      if (known.length <= PIECE) return addPiece(known);
      for (let start = 0; start + PIECE < known.length; start += PIECE) addPart(known.slice(start, start + PIECE));
      addPart(known.slice(-PIECE));
    },
    find(text) {
      if (pieces.size === 0 || text.length < SHORTEST) return [];
      const hashes = beginningHashes(text);
      const found: Span[] = [];
      let covered = 0;
      for (let start = 0; start + SHORTEST <= text.length; start += 1) {
        if (!beginnings.has(between(hashes, start, SHORTEST))) continue;
        const length = lengths
          .get(text.slice(start, start + SHORTEST))
          ?.find(
            (candidate) =>
              start + candidate > covered &&
              start + candidate <= text.length &&
              wholes.has(between(hashes, start, candidate)) &&
              pieces.has(text.slice(start, start + candidate)),
          );
        if (length === undefined) continue;
        const last = start <= covered ? found.pop() : undefined;
        covered = start + length;
        found.push({ start: last?.start ?? start, end: covered });
      }
      return found;
    },
  };
}

const FACTOR = 0x01000193;
const POWERS = Int32Array.from({ length: PIECE + 1 });
for (let power = 0, value = 1; power <= PIECE; power += 1, value = Math.imul(value, FACTOR)) POWERS[power] = value;

/** At each position, the hash of everything before it. */
function beginningHashes(text: string): Int32Array {
  const hashes = new Int32Array(text.length + 1);
  let hash = 0;
  for (let index = 0; index < text.length; index += 1) {
    hash = (Math.imul(hash, FACTOR) + text.charCodeAt(index) + 1) | 0;
    hashes[index + 1] = hash;
  }
  return hashes;
}

/** The hash of `length` units from `start`, which is what `hashOf` gives for them alone. */
function between(hashes: Int32Array, start: number, length: number): number {
  return ((hashes[start + length] ?? 0) - Math.imul(hashes[start] ?? 0, POWERS[length] ?? 0)) | 0;
}

function hashOf(text: string): number {
  return beginningHashes(text)[text.length] ?? 0;
}

interface Marks {
  mark(hash: number): void;
  /** `false`: surely not marked. */
  has(hash: number): boolean;
}

const MARK_BITS = 22;

function createMarks(): Marks {
  const bits = new Uint8Array(2 ** (MARK_BITS - 3));
  const place = (hash: number): number => Math.imul(hash, 0x9e3779b1) >>> (32 - MARK_BITS);
  return {
    mark(hash) {
      const at = place(hash);
      bits[at >>> 3] = (bits[at >>> 3] ?? 0) | (1 << (at & 7));
    },
    has(hash) {
      const at = place(hash);
      return ((bits[at >>> 3] ?? 0) & (1 << (at & 7))) !== 0;
    },
  };
}
