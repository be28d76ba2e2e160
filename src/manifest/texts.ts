import { isList, isMap, type Json } from "../model/json.ts";
import type { Path } from "./composition.ts";

export interface TextField {
  readonly path: Path;
  readonly text: string;
}

/** All text values below `value` that `wanted` accepts, in the order of the document. */
export function findTexts(value: Json, wanted: (text: string) => boolean): readonly TextField[] {
  const found: TextField[] = [];
  const path: (string | number)[] = [];
  const visit = (one: Json | undefined): void => {
    if (typeof one === "string") {
      if (wanted(one)) found.push({ path: [...path], text: one });
    } else if (isList(one)) {
      one.forEach((item, index) => enter(index, item));
    } else if (isMap(one)) {
      for (const key of Object.keys(one)) enter(key, one[key]);
    }
  };
  const enter = (step: string | number, one: Json | undefined): void => {
    path.push(step);
    visit(one);
    path.pop();
  };
  visit(value);
  return found;
}

/** `a`, `b` and 3 more. */
export function listSome(items: readonly string[], shown = 3): string {
  const more = items.length - shown;
  return more > 0 ? `${items.slice(0, shown).join(", ")} and ${more} more` : items.join(", ");
}
