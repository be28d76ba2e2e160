export const TAB = 0x09;
export const SPACE = 0x20;
const LF = 0x0a;
const CR = 0x0d;
const END = 0;

/**
 * A position in a text of which it knows line and column. The last line always ends with a break, as kubectl's line reader
 * has it; past it there is code 0, which no manifest may hold.
 */
export class Cursor {
  readonly text: string;
  readonly length: number;
  position = 0;
  line = 0;
  lineStart = 0;

  constructor(text: string) {
    const closed = text.endsWith("\n") ? text : `${text}\n`;
    this.text = `${closed}\0`;
    this.length = closed.length;
  }

  get column(): number {
    return this.position - this.lineStart;
  }

  code(ahead = 0): number {
    return this.text.charCodeAt(this.position + ahead);
  }

  atEnd(): boolean {
    return this.position >= this.length;
  }

  /** Steps over one line break, however it is written. */
  skipBreak(): void {
    this.position += this.code() === CR && this.code(1) === LF ? 2 : 1;
    this.line += 1;
    this.lineStart = this.position;
  }

  skipToBreak(): void {
    while (!isBreakOrEnd(this.code())) this.position += 1;
  }
}

export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

export function isBreak(code: number): boolean {
  return code === LF || code === CR;
}

export function isBreakOrEnd(code: number): boolean {
  return code === LF || code === CR || code === END;
}

export function isBlankOrEnd(code: number): boolean {
  return code === SPACE || code === TAB || code === LF || code === CR || code === END;
}
