import type { Certainty } from "../../src/model/change.ts";
import type { Mismatch } from "./mismatch.ts";
import type { Findings } from "./run.ts";

const HIT_RATE = 0.95;
const MOST_SHOWN = 20;

/** The findings as people read them, and the bars that were missed. */
export function reportOf(findings: Findings): { readonly text: string; readonly missed: readonly string[] } {
  const { proofs, unusable, kubectl } = findings;
  const mismatches = findings.verdicts.flatMap((verdict) => verdict.mismatches);
  const hits = proofs.inSync - proofs.doubts.length;
  const kubectlAlone = kubectl.filter((finding) => finding.kubectlAlone.length > 0);
  const bars: readonly (readonly [string, boolean])[] = [
    [`mismatches of certainty server: ${count(mismatches, "server")} (bar 0)`, count(mismatches, "server") === 0],
    [
      `contradictions of the prover: ${proofs.contradictions.length} of ${proofs.shadowed} proven (bar 0)`,
      proofs.contradictions.length === 0,
    ],
    [
      `in sync and proven: ${hits} of ${proofs.inSync}, ${percent(hits, proofs.inSync)} (bar 95 %)`,
      hits >= HIT_RATE * proofs.inSync,
    ],
    [`seen by kubectl diff alone: ${kubectlAlone.length} cases (bar 0)`, kubectlAlone.length === 0],
    [`unusable cases: ${unusable.length} (bar 0)`, unusable.length === 0],
  ];
  const lines = [
    ...mismatchLines(mismatches),
    ...proofs.contradictions.map(
      ({ one, when, got }) => `CONTRADICTED ${one.id} (${when}, ${one.edit}, ${one.mutation}): ${got}`,
    ),
    ...kubectlAlone.map(
      ({ one, kubectlAlone: places }) =>
        `KUBECTL ALONE ${one.id} (${one.start}, ${one.edit}, ${one.mutation}): ${places.join(", ")}`,
    ),
    ...unusable.map(({ one, because }) => `UNUSABLE ${one.id} (${one.start}): ${because.trim().slice(0, 400)}`),
    ...doubtLines(findings),
    ...countLines(findings, mismatches),
    "",
    ...bars.map(([text, isMet]) => `${isMet ? "met   " : "MISSED"} ${text}`),
  ];
  const missed = bars.flatMap(([text, isMet]) => (isMet ? [] : [text]));
  return { text: lines.join("\n"), missed };
}

function count(mismatches: readonly Mismatch[], certainty: Certainty): number {
  return mismatches.filter((mismatch) => mismatch.certainty === certainty).length;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "none" : `${((100 * part) / whole).toFixed(1)} %`;
}

/** Each class shows its first few: one fault of the product makes many mismatches. */
function mismatchLines(mismatches: readonly Mismatch[]): readonly string[] {
  return [...Map.groupBy(mismatches, ({ class: kind }) => kind).values()].flatMap((all) => {
    const shown = all
      .slice(0, MOST_SHOWN)
      .flatMap(({ one, class: kind, certainty, expected, got }) => [
        `MISMATCH ${kind} (${certainty}) ${one.id}: ${one.start}, ${one.edit}, ${one.mutation}`,
        `  expected ${expected}`,
        `  got      ${got}`,
      ]);
    return all.length > MOST_SHOWN ? [...shown, `and ${all.length - MOST_SHOWN} more of this class`] : shown;
  });
}

function doubtLines({ proofs }: Findings): readonly string[] {
  const lines = proofs.doubts.slice(0, MOST_SHOWN).map(({ one, because }) => `  ${one.id}: ${because}`);
  return lines.length === 0 ? [] : ["", "in sync, but not proven", ...lines];
}

function countLines({ verdicts, kubectl, milliseconds }: Findings, mismatches: readonly Mismatch[]): readonly string[] {
  const ones = verdicts.map(({ one }) => one);
  const oursAlone = kubectl.filter((finding) => finding.oursAlone.length > 0);
  const why = ({ one }: (typeof kubectl)[number]): string => (one.start === "ours" ? one.edit : `start: ${one.start}`);
  return [
    "",
    ...table(
      "mismatches",
      mismatches.map(({ class: kind, certainty }) => `${kind} (${certainty})`),
    ),
    ...table("seen by us alone, cases by what went before", oursAlone.map(why)),
    ...table(
      "said by kubectl alone, and not so, cases by what went before",
      kubectl.filter((finding) => finding.kubectlErrs.length > 0).map(why),
    ),
    ...table(
      "kinds",
      ones.map(({ recipe }) => recipe.kind),
    ),
    ...table(
      "mutations",
      ones.map(({ mutation }) => mutation),
    ),
    ...table(
      "edits before",
      ones.map(({ edit }) => edit),
    ),
    ...table(
      "starts",
      ones.map(({ start }) => start),
    ),
    ...table(
      "deeds",
      verdicts.map(({ deed }) => deed),
    ),
    `${verdicts.length} cases in ${Math.round(milliseconds / 1000)} s`,
  ];
}

/** `mutations: rewrite 12, respell 3`, the most frequent first. */
function table(title: string, names: readonly string[]): readonly string[] {
  const counts = Map.groupBy(names, (name) => name);
  const sorted = [...counts].map(([name, all]) => ({ name, size: all.length })).toSorted((a, b) => b.size - a.size);
  if (sorted.length === 0) return [`${title}: none`];
  return [`${title} (${sorted.length}): ${sorted.map(({ name, size }) => `${name} ${size}`).join(", ")}`];
}
