import type { Masker } from "../model/masker.ts";

const MASK = "«masked»";
const SHORTEST = 8;

// Shapes that are secret wherever they stand, even when nobody taught us the value.
const SHAPES: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g,
  // The first part ends before the next possible start: a text of nothing but starts is read once, not once for each. It has
  // a limit because each character of it costs the engine's stack.
  /\beyJ(?:[A-Za-z0-9_]|-(?!eyJ)){8,8192}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  /\b(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{20,}\b/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}\b/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  /\bAKIA[A-Z0-9]{16}\b/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
];

// The scheme is not looked for: in a long text of dots it would be sought from every one of them.
const USERINFO = /(:\/\/[^\s/:@]*:)[^\s/@]+@/g;

/** A masker that starts knowing only shapes; it learns values as they are met. */
export function createMasker(): Masker {
  const known = new Set<string>();
  // Longest first: a value that contains another must not be left half readable.
  let ordered: readonly string[] = [];
  return {
    learn(secret) {
      const fresh = spellings(secret).filter((text) => isWorthHiding(text) && !known.has(text));
      if (fresh.length === 0) return;
      for (const text of fresh) known.add(text);
      ordered = [...known].toSorted((a, b) => b.length - a.length);
    },
    text(text) {
      const unknown = SHAPES.reduce((rest, shape) => rest.replace(shape, MASK), text).replace(USERINFO, `$1${MASK}@`);
      return ordered.reduce((rest, secret) => rest.replaceAll(secret, MASK), unknown);
    },
  };
}

// Many Secrets hold words such as `postgres`; hiding those in every text would make reports unreadable and protect nothing.
const PLAIN_WORDS = /^[A-Za-z][a-z]*(?:[ ._-][A-Za-z][a-z]*)*$/;

function isWorthHiding(text: string): boolean {
  return text.length >= SHORTEST && !(text.length < 20 && PLAIN_WORDS.test(text));
}

/** The ways a value turns up in texts: as it is, line by line, in base64 with and without padding, URL-safe, hex, JSON and URL escaped. */
function spellings(secret: string): readonly string[] {
  const trimmed = secret.trim();
  const bytes = Buffer.from(secret, "utf8");
  const base64 = bytes.toString("base64");
  return [
    secret,
    trimmed,
    ...trimmed.split(/\r?\n/).map((line) => line.trim()),
    base64,
    base64.replace(/=+$/, ""),
    Buffer.from(base64, "utf8").toString("base64"),
    bytes.toString("base64url"),
    bytes.toString("hex"),
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
  ];
}
