import type { Place } from "../model/place.ts";
import { formatPlace } from "../model/place.ts";
import type { TargetReport } from "../model/plan.ts";
import { formatRef, type Ref } from "../model/ref.ts";
import { count } from "./count.ts";
import { excerpt } from "./excerpt.ts";
import type { Part } from "./fit.ts";
import { alert, code, prose } from "./markdown.ts";
import { ROUNDS } from "./rounds.ts";

/** One text of a `Warning` header with all objects for which the server said it, each once. */
export interface ServerWarning {
  readonly text: string;
  readonly objects: readonly { readonly ref: Ref; readonly at?: Place }[];
}

/** What the server warned of, each text once, in the order in which it came. */
export function serverWarnings(targets: readonly Pick<TargetReport, "changes">[]): readonly ServerWarning[] {
  const said = targets.flatMap(({ changes }) =>
    changes.flatMap(({ ref, at, warnings }) => warnings.map((text) => ({ text, object: { ref, ...(at && { at }) } }))),
  );
  return [...Map.groupBy(said, ({ text }) => text)].map(([text, entries]) => ({
    text,
    objects: [...new Map(entries.map(({ object }) => [formatRef(object.ref), object])).values()],
  }));
}

/** Of whom a warning tells: the object and its place, or the first of many and how many more there are. */
export function warnedObjects({ objects }: ServerWarning, format: (text: string) => string): string {
  const [first, ...others] = objects;
  if (first === undefined) return "";
  const place = first.at === undefined ? "" : ` (${format(formatPlace(first.at))})`;
  const more = others.length === 0 ? "" : ` and ${count(others.length, "more object")}`;
  return `${format(formatRef(first.ref))}${place}${more}`;
}

const LONGEST = 300;

/** All warnings of a run as one block. */
export function warningPart(targets: readonly Pick<TargetReport, "changes">[]): readonly Part[] {
  const warnings = serverWarnings(targets);
  if (warnings.length === 0) return [];
  const draw = (most: number): string => {
    const items = warnings.slice(0, most).map(itemText);
    const more = warnings.length > most ? [`- and ${warnings.length - most} more`] : [];
    const title = `**⚠ ${count(warnings.length, "warning")} of the server**`;
    return `${alert("WARNING", [title, ...items, ...more])}\n\n`;
  };
  const shorter = [20, 5, 1].filter((most) => most < warnings.length);
  return [
    {
      text: draw(warnings.length),
      shorter: shorter.map((most) => ({ round: ROUNDS.cautions, text: draw(most), shows: "all" as const })),
    },
  ];
}

function itemText(warning: ServerWarning): string {
  const shown = (text: string): string => code(excerpt(text, LONGEST));
  return `- ${prose(excerpt(warning.text, LONGEST))} — ${warnedObjects(warning, shown)}`;
}
