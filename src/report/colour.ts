/** Marks a part of a text for a terminal. */
export interface Paint {
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

const ESCAPE = String.fromCharCode(27);

function painted(number: number): (text: string) => string {
  return (text) => `${ESCAPE}[${number}m${text}${ESCAPE}[0m`;
}

export const COLOURS: Paint = {
  red: painted(31),
  green: painted(32),
  yellow: painted(33),
  cyan: painted(36),
  bold: painted(1),
  dim: painted(2),
};

/** For files, pipes and `NO_COLOR`. */
export const NO_COLOURS: Paint = {
  red: (text) => text,
  green: (text) => text,
  yellow: (text) => text,
  cyan: (text) => text,
  bold: (text) => text,
  dim: (text) => text,
};
