import { formatTarget, type Target } from "../model/target.ts";
import { code } from "./markdown.ts";

const NAMED = 4;

/** `production/web`, `staging/web` and 3 more, as Markdown. */
export function targetNames(targets: readonly Target[]): string {
  const names = targets.map((target) => code(formatTarget(target)));
  if (names.length > NAMED + 1) return `${names.slice(0, NAMED).join(", ")} and ${names.length - NAMED} more`;
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
