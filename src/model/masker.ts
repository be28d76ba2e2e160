/** Knows secret values and makes them unreadable in any text. */
export interface Masker {
  /** Every later text loses this value, also in its base64 and URL encodings. Values shorter than 8 characters are ignored: masking `true` would ruin every text. */
  learn(secret: string): void;
  text(text: string): string;
}
