import type { Change, Drift } from "../model/change.ts";
import { isList, isMap, type Json } from "../model/json.ts";

/** How many values of a change were masked. */
export function countMasked(changes: readonly Change[], drift: readonly Drift[]): number {
  const fields = changes.flatMap(({ fields: all }) => all.flatMap(({ before, after }) => [before, after]));
  const values = [...fields, ...drift.flatMap(({ git, live }) => [git, live])];
  return values.reduce<number>((sum, value) => sum + maskedIn(value as Json | undefined), 0);
}

function maskedIn(value: Json | undefined): number {
  if (isList(value)) return value.reduce<number>((sum, item) => sum + maskedIn(item), 0);
  if (!isMap(value)) return 0;
  if (value["masked"] === true && Object.keys(value).length === 1) return 1;
  return Object.values(value).reduce<number>((sum, item) => sum + maskedIn(item), 0);
}
