/** Why a text cannot be read, found at an offset of that text. Thrown inside the readers only; `parseManifests` turns it into a Problem. */
export class Fault extends Error {
  /** In UTF-16 units from the start of the text that was read. */
  readonly offset: number;
  readonly remedy: string;

  /** `what` and `remedy` never hold a value of the file: it may be secret. */
  constructor(offset: number, what: string, remedy: string) {
    super(what);
    this.offset = offset;
    this.remedy = remedy;
  }
}
