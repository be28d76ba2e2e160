import { count } from "./count.ts";

/** `2026-11-20 10:00 UTC`; a text that is no time is never repeated. */
export function momentText(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return "at an unknown time";
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

const UNITS: readonly (readonly [seconds: number, noun: string])[] = [
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
  [1, "second"],
];

/** How long before `now` a time was: `38 minutes ago`; empty when either is no time. */
export function ageText(time: string, now: string): string {
  const seconds = Math.floor((Date.parse(now) - Date.parse(time)) / 1000);
  if (Number.isNaN(seconds)) return "";
  const unit = UNITS.find(([size]) => seconds >= size);
  return unit === undefined ? "just now" : `${count(Math.floor(seconds / unit[0]), unit[1])} ago`;
}

/** `1.2 s`, `3 m 20 s` */
export function durationText(milliseconds: number): string {
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
}
