import { createHash } from "node:crypto";
import * as z from "zod";
import type { Drift } from "../model/change.ts";
import { refKey } from "../model/ref.ts";
import { count } from "./count.ts";
import { embed, embedded } from "./embedded.ts";

const NAME = "drift";
const MOST_EVENTS = 20;
const MOST_SEEN = 500;

/** What an issue remembers between runs. */
export interface DriftHistory {
  /** When each difference was first seen, by its id; RFC 3339. */
  readonly firstSeen: Readonly<Record<string, string>>;
  readonly events: readonly DriftEvent[];
  /** The last run that saw a difference. */
  readonly lastSeen?: string;
}

/** A run that found another set of differences than the one before. */
export interface DriftEvent {
  readonly time: string;
  readonly differences: number;
  readonly appeared: number;
  readonly gone: number;
}

const EMPTY: DriftHistory = { firstSeen: {}, events: [] };

const time = z.iso.datetime({ offset: true });
const number = z.int().min(0);

const schema = z.object({
  version: z.literal(1),
  firstSeen: z.record(z.string().regex(/^[0-9a-f]{12}$/), time),
  events: z.array(z.object({ time, differences: number, appeared: number, gone: number })).max(MOST_EVENTS),
  lastSeen: time.optional(),
});

/** The history at the end of an issue's body; an empty one when there is none, or when somebody broke it. */
export function parseDriftHistory(body: string): DriftHistory {
  const parsed = schema.safeParse(embedded(NAME, body));
  if (!parsed.success) return EMPTY;
  const { firstSeen, events, lastSeen } = parsed.data;
  return { firstSeen, events, ...(lastSeen !== undefined && { lastSeen }) };
}

export function formatDriftHistory({ firstSeen, events, lastSeen }: DriftHistory): string {
  const kept = events.map(({ time, differences, appeared, gone }) => ({ time, differences, appeared, gone }));
  return embed(NAME, { version: 1, firstSeen, events: kept, ...(lastSeen !== undefined && { lastSeen }) });
}

/** The history after a run that found these differences. */
export function withSighting(history: DriftHistory, drift: readonly Drift[], now: string): DriftHistory {
  const ids = drift.map(driftId).slice(0, MOST_SEEN);
  const appeared = ids.filter((id) => history.firstSeen[id] === undefined);
  const gone = Object.keys(history.firstSeen).filter((id) => !ids.includes(id));
  const event: DriftEvent = { time: now, differences: drift.length, appeared: appeared.length, gone: gone.length };
  const changed = appeared.length > 0 || gone.length > 0;
  const lastSeen = drift.length > 0 ? now : history.lastSeen;
  return {
    firstSeen: Object.fromEntries(ids.toSorted().map((id) => [id, history.firstSeen[id] ?? now])),
    events: changed ? [...history.events, event].slice(-MOST_EVENTS) : history.events,
    ...(lastSeen !== undefined && { lastSeen }),
  };
}

/** Names a difference without telling it: 12 hex digits over object, class and path. */
export function driftId({ ref, class: kind, path }: Drift): string {
  return createHash("sha256")
    .update(JSON.stringify([refKey(ref), kind, path]))
    .digest("hex")
    .slice(0, 12);
}

/** `2 differences: 1 new, 1 gone` */
export function eventText({ differences, appeared, gone }: DriftEvent): string {
  const parts = [...(appeared > 0 ? [`${appeared} new`] : []), ...(gone > 0 ? [`${gone} gone`] : [])];
  const total = differences === 0 ? "settled" : count(differences, "difference");
  return `${total}: ${parts.join(", ")}`;
}
