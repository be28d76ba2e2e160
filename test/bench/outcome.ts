/** Whether a goal is met. */
export interface Verdict {
  /** `G1` */
  readonly goal: string;
  /** What was compared, what came out, and what the goal is. */
  readonly text: string;
  readonly met: boolean;
  /** True where a table of the outcome says the same. */
  readonly isInTable?: boolean;
}

/** Rows of cells; the first row names the columns. */
export type Table = readonly (readonly string[])[];

/** What a part of the bench found, as it is printed. */
export interface Outcome {
  readonly title: string;
  readonly tables: readonly Table[];
  /** Lines below the tables. */
  readonly notes: readonly string[];
  readonly verdicts: readonly Verdict[];
  /** The same in numbers. */
  readonly figures: unknown;
}

/** The text of an outcome, and last the verdicts that its tables do not tell. */
export function outcomeText({ title, tables, notes, verdicts }: Outcome): string {
  return [
    "",
    title,
    ...tables.flatMap((table) => [...tableLines(table), ""]),
    ...notes.map((note) => `  ${note}`),
    ...verdicts.filter(({ isInTable }) => isInTable !== true).map((verdict) => `  ${verdictLine(verdict)}`),
    "",
  ].join("\n");
}

/** `G1 MISSED  what came out; what the goal is` */
export function verdictLine({ goal, text, met }: Verdict): string {
  return `${goal} ${met ? "met   " : "MISSED"}  ${text}`;
}

/** Columns side by side, numbers to the right. */
function tableLines(table: Table): readonly string[] {
  const [names = [], ...rows] = table;
  const cellsOf = (column: number): readonly string[] => rows.map((row) => row[column] ?? "");
  const widths = names.map((name, column) => Math.max(name.length, ...cellsOf(column).map((cell) => cell.length)));
  const isRight = names.map((_, column) => cellsOf(column).every((cell) => /^(?:[\d.,]+(?: x)?)?$/.test(cell)));
  return table.map((row) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return isRight[column] ? cell.padStart(width) : cell.padEnd(width);
    });
    return `  ${cells.join("  ")}`.trimEnd();
  });
}
