import { createHash } from "node:crypto";
import type { Drift } from "../model/change.ts";
import { canonicalJson } from "../model/json.ts";
import { refKey } from "../model/ref.ts";

/** When a difference is worth an issue. */
export interface Patience {
  /** At least this old. */
  readonly afterMilliseconds: number;
  /** Seen in at least this many runs in a row. */
  readonly sightings: number;
  readonly extra: "report" | "issue" | "revert";
}

/** When each difference was first seen, and how often since; keyed by fingerprint. */
export type Sightings = Readonly<Record<string, Sighting>>;

export interface Sighting {
  /** RFC 3339. */
  readonly first: string;
  readonly count: number;
}

export interface Judgement {
  /** Makes the target drifted. */
  readonly counts: readonly Drift[];
  /** Too young, or seen too seldom. */
  readonly waiting: readonly Drift[];
  /** Listed where an issue is open anyway; opens none. */
  readonly listed: readonly Drift[];
  /** What the next run has to know. */
  readonly sightings: Sightings;
}

/** Sorts differences by what they are worth now. Security-relevant ones count at first sight. */
export function judge(drift: readonly Drift[], patience: Patience, before: Sightings, now: Date): Judgement {
  const entries = drift.map((item) => ({ item, print: fingerprint(item) }));
  const sightings = Object.fromEntries(entries.map(({ print }) => [print, nextSighting(before[print], now)]));
  const kinds = entries.map(({ item, print }) => ({ item, kind: kindOf(item, sightings[print], patience, now) }));
  const of = (kind: Kind): readonly Drift[] =>
    kinds.filter((entry) => entry.kind === kind).map(({ item }) => ({ ...item, counts: kind === "counts" }));
  return { counts: of("counts"), waiting: of("waiting"), listed: of("listed"), sightings };
}

type Kind = "counts" | "waiting" | "listed";

function kindOf(item: Drift, sighting: Sighting | undefined, patience: Patience, now: Date): Kind {
  if (item.security) return "counts";
  if (item.class === "extra" && patience.extra === "report") return "listed";
  const since = Date.parse(item.by?.time ?? sighting?.first ?? now.toISOString());
  const isOld = now.getTime() - since >= patience.afterMilliseconds;
  return isOld && (sighting?.count ?? 1) >= patience.sightings ? "counts" : "waiting";
}

function nextSighting(before: Sighting | undefined, now: Date): Sighting {
  return before === undefined ? { first: now.toISOString(), count: 1 } : { ...before, count: before.count + 1 };
}

/** The same for the same difference in every run: object, class and path. A value that changes at every run is no new difference. */
function fingerprint({ ref, class: kind, path }: Drift): string {
  const text = canonicalJson([refKey(ref), kind, path]);
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
