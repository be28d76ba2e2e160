import type { Place } from "../model/place.ts";

/** Turns offsets of a text into places. It counts on from the last one, so ask in the order of the text. */
export class Lines {
  readonly #text: string;
  readonly #file: string;
  #line = 1;
  #start = 0;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  /** An offset beyond the text means its end. */
  placeOf(position: number): Place {
    const offset = Math.min(position, this.#text.length);
    if (offset < this.#start) {
      this.#line = 1;
      this.#start = 0;
    }
    let end = this.#text.indexOf("\n", this.#start);
    while (end >= 0 && end < offset) {
      this.#line += 1;
      this.#start = end + 1;
      end = this.#text.indexOf("\n", this.#start);
    }
    return { file: this.#file, line: this.#line, column: offset - this.#start + 1 };
  }
}
