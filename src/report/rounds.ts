/** What gives way first when a text is too long. Title, totals, blockers and the table of targets stay longest. */
export const ROUNDS = {
  context: 1,
  longTables: 2,
  bodies: 3,
  cautions: 4,
  names: 5,
  tables: 6,
  deletions: 7,
  blockers: 8,
  targets: 9,
} as const;
