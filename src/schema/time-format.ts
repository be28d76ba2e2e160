/** `2026-11-20`, a day that exists. */
export function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = match.slice(1).map(Number);
  return (
    month !== undefined && month >= 1 && month <= 12 && day !== undefined && day >= 1 && day <= daysOf(year, month)
  );
}

function daysOf(year = 0, month = 1): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 0);
  return date.getUTCDate();
}

/** RFC 3339 as loosely as the server reads it: whatever follows a second `T` is not looked at. */
export function isDateTime(text: string): boolean {
  const [date = "", time] = text.toLowerCase().split("t", 2);
  if (time === undefined || !isDate(date)) return false;
  const match = /^(\d{2}):(\d{2}):(\d{2})(?:.\d+)?(?:z|[+-]\d{2}:\d{2})$/.exec(time);
  if (match === null) return false;
  const [, hour = "", minute = "", second = ""] = match;
  return hour <= "23" && minute <= "59" && second <= "59";
}

const GO_DURATION = /^[-+]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
// Digits, white space and letters as RE2 means them; taken apart piece by piece so that no text makes it slow.
const PIECES = /(\d+)|([\t\n\f\r ]+)|([A-Za-zµ]+)|[^]/g;
const UNITS = ["ns", "us", "µs", "ms", "s", "m", "h", "hr", "d", "w", "wk"];
const UNIT_BEGINNINGS = ["nano", "micro", "milli", "sec", "min", "hour", "day", "week"];

/** `1h30m` as Go reads it, or any text that holds a number with a unit: `about 5 minutes`. */
export function isDuration(text: string): boolean {
  if (GO_DURATION.test(text)) return true;
  let found = false;
  let number: string | undefined;
  for (const [piece, digits, space, letters] of text.matchAll(PIECES)) {
    if (letters !== undefined && number !== undefined) {
      if (BigInt(number.slice(0, 20)) > MOST) return false;
      found ||= isUnit(piece.toLowerCase());
    }
    number = digits ?? (space === undefined ? undefined : number);
  }
  return found;
}

const MOST = 2n ** 63n - 1n;

function isUnit(word: string): boolean {
  return UNITS.includes(word) || UNIT_BEGINNINGS.some((beginning) => word.startsWith(beginning));
}
