import type { Sightings } from "../rollout/patience.ts";

const OPEN = "<!-- plumbline:sightings ";
const CLOSE = " -->";

/** The line of a drift check in which a run leaves what the next one has to know. */
export function formatSightings(sightings: Sightings): string {
  return `${OPEN}${JSON.stringify(sightings)}${CLOSE}`;
}

/** Reads that line back; anything else is no sighting, so the worst that a stranger's text can do is to delay a report. */
export function parseSightings(text: string): Sightings {
  const start = text.lastIndexOf(OPEN);
  const end = text.indexOf(CLOSE, start);
  if (start < 0 || end < 0) return {};
  try {
    return sightingsOf(JSON.parse(text.slice(start + OPEN.length, end)) as unknown);
  } catch {
    return {};
  }
}

function sightingsOf(value: unknown): Sightings {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([print, sighting]: [string, unknown]) => {
      if (!/^[0-9a-f]{12}$/.test(print) || typeof sighting !== "object" || sighting === null) return [];
      const { first, count } = sighting as { readonly first?: unknown; readonly count?: unknown };
      if (typeof first !== "string" || Number.isNaN(Date.parse(first)) || !Number.isSafeInteger(count)) return [];
      return [[print, { first, count: Number(count) }]];
    }),
  );
}
