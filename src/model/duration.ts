/** A span of time as people write it: `90s`, `5m`, `1h30m`, `7d`; the largest unit first, each at most once. */
export type Duration = string;

export const DURATION = /^(?=\d)(\d{1,3}d)?(\d{1,4}h)?(\d{1,5}m)?(\d{1,6}s)?$/;

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;

/** `undefined` for a text that is not a duration. */
export function parseDuration(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  return [...text.matchAll(/(\d+)([dhms])/g)].reduce((sum, [, amount, unit]) => sum + Number(amount) * unitOf(unit), 0);
}

/** The milliseconds of a duration that has been checked; throws RangeError for any other text. */
export function toMilliseconds(duration: Duration): number {
  const milliseconds = parseDuration(duration);
  if (milliseconds === undefined) throw new RangeError(`${JSON.stringify(duration)} is not a duration`);
  return milliseconds;
}

function unitOf(unit: string | undefined): number {
  return UNITS[unit as keyof typeof UNITS];
}
