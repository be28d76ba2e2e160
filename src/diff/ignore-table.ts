import { IGNORE_MARKS, type IgnoreEffect, type IgnoreMark } from "./ignore-marks.ts";

/** A Markdown table of all marks by which an object asks to be left alone. */
export function formatIgnoreTable(): string {
  const rows = IGNORE_MARKS.map((mark) => `| ${[mark.tool, written(mark), MEANINGS[mark.effect]].join(" | ")} |`);
  return ["| tool | annotation | what it does |", "| --- | --- | --- |", ...rows].join("\n");
}

function written({ key, repeated, example, value, label }: IgnoreMark): string {
  const text = value === undefined && example === "" ? `\`${key}\`` : `\`${key}: ${example}\``;
  const more = [repeated === true && `\`${key}-...\` as well`, label === true && "also as a label"].filter(Boolean);
  return more.length === 0 ? text : `${text} (${more.join(", ")})`;
}

const MEANINGS: Readonly<Record<IgnoreEffect, string>> = {
  whole: "The object is left alone: not created, changed or deleted.",
  "if-absent": "The object is created where it is missing, and then left alone.",
  paths: "These fields are left alone once the object exists.",
  "others-stay": "Fields that other tools left in the object stay when it is taken over.",
  drift: "Drift of the object does not count.",
  orphan: "It is no drift that the object left Git.",
};
